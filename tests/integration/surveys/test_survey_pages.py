"""The survey pages as a researcher walks them: draft, look, open, close; competitors; home."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask

from feedback_app.foundation.db import Database
from feedback_app.staff.rules import Role
from feedback_app.surveys import queries
from feedback_app.surveys.rules import State
from tests.factories.staff import StaffBrowser, add_staff, browser_of

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

EMAIL = "researcher@example.com"
DRAFT = {"name": "Why they left", "language": "uk", "mode": "anonymous", "k": "12"}


@pytest.fixture
def browser(app: Flask, database: Database) -> StaffBrowser:
    """A signed-in researcher."""
    add_staff(database, EMAIL, Role.RESEARCHER)
    return browser_of(app, EMAIL)


@ONE_DATABASE
def test_from_nothing_to_an_open_survey(
    browser: StaffBrowser, database: Database, valid_html: Callable[[str], None]
) -> None:
    assert "There is no survey yet" in browser.get("/staff/surveys").text
    made = browser.send("/staff/surveys/new", **DRAFT)
    assert made.location == "/staff/surveys/why-they-left"
    page = browser.get(made.location).text
    valid_html(page)
    assert "Draft" in page
    opened = browser.send(f"{made.location}/open", seen_at=made.location)
    assert opened.status_code == 302
    page = browser.get(made.location).text
    assert "/s/why-they-left" in page
    with database.reading() as session:
        row = queries.get_survey(session, "why-they-left")
        assert (row.state, row.k, row.language) == (State.OPEN, 12, "uk")
    valid_html(browser.get("/staff/surveys").text)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "required"),
        ({"k": "3"}, "between 5 and 1000"),
        ({"k": "many"}, "integer"),
        ({"mode": "secret"}, "valid choice"),
    ],
)
def test_a_faulty_draft_keeps_what_was_typed_and_says_what_to_mend(
    browser: StaffBrowser, database: Database, change: dict[str, str], says: str
) -> None:
    answer = browser.send("/staff/surveys/new", **(DRAFT | change))
    assert answer.status_code == 422
    assert says in unescape(answer.text)
    if "name" not in change:
        assert 'value="Why they left"' in answer.text
    with database.reading() as session:
        assert queries.list_surveys(session) == []


@ONE_DATABASE
def test_a_name_can_not_be_given_twice(browser: StaffBrowser) -> None:
    browser.send("/staff/surveys/new", **DRAFT)
    again = browser.send("/staff/surveys/new", **DRAFT)
    assert again.status_code == 422
    assert "choose another" in again.text


@ONE_DATABASE
def test_closing_says_first_what_it_destroys(browser: StaffBrowser, database: Database) -> None:
    browser.send("/staff/surveys/new", **DRAFT)
    show = "/staff/surveys/why-they-left"
    browser.send(f"{show}/open", seen_at=show)
    assert "can not be opened again" in browser.get(f"{show}/close").text
    browser.send(f"{show}/close")
    with database.reading() as session:
        assert queries.get_survey(session, "why-they-left").state is State.CLOSED
    again = browser.send(f"{show}/close", seen_at="/staff/competitors")
    assert "Only an open survey can be closed" in browser.get(again.location).text


def test_competitors_are_added_and_taken_back(browser: StaffBrowser, database: Database) -> None:
    browser.send("/staff/competitors", name="  Beta   Mobile ")
    assert "Beta Mobile" in browser.get("/staff/competitors").text
    assert browser.send("/staff/competitors", name="").status_code == 422
    browser.send("/staff/competitors/retire", seen_at="/staff/competitors", name="Beta Mobile")
    with database.reading() as session:
        assert queries.list_competitors(session) == []


@ONE_DATABASE
def test_home_says_what_to_do_next(browser: StaffBrowser) -> None:
    assert "Make your first survey" in browser.get("/").text
    browser.send("/staff/surveys/new", **DRAFT)
    assert "Open “Why they left”" in browser.get("/").text
    show = "/staff/surveys/why-they-left"
    browser.send(f"{show}/open", seen_at=show)
    home = browser.get("/").text
    assert "Share “Why they left”" in home
    assert "0 of 12" in home


@ONE_DATABASE
def test_a_manager_may_not_touch_surveys(app: Flask, database: Database) -> None:
    add_staff(database, "manager@example.com", Role.MANAGER)
    browser = browser_of(app, "manager@example.com")
    for path in ("/staff/surveys", "/staff/surveys/new", "/staff/competitors"):
        assert browser.get(path).status_code == 403


@ONE_DATABASE
def test_an_unknown_survey_is_not_found(browser: StaffBrowser) -> None:
    assert browser.get("/staff/surveys/nothing").status_code == 404
