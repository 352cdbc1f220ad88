"""What staff did, appended to the audit log in the transaction that did it.

A module of its own: rooms that respondents' pages stand on write to the log too, and must not
load signing in with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from feedback_app.foundation.db import utc_now
from feedback_app.staff.models import AuditEntry


def record(
    session: Session,
    *,
    by: str,
    act: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Append one act to the audit log.

    `act` reads like "survey.open"; `subject` is an id, slug, code or staff e-mail, never
    anything of a respondent's.
    """
    entry = AuditEntry(at=utc_now(), by=by, act=act, subject=subject, detail=dict(detail or {}))
    session.add(entry)
    session.flush()
