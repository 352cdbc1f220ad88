"""The home page, the menu, the frame, and the error pages."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from flask import Flask, render_template
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from feedback_app.foundation import next_steps
from feedback_app.foundation.db import Database
from feedback_app.foundation.next_steps import NextStep
from feedback_app.foundation.rules import Permission
from feedback_app.staff.rules import Role
from tests.factories.staff import add_staff, browser_of

EMAIL = "anna@example.com"
#: Statements that the frame itself may cost: one to know who asks.
BUDGET = 1
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def bare_home(app: Flask) -> Flask:
    """The application with no room telling next steps."""
    app.extensions["feedback_next_steps"] = []
    return app


def test_steps_of_all_rooms_stand_in_order(bare_home: Flask, database, valid_html) -> None:
    add_staff(database, EMAIL, Role.MANAGER)

    def later(session: Session, rights: frozenset[Permission]) -> Iterable[NextStep]:
        assert session.scalar(text("SELECT 1")) == 1
        assert Permission.READ_REPORTS in rights
        return [NextStep("Read the report", "/reports", 20, detail="Ready since today")]

    def sooner(_session: Session, _rights: frozenset[Permission]) -> Iterable[NextStep]:
        yield NextStep("Share <the> address", "/s/x", 10, action="Copy", progress=(3, 10))
        yield NextStep("Look at the demo", "/demo", 30, is_demo=True)

    next_steps.register(bare_home, later)
    next_steps.register(bare_home, sooner)
    page = browser_of(bare_home, EMAIL).get("/").text
    valid_html(page)
    places = [page.index(f"<h2>{words}") for words in ("Share &lt;the", "Read the", "Look at")]
    assert places == sorted(places)
    assert 'value="3" max="10"' in page
    assert "3 of 10" in page
    assert "Demo data." in page


@on_sqlite
def test_the_home_page_keeps_its_budget_of_queries(bare_home: Flask, database) -> None:
    add_staff(database, EMAIL, Role.ADMIN)
    browser = browser_of(bare_home, EMAIL)
    own = bare_home.extensions["feedback_database"]
    statements: list[str] = []
    for engine in (own.reader, own.writer):
        event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    browser.get("/")
    asked = [each for each in statements if not each.startswith(("BEGIN", "PRAGMA"))]
    assert len(asked) == BUDGET, asked
    statements.clear()
    for path in ("/static/staff.css", "/bootstrap/static/css/bootstrap.min.css", "/nothing"):
        browser.get(path).close()
    assert statements == []


@on_sqlite
def test_the_menu_shows_what_one_may_open(app: Flask, database: Database) -> None:
    for role, present, absent in (
        (Role.ADMIN, ("/staff/accounts", "/staff/audit", "/staff/surveys"), ()),
        (Role.RESEARCHER, ("/staff/surveys", "/staff/causes"), ("/staff/accounts", "/staff/audit")),
        (Role.FACILITATOR, ('href="/"',), ("/staff/surveys", "/staff/causes", "/staff/accounts")),
    ):
        email = f"{role}@example.com"
        add_staff(database, email, role)
        page = browser_of(app, email).get("/staff/account").text
        for path in present:
            assert path in page, (role, path)
        for path in absent:
            assert f'href="{path}"' not in page, (role, path)


@on_sqlite
def test_the_menu_marks_where_one_is(app: Flask, database: Database) -> None:
    add_staff(database, EMAIL, Role.ADMIN)
    browser = browser_of(app, EMAIL)
    assert browser.get("/staff/accounts").text.count('aria-current="page">Staff') == 2
    page = browser.get("/staff/accounts/new").text
    assert page.count('aria-current="true">Staff') == 2
    assert 'aria-current="page">Home' not in page


@on_sqlite
def test_no_page_has_inline_styles_or_scripts_and_all_is_served_here(app, database) -> None:
    add_staff(database, EMAIL, Role.ADMIN)
    browser = browser_of(app, EMAIL)
    for path in ("/", "/staff/accounts", "/staff/accounts/new", "/staff/audit", "/staff/account"):
        answer = browser.get(path)
        assert " style=" not in answer.text
        assert " onclick=" not in answer.text
        assert "<style" not in answer.text
        assert "//cdn" not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    for path in ("/static/staff.css", "/static/theme.js", "/static/staff.js", "/static/icon.svg"):
        with browser.get(path) as file:
            assert file.status_code == 200
            assert file.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 422, 429, 500, 503])
@pytest.mark.parametrize("layout", ["plain", "respondent"])
def test_every_error_says_what_to_do_next(
    sqlite_app: Flask, valid_html, code: int, layout: str
) -> None:
    with sqlite_app.test_request_context("/nothing"):
        page = render_template(
            "layouts/error.html",
            code=code,
            detail="One <line>.",
            layout=f"layouts/{layout}.html",
        )
    valid_html(page)
    assert f"Error {code}" in page
    assert "One &lt;line&gt;." in page
    assert "This did not work" not in page


def test_a_stranger_is_shown_no_cookie_on_a_missing_page(client, valid_html) -> None:
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert answer.headers.getlist("Set-Cookie") == []
    valid_html(answer.text)


@on_sqlite
def test_error_pages_ask_nothing_of_the_database(app: Flask, database: Database) -> None:
    add_staff(database, EMAIL, Role.ADMIN)
    browser = browser_of(app, EMAIL)
    browser.client.may_fail = True  # type: ignore[attr-defined]
    app.testing = False

    def break_down() -> str:
        raise RuntimeError("provoked")

    app.view_functions["staff.audit"] = break_down
    answer = browser.get("/staff/audit")
    assert answer.status_code == 500
    assert "Nothing was stored" in answer.text
    assert "provoked" not in answer.text
