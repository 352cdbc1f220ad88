"""Pages of the staff: home, own account, accounts, audit log, first setup."""

from __future__ import annotations

from feedback_app.staff.views import accounts, audit, home, navigation, own_account, welcome
from feedback_app.staff.views.blueprint import blueprint
from feedback_app.staff.views.who import current_email

__all__ = [
    "accounts",
    "audit",
    "blueprint",
    "current_email",
    "home",
    "navigation",
    "own_account",
    "welcome",
]
