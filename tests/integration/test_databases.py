"""The databases that tests are given: migrated, empty, apart from each other."""

from __future__ import annotations

from sqlalchemy import inspect, text

from feedback_app.foundation.db import Database
from feedback_app.foundation.schema import is_current


def test_database_is_migrated(database: Database) -> None:
    assert is_current(database)


def test_databases_are_apart(database: Database, sqlite_url: str, postgres_url: str) -> None:
    with database.writer.begin() as connection:
        connection.execute(text("CREATE TABLE mark_of_one_test (number INTEGER)"))
    marked = []
    for url in (sqlite_url, postgres_url):
        other = Database(url)
        marked.append(inspect(other.reader).has_table("mark_of_one_test"))
        other.dispose()
    # Within one test the same name means the same database; the other kind stays untouched.
    assert marked == [database.is_sqlite, not database.is_sqlite]
