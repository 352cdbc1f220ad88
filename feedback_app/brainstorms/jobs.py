"""What the worker does for sessions: no key outlives its session."""

from __future__ import annotations

from config import Settings
from feedback_app.brainstorms import queries, seats
from feedback_app.foundation.db import Database


def destroy_spent_keys(database: Database, settings: Settings) -> int:
    """Destroy keys of ended sessions that a killed page server left behind; how many.

    On SQLite the write-ahead log is emptied too: it still holds what the end has deleted.
    """
    folder = settings.home / seats.FOLDER
    left = seats.list_keys(folder)
    if not left:
        return 0
    with database.reading() as session:
        ended = set(queries.list_ended(session))
    for brainstorm_id in left & ended:
        seats.destroy_key(folder, brainstorm_id)
    if left & ended:
        database.forget_old_pages()
    return len(left & ended)
