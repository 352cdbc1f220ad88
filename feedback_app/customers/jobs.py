"""What the worker does for this room."""

from __future__ import annotations

from config import Settings
from feedback_app.customers import uploads
from feedback_app.foundation.db import Database


def remove_old_uploads(_database: Database, settings: Settings) -> int:
    """Delete lists that were sent and never finished; how many files."""
    return uploads.remove_old(settings.home)
