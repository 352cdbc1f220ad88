"""Who is signed in."""

from __future__ import annotations

from flask_login import current_user


def current_email() -> str:
    """The e-mail of who is signed in, as the audit log names them; "" for a stranger."""
    return str(current_user.email) if current_user.is_authenticated else ""


def current_id() -> int:
    """The id of who is signed in; only for pages that strangers can not reach."""
    return int(current_user.id)
