"""Setting up a fresh installation: whoever reads the server's terminal may make the first account.

A one-time code in HOME/setup-code, which only the server's owner can read, stands in the
address that `feedback serve` prints. It serves until the first real account exists.
"""

from __future__ import annotations

import hmac
import os
import secrets

from config import Settings
from feedback_app.foundation.db import Database
from feedback_app.staff import queries

FILE_NAME = "setup-code"


def ensure_code(settings: Settings, database: Database) -> str | None:
    """The code, made and kept (mode 600) when there is none; None once an account exists."""
    with database.reading() as session:
        is_set_up = queries.has_account(session, is_demo_counted=False)
    if is_set_up:
        forget_code(settings)
        return None
    path = settings.home / FILE_NAME
    try:
        # "x": of two servers that start at once only one makes the file.
        with open(path, "x", encoding="ascii", opener=_private) as file:
            file.write(secrets.token_urlsafe(24))
    except FileExistsError:
        pass
    return find_code(settings)


def find_code(settings: Settings) -> str | None:
    """The code that is kept, None without one."""
    try:
        text = (settings.home / FILE_NAME).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text or None


def is_right_code(settings: Settings, given: str) -> bool:
    """True when `given` is the code; takes the same time however wrong it is."""
    kept = find_code(settings)
    return kept is not None and hmac.compare_digest(kept.encode(), given.encode())


def forget_code(settings: Settings) -> None:
    """Remove the code: it has served, or it is no longer wanted."""
    (settings.home / FILE_NAME).unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
