"""The wave pages as a researcher walks them: six steps, then progress, doubt, an end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from feedback_app.customers import actions as customers
from feedback_app.customers.rules import Reason, RecipientFilter, Status
from feedback_app.foundation.db import Database, utc_today
from feedback_app.invitations.rules import WaveState
from feedback_app.staff.rules import Role
from tests.factories.respondents import BY, OpenedSurvey
from tests.factories.staff import StaffBrowser, add_staff, browser_of
from tests.factories.wave_pages import FIRST, draft, numbers, only_wave, typed_texts
from tests.factories.waves import add_customers

EMAIL = "researcher@example.com"
#: What the pages ask the database is asked on both in the tests of waves and recipients.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def browser(app: Flask, database: Database) -> StaffBrowser:
    """A signed-in researcher."""
    add_staff(database, EMAIL, Role.RESEARCHER)
    return browser_of(app, EMAIL)


@pytest.fixture
def people(survey: OpenedSurvey) -> list[UUID]:
    """Twelve departed customers, basic and pro, north, south and west."""
    with survey.database.writing() as session:
        return add_customers(session, 12)


def test_six_steps_to_a_wave(
    browser: StaffBrowser,
    survey: OpenedSurvey,
    people: list[UUID],
    valid_html: Callable[[str], None],
) -> None:
    assert "There is no wave yet" in browser.get("/staff/waves").text
    base = draft(browser)
    assert browser.get(f"{base}").location == f"{base}/recipients"
    on = browser.send(f"{base}/recipients", status="departed", plans="pro", to="segments")
    assert on.location == f"{base}/segments"
    on = browser.send(f"{base}/segments", segments=["plan", "region"], to="texts")
    assert on.location == f"{base}/texts"
    texts = typed_texts(only_wave(survey.database).texts, subject="{company} asks")
    assert browser.send(f"{base}/texts", to="rhythm", **texts).location == f"{base}/rhythm"
    day = utc_today() + timedelta(days=3)
    plan: dict[str, Any] = {"is_reminding": "y", "reminder_after_days": 5, "most_reminders": 3}
    on = browser.send(
        f"{base}/rhythm",
        **plan,
        start="at",
        on_day=day.isoformat(),
        at_time="07:30",
        throttle_days=30,
        to="confirm",
    )
    assert on.location == f"{base}/confirm"
    wave = only_wave(survey.database)
    assert wave.recipients == RecipientFilter(status=Status.DEPARTED, plans=("pro",))
    assert wave.segment_names == ("plan", "region")
    assert {text.subject for text in wave.texts.values()} == {"{company} asks"}
    assert (wave.reminder_after_days, wave.most_reminders, wave.throttle_days) == (5, 3, 30)
    for step in ("recipients", "segments", "texts", "rhythm", "confirm"):
        valid_html(browser.get(f"{base}/{step}").text)
    check_the_last_step(browser, survey.database, base)


def check_the_last_step(browser: StaffBrowser, database: Database, base: str) -> None:
    wave = only_wave(database)
    page = browser.get(f"{base}/confirm").text
    assert "<strong>6</strong> people will get it" in page
    assert "07:30 UTC" in page
    assert "Schedule for 6 people" in page
    assert browser.send(f"{base}/confirm").location == base
    started = only_wave(database)
    assert started.state is WaveState.SCHEDULED
    assert started.scheduled_at == wave.scheduled_at
    assert "Scheduled" in browser.get("/staff/waves").text
    for step in ("recipients", "segments", "rhythm", "confirm"):
        assert browser.get(f"{base}/{step}").location == base


def test_whoever_gets_nothing_is_counted(
    browser: StaffBrowser, survey: OpenedSurvey, people: list[UUID]
) -> None:
    with survey.database.writing() as session:
        customers.suppress(session, "c0@example.com", reason=Reason.UNSUBSCRIBED, by=BY)
        customers.note_invited(session, people[1:4], on=utc_today() - timedelta(days=80))
        add_customers(session, 2, prefix="mute", email="")
    base = draft(browser)
    shown = numbers(browser.get(f"{base}/recipients").text)
    assert shown == {
        "Will get it": "8",
        "Match": "14",
        "Without e-mail": "2",
        "Suppressed": "1",
        "Invited recently": "3",
    }
    page = browser.get(f"{base}/confirm").text
    assert "8</strong> people will get it" in page
    assert "1 is suppressed" in page
    assert "3 were invited in the last 90 days" in page
    assert "2 have no e-mail address" in page


def test_counting_stores_nothing(
    browser: StaffBrowser, survey: OpenedSurvey, people: list[UUID]
) -> None:
    base = draft(browser)
    before = only_wave(survey.database).recipients
    counted = browser.send(f"{base}/recipients", status="", regions=["north"], to="count")
    assert numbers(counted.text)["Will get it"] == "4"
    assert 'value="north" checked' in counted.text
    alone = browser.send(
        f"{base}/recipients/count", seen_at=f"{base}/recipients", status="", regions="west"
    )
    assert numbers(alone.text)["Match"] == "4"
    assert "<html" not in alone.text
    assert only_wave(survey.database).recipients == before


def test_every_way_out_of_a_step_keeps_what_was_typed(
    browser: StaffBrowser, survey: OpenedSurvey, people: list[UUID]
) -> None:
    base = draft(browser)
    left = browser.send(f"{base}/recipients", status="", plans="basic", to="list")
    assert left.location == "/staff/waves"
    assert only_wave(survey.database).recipients.plans == ("basic",)
    left = browser.send(f"{base}/segments", segments="region", to="recipients")
    assert left.location == f"{base}/recipients"
    assert only_wave(survey.database).segment_names == ("region",)
    texts = typed_texts(only_wave(survey.database).texts, subject="Kept")
    assert browser.send(f"{base}/texts", to="segments", **texts).location == f"{base}/segments"
    assert only_wave(survey.database).texts["uk"].subject == "Kept"
    browser.send(f"{base}/rhythm", start="now", throttle_days=7, to="")
    assert only_wave(survey.database).throttle_days == 7
    assert "Go on" in browser.get("/staff/waves").text


FAULTS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("recipients", {"departed_from": "soon"}, "This is no day"),
    (
        "recipients",
        {"departed_from": "2026-05-02", "departed_to": "2026-05-01"},
        "The last day is before the first",
    ),
    ("segments", {"segments": ["plan", "region", "language", "value_class"]}, "at most 3"),
    ("segments", {"segments": ["shoe size"]}, "shoe size"),
    ("rhythm", {"start": "at", "throttle_days": "90"}, "Choose the day"),
    ("rhythm", {"start": "now", "throttle_days": "-1"}, "between 0 and 730"),
    (
        "rhythm",
        {"start": "now", "throttle_days": 1, "is_reminding": "y", "most_reminders": 9},
        "between 1 and 5",
    ),
)


def test_a_faulty_step_says_what_to_mend_and_stores_nothing(
    browser: StaffBrowser, survey: OpenedSurvey, valid_html: Callable[[str], None]
) -> None:
    base = draft(browser)
    before = only_wave(survey.database)
    for step, typed, says in FAULTS:
        answer = browser.send(f"{base}/{step}", to="confirm", **typed)
        assert answer.status_code == 422
        assert says in unescape(answer.text)
        assert only_wave(survey.database) == before
        valid_html(answer.text)


def test_a_faulty_first_step_makes_no_draft(browser: StaffBrowser, survey: OpenedSurvey) -> None:
    for change in ({"survey": "none"}, {"name": " "}, {"kind": "twice"}):
        assert browser.send("/staff/waves/new", **(FIRST | change)).status_code == 422
    assert "There is no wave yet" in browser.get("/staff/waves").text


def test_small_crowds_are_shown_as_other(
    browser: StaffBrowser, survey: OpenedSurvey, people: list[UUID]
) -> None:
    with survey.database.writing() as session:
        add_customers(session, 2, prefix="far", region="far isle")
    base = draft(browser)
    browser.send(f"{base}/segments", segments="region", to="show")
    page = browser.get(f"{base}/segments").text
    rows = re.findall(
        r'data-label="Region">([^<]+)</td>.*?number-cell">(\d+)<.*?is-(\w+)">', page, re.S
    )
    assert set(rows) == {
        ("north", "4", "warning"),
        ("south", "4", "warning"),
        ("west", "4", "warning"),
        ("far isle", "2", "warning"),
    }
    browser.send(f"{base}/segments", segments="plan", to="show")
    page = browser.get(f"{base}/segments").text
    rows = re.findall(
        r'data-label="Plan">([^<]+)</td>.*?number-cell">(\d+)<.*?is-(\w+)">', page, re.S
    )
    assert set(rows) == {("basic", "7", "good"), ("pro", "7", "good")}


def test_a_draft_survey_must_be_opened_first(
    browser: StaffBrowser, survey: OpenedSurvey, people: list[UUID]
) -> None:
    browser.send("/staff/surveys/new", name="Second", language="en", mode="anonymous", k=5)
    base = draft(browser, survey="second")
    page = browser.get(f"{base}/confirm").text
    assert "“Second” is a draft" in unescape(page)
    assert "disabled" in page
    assert browser.send(f"{base}/confirm").location == f"{base}/confirm"
    assert only_wave(survey.database).state is WaveState.DRAFT


def test_a_draft_is_deleted(browser: StaffBrowser, survey: OpenedSurvey) -> None:
    base = draft(browser)
    assert browser.send(f"{base}/delete", seen_at=f"{base}/confirm").location == "/staff/waves"
    assert "There is no wave yet" in browser.get("/staff/waves").text
    assert browser.get(f"{base}/recipients").status_code == 404


def test_always_on(browser: StaffBrowser, survey: OpenedSurvey, people: list[UUID]) -> None:
    base = draft(browser, kind="always")
    page = browser.get(f"{base}/recipients").text
    assert 'name="status"' not in page
    browser.send(f"{base}/recipients", plans="pro", to="rhythm")
    browser.send(f"{base}/rhythm", start="now", throttle_days=90, invite_after_days=4, to="confirm")
    wave = only_wave(survey.database)
    assert wave.recipients == RecipientFilter(status=Status.DEPARTED, plans=("pro",))
    assert wave.invite_after_days == 4
    assert "<strong>4</strong> days later" in browser.get(f"{base}/confirm").text
    browser.send(f"{base}/confirm")
    assert only_wave(survey.database).state is WaveState.SCHEDULED
