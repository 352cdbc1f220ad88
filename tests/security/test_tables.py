"""Anonymity as executable law: what the tables may not even be able to say."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import ColumnDefault, Date, DateTime, Integer, Table, Time, Uuid, inspect, text

from feedback_app.foundation.db import Base, Database
from feedback_app.models import TABLES

#: Tables of which a row stands for one person or one person's answer.
PERSONAL = (
    *("answer", "box", "contact", "contact_slip"),
    *("invitation", "spent_form_token", "statement"),
)
#: What an answer and an invitation may both point at: it says nothing of a person.
SHARED = {"survey", "survey_version"}
WATCHING = re.compile(r"time|_at$|agent|browser|device|referr|cookie|session|number|order|position")
ADDRESS = re.compile(r"(^|_)ip(_|$)|addr|email|phone|host")
#: Dates that are the same for a whole crowd, month or wave; never the day of an answer.
CROWD_DATES = {
    "answer.opened_on",
    "contact.opened_on",
    "spent_form_token.purge_on",
    "invitation.expires_on",
    "invitation.sent_on",
}
#: What a column may be filled with by the database: the same for every row.
CONSTANT = re.compile(r"'?\d+'?|\(?(true|false)\)?|''(::character varying)?", re.IGNORECASE)


def named(name: str) -> Table:
    return Base.metadata.tables[name]


def linked(start: str) -> set[str]:
    """Tables that can be reached from `start` by foreign keys, in either direction.

    The walk stops at SHARED.
    """
    neighbours: dict[str, set[str]] = {table.name: set() for table in TABLES}
    for table in TABLES:
        for key in table.foreign_keys:
            neighbours[table.name].add(key.column.table.name)
            neighbours[key.column.table.name].add(table.name)
    seen, waiting = {start}, [start]
    while waiting:
        for each in neighbours[waiting.pop()] - seen - SHARED:
            seen.add(each)
            waiting.append(each)
    return seen


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("answer", "invitation"),
        ("answer", "customer"),
        ("statement", "invitation"),
        ("statement", "customer"),
        ("answer", "box"),
        ("answer", "batch"),
        ("answer", "spent_form_token"),
        ("invitation", "box"),
        ("invitation", "spent_form_token"),
        ("contact", "answer"),
        ("contact", "box"),
        ("contact", "contact_slip"),
        ("contact", "invitation"),
        ("contact_slip", "answer"),
        ("contact_slip", "invitation"),
    ],
)
def test_no_foreign_keys_lead_from_one_to_the_other(one: str, other: str) -> None:
    assert other not in linked(one)


def test_the_walk_finds_links_that_there_are() -> None:
    assert "batch" in linked("box")
    assert "named_respondent" in linked("answer")


PERSONAL_COLUMNS = [(name, column.name) for name in PERSONAL for column in named(name).columns]


@pytest.mark.parametrize(("table", "column"), PERSONAL_COLUMNS)
def test_no_column_holds_a_time_an_address_or_a_sequence(table: str, column: str) -> None:
    kind = named(table).columns[column].type
    assert not isinstance(kind, (DateTime, Time))
    assert not isinstance(kind, Date) or f"{table}.{column}" in CROWD_DATES
    assert not WATCHING.search(column)
    assert not ADDRESS.search(column)


@pytest.mark.parametrize("table", PERSONAL)
def test_keys_are_random_and_nothing_counts_up(table: str) -> None:
    (key,) = named(table).primary_key.columns
    assert not isinstance(key.type, Integer)
    if isinstance(key.type, Uuid):
        assert isinstance(key.default, ColumnDefault)
        made = [key.default.arg(None) for _ in range(20)]
        assert {each.version for each in made} == {4}
        assert len(set(made)) == len(made)
    assert all(column.identity is None for column in named(table).columns)


@pytest.mark.parametrize("table", PERSONAL)
def test_a_box_holds_an_identifier_a_batch_and_ciphertext(table: str) -> None:
    allowed = {
        "box": {"id", "batch_id", "ciphertext"},
        "contact_slip": {"id", "batch_id", "ciphertext"},
        "spent_form_token": {"token_hash", "purge_on"},
    }
    if table in allowed:
        assert {column.name for column in named(table).columns} == allowed[table]


def test_the_database_made_by_the_migrations_obeys_too(database: Database) -> None:
    with database.reader.connect() as connection:
        for name in PERSONAL:
            if database.is_sqlite:
                made = str(
                    connection.scalar(
                        text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name}
                    )
                )
                assert made.rstrip().upper().endswith("WITHOUT ROWID")
            for column in inspect(connection).get_columns(name):
                filled = column.get("default")
                assert filled is None or CONSTANT.fullmatch(str(filled)), column
                assert not column.get("identity")
                assert not column.get("autoincrement") or database.is_sqlite


def test_the_locks_of_anonymity_are_in_the_database(database: Database) -> None:
    """A later migration that makes a table anew on SQLite would drop its triggers."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    )
    with database.reader.connect() as connection:
        found = {row[0] for row in connection.execute(text(query))}
    assert {"survey_keeps_anonymity", "named_respondent_keeps_anonymity"} <= found
