"""What the worker does for channels."""

from __future__ import annotations

from config import Settings
from feedback_app.ballots import keys
from feedback_app.channels import actions, queries
from feedback_app.foundation.db import Database


def start_missing_batches(database: Database, settings: Settings) -> int:
    """The job that starts a batch behind every slot; looks first, so that it rarely writes."""
    if not keys.is_writable(settings.keys):
        return 0  # the worker beside the keys does it
    with database.reading() as session:
        is_missing = bool(queries.list_missing_batches(session))
    if not is_missing:
        return 0
    with database.writing() as session:
        return actions.start_missing_batches(session, folder=settings.keys)
