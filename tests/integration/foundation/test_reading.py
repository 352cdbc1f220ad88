"""Who only reads can not write, on either database."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from feedback_app.foundation.db import Database


@pytest.mark.parametrize(
    "statement", ["DELETE FROM box", "INSERT INTO spent_form_token VALUES ('x', '2026-01-01')"]
)
def test_reading_sessions_can_not_write(database: Database, statement: str) -> None:
    for opened in (database.reading, database.reports):
        for _ in range(2):
            with opened() as session, pytest.raises(DBAPIError, match=r"read-?only"):
                session.execute(text(statement))
