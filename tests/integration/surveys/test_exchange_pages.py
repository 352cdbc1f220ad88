"""Surveys out and in as JSON, copies, and what a new survey begins with."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from feedback_app.foundation.db import Database
from feedback_app.staff.rules import Role
from feedback_app.surveys import actions, queries
from tests.factories.staff import StaffBrowser, add_staff, browser_of

EMAIL = "researcher@example.com"
BASE = "/staff/surveys/mine"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def browser(app: Flask, database: Database) -> StaffBrowser:
    """A signed-in researcher with a draft of the departed customers' survey called “mine”."""
    add_staff(database, EMAIL, Role.RESEARCHER)
    with database.writing() as session:
        actions.create(session, by=EMAIL, template="departed", name="mine", language="en")
    return browser_of(app, EMAIL)


def document(database: Database) -> dict[str, Any]:
    with database.reading() as session:
        row = queries.get_survey(session, "mine")
        return dict(queries.list_versions(session, row.id)[0].document)


def test_out_and_in_again(
    browser: StaffBrowser, database: Database, valid_html: Callable[[str], None]
) -> None:
    file = browser.get(f"{BASE}/export")
    assert file.headers["Content-Disposition"] == 'attachment; filename="mine.json"'
    valid_html(browser.get("/staff/surveys/import").text)
    new = {"name": "Brought", "language": "en", "mode": "anonymous", "k": "10"}
    made = browser.send("/staff/surveys/import", **new, text=file.text)
    assert made.location == "/staff/surveys/brought/edit"
    with database.reading() as session:
        row = queries.get_survey(session, "brought")
        assert queries.list_versions(session, row.id)[0].document == document(database)
    broken = json.loads(file.text)
    broken["question"][2]["text"]["en"] = 7
    refused = browser.send(
        "/staff/surveys/import", **(new | {"name": "Second"}), text=json.dumps(broken)
    )
    assert refused.status_code == 422
    valid_html(refused.text)
    assert "question 3, text.en: it is not what is expected there: string" in refused.text
    assert "Second" in refused.text
    with database.reading() as session:
        assert [row.slug for row in queries.list_surveys(session)] == ["brought", "mine"]


def test_the_schema_is_served_to_anybody(app: Flask) -> None:
    answer = app.test_client().get("/staff/survey-schema.json")
    assert answer.mimetype == "application/schema+json"
    assert json.loads(answer.text)["$defs"]


def test_a_copy_begins_with_the_same_questions(browser: StaffBrowser, database: Database) -> None:
    assert "A copy of “mine”" in browser.get("/staff/surveys/new?copy=mine").text
    new = {"name": "Copy", "language": "en", "mode": "named", "k": "10", "copy": "mine"}
    made = browser.send("/staff/surveys/new", **new)
    assert made.location == "/staff/surveys/copy"
    with database.reading() as session:
        row = queries.get_survey(session, "copy")
        assert row.mode == "named"
        assert queries.list_versions(session, row.id)[0].document == document(database)


@pytest.mark.parametrize("template", ["current", "staff", "pulse-nps", "blank"])
def test_a_new_survey_begins_as_chosen(
    browser: StaffBrowser, valid_html: Callable[[str], None], template: str
) -> None:
    new = {"name": "New one", "language": "en", "mode": "anonymous", "k": "10"}
    valid_html(browser.get("/staff/surveys/new").text)
    made = browser.send("/staff/surveys/new", **new, template=template)
    valid_html(browser.get(made.location).text)
    page = browser.get(f"{made.location}/edit").text
    valid_html(page)
    assert ("Open the survey" in page) is (template != "blank")
