"""Tables of staff: the audit log, which every room writes to, and apart from it the accounts.

Accounts stand on Flask-Security. The respondents' side writes to the log and must never load
that, so this file does not gather them: `from feedback_app.staff.models.accounts import …`.
"""

from __future__ import annotations

from feedback_app.staff.models.audit import AuditEntry

__all__ = ["AuditEntry"]
