"""The operator's pages: lists, the script in the customer's language, outcomes, answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from config import Settings
from feedback_app.foundation.db import Database, utc_now
from feedback_app.staff.rules import Role
from feedback_app.surveys.rules import Mode
from tests.factories.interviews import BY, Calls, plan_calls
from tests.factories.respondents import OpenedSurvey, open_survey
from tests.factories.staff import StaffBrowser, add_staff, browser_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
INDEX = "/staff/interviews"


def take(browser: StaffBrowser, calls: Calls) -> str:
    """The address of the next call."""
    answer = browser.send(f"{INDEX}/{calls.wave_id}/next", seen_at=INDEX)
    assert f"{INDEX}/calls/" in answer.location
    return answer.location


def test_an_interview_from_the_list_to_the_box(
    browser: StaffBrowser, calls: Calls, valid_html: Callable[[str], None]
) -> None:
    page = browser.get(INDEX).text
    valid_html(page)
    assert "Make a call list" not in page, "an interviewer calls, a researcher makes lists"
    call = take(browser, calls)
    page = browser.get(call).text
    valid_html(page)
    # Read aloud in Ukrainian, explained in English.
    assert "Что" not in page
    assert 'lang="uk" id="script"' in page
    assert "Добрий день" in page
    assert "You hear the answers" in page
    faulty = browser.send(f"{call}/answers", seen_at=call, more="Kept.")
    assert faulty.status_code == 422
    assert "Kept." in faulty.text
    valid_html(faulty.text)
    done = browser.send(f"{call}/answers", seen_at=call, reasons="client.closed")
    assert done.location == INDEX
    assert "Sealed." in browser.get(INDEX).text
    assert calls.survey.count("box") == 1
    assert browser.get(call).location == INDEX, "the call is over"


def test_outcomes_are_noted(browser: StaffBrowser, calls: Calls) -> None:
    call = take(browser, calls)
    assert browser.send(f"{call}/end", seen_at=call, outcome="").status_code == 422
    assert browser.send(f"{call}/end", seen_at=call, outcome="call-back").status_code == 422
    # Half past the hour in Kyiv: two hours ahead of UTC.
    at = utc_now() + timedelta(hours=5)
    typed = (at + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    fields = {"outcome": "call-back", "call_back_at": typed, "offset": "-120"}
    assert browser.send(f"{call}/end", seen_at=call, **fields).location == INDEX
    page = browser.get(INDEX).text
    assert re.search(rf"due [^<]*{at.strftime('%H:%M')} UTC", page)
    call = take(browser, calls)
    browser.send(f"{call}/end", seen_at=call, outcome="refused")
    assert calls.outcomes() == {"": 3, "call-back": 1, "refused": 1}


def test_somebody_elses_call_is_not_shown(app: Flask, browser: StaffBrowser, calls: Calls) -> None:
    call = take(browser, calls)
    add_staff(calls.database, "other@example.com", Role.INTERVIEWER)
    other = browser_of(app, "other@example.com")
    assert other.get(call).location == INDEX
    assert other.get(f"{INDEX}/calls/{calls.wave_id}").status_code == 404
    calls.survey.close()
    assert browser.get(call).location == INDEX


def test_a_named_survey_asks_for_consent(
    app: Flask, prepared: Database, settings: Settings, valid_html: Callable[[str], None]
) -> None:
    survey = open_survey(prepared, settings, mode=Mode.NAMED)
    calls = plan_calls(survey, people=1, language="en")
    add_staff(prepared, BY, Role.INTERVIEWER)
    browser = browser_of(app, BY)
    call = take(browser, calls)
    page = browser.get(call).text
    valid_html(page)
    assert "Do you agree to that?" in page
    without = browser.send(f"{call}/answers", seen_at=call, reasons="client.closed")
    assert without.status_code == 422
    assert "Ask for consent first" in without.text
    fields = {"reasons": "client.closed", "consent": "yes"}
    assert browser.send(f"{call}/answers", seen_at=call, **fields).location == INDEX
    assert survey.count("named_respondent") == 1


def test_a_researcher_makes_the_list(app: Flask, survey: OpenedSurvey) -> None:
    calls = plan_calls(survey, people=2)
    add_staff(survey.database, "researcher@example.com", Role.RESEARCHER)
    browser = browser_of(app, "researcher@example.com")
    again = browser.send(f"{INDEX}/{calls.wave_id}/list", seen_at=INDEX)
    assert again.location == INDEX
    assert "0 customers with a telephone number are new" in browser.get(INDEX).text
