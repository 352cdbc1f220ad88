"""The audit log: append-only in the database itself; its page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from feedback_app.foundation.db import Database
from feedback_app.staff import audit, queries
from feedback_app.staff.rules import Role
from tests.factories.staff import add_staff, browser_of

ADMIN = "admin@example.com"


def fill(database: Database, count: int) -> None:
    with database.writing() as session:
        for number in range(count):
            by = "anna@example.com" if number % 2 else "boris@example.com"
            act = "survey.open" if number % 3 else "cause.rename"
            audit.record(session, by=by, act=act, subject=f"s{number}", detail={"n": number})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET act = 'nothing'",
        "UPDATE audit_entry SET act = 'nothing' WHERE id = 1",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE id = 1",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(database, statement: str) -> None:
    fill(database, 3)
    with (
        pytest.raises(DBAPIError, match="append-only"),
        database.writer.begin() as connection,
    ):
        connection.execute(text(statement))
    with database.reading() as session:
        rows = queries.list_audit(session).rows
    assert [row.subject for row in rows] == ["s2", "s1", "s0"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_emptying_the_whole_table_is_refused_too(database: Database) -> None:
    fill(database, 1)
    with (
        pytest.raises(DBAPIError, match="append-only"),
        database.writer.begin() as connection,
    ):
        connection.execute(text("TRUNCATE audit_entry"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_replacing_an_entry_is_refused_too(database: Database) -> None:
    fill(database, 1)
    replace = (
        "REPLACE INTO audit_entry (id, at, by, act, subject, detail) "
        "VALUES (1, '2026-01-01', 'x', 'x', 'x', '{}')"
    )
    with pytest.raises(DBAPIError), database.writer.begin() as connection:
        connection.execute(text(replace))
    with database.reading() as session:
        assert queries.list_audit(session).rows[0].subject == "s0"


def test_pages_meet_and_filters_narrow(database: Database) -> None:
    fill(database, 120)
    with database.reading() as session:
        first = queries.list_audit(session)
        second = queries.list_audit(session, before=first.rows[-1].id)
        third = queries.list_audit(session, before=second.rows[-1].id)
        back = queries.list_audit(session, after=second.rows[0].id)
        narrow = queries.list_audit(session, by="anna@example.com", act="cause.rename")
    subjects = [row.subject for page in (first, second, third) for row in page.rows]
    assert subjects == [f"s{number}" for number in reversed(range(120))]
    assert (first.has_newer, first.has_older) == (False, True)
    assert (third.has_newer, third.has_older) == (True, False)
    assert back.rows == first.rows
    assert (back.has_newer, back.has_older) == (False, True)
    assert {row.subject for row in narrow.rows} == {
        f"s{number}" for number in range(120) if number % 2 and number % 3 == 0
    }


def test_the_page(app: Flask, database: Database, valid_html) -> None:
    fill(database, 60)
    with database.writing() as session:
        audit.record(session, by=ADMIN, act="survey.open", subject="<script>alert(1)</script>")
    add_staff(database, ADMIN, Role.ADMIN)
    browser = browser_of(app, ADMIN)
    page = browser.get("/staff/audit")
    valid_html(page.text)
    assert "<script>alert(1)" not in page.text
    older = unescape(re.search(r'rel="next" href="([^"]+)"', page.text)[1])  # type: ignore[index]
    last = browser.get(older)
    valid_html(last.text)
    assert ">s0" in last.text
    assert browser.get("/staff/audit?act=cause.rename").text.count("<code>") == 20
    assert browser.get("/staff/audit?before=nonsense").status_code == 200
    assert "Nothing here yet" in browser.get("/staff/audit?by=nobody").text
