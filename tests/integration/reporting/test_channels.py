"""A report by channel, and its flagged answers: page, CSV, JSON and command say the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from feedback_app.answers.models import Answer
from feedback_app.foundation.db import Database
from feedback_app.staff.rules import Role
from tests.factories.answers import Told, make_survey, put_answers
from tests.factories.staff import StaffBrowser, add_staff, browser_of

PRICE, BUDGET, PRODUCT = "company.price", "client.budget", "competitor.product"
REPORT = "/reports/departed"


@pytest.fixture
def browser(app: Flask, database: Database) -> StaffBrowser:
    """A manager; answers by link, by phone and three by kiosk; thirty by link are flagged."""
    survey = make_survey(database, k=5)
    put_answers(
        database,
        survey,
        [
            (Told((PRICE,), PRICE, channel="link", language="uk"), 10),
            (Told((BUDGET,), BUDGET, channel="link", language="uk"), 10),
            (Told((PRODUCT,), PRODUCT, channel="link", language="uk"), 10),
            (Told((PRODUCT,), PRODUCT, channel="link"), 10),
            (Told((PRODUCT,), PRODUCT, channel="phone"), 10),
            (Told((PRICE,), PRICE, channel="link"), 20),
            (Told((BUDGET,), BUDGET, channel="link"), 30),
            (Told((PRICE,), PRICE, channel="phone"), 30),
            (Told((BUDGET,), BUDGET, channel="phone"), 10),
            (Told((BUDGET,), BUDGET, channel="kiosk"), 3),
        ],
    )
    with database.writing() as session:
        session.execute(update(Answer).where(Answer.language == "uk").values(flag="flagged"))
    add_staff(database, "manager@example.com", Role.MANAGER)
    return browser_of(app, "manager@example.com")


def test_every_export_says_the_channel(
    browser: StaffBrowser, valid_html: Callable[[str], None]
) -> None:
    document = json.loads(browser.get(f"{REPORT}/causes.json").text)
    # Three by kiosk could be subtracted, so the next smaller channel hides them.
    columns = document["channels"]["columns"]
    assert all(column["respondents"] >= 5 for column in columns)
    assert document["flagged"] == 30
    rows = list(csv.DictReader(io.StringIO(browser.get(f"{REPORT}/causes.csv").text[1:])))
    assert {row["channel"] for row in rows if row["table"] != "channels"} == {"all"}
    narrowed = browser.get(f"{REPORT}/causes.csv?channel=link")
    if narrowed.status_code == 200:
        found = csv.DictReader(io.StringIO(narrowed.text[1:]))
        assert {row["channel"] for row in found} == {"link"}
    page = browser.get(f"{REPORT}/causes").text
    valid_html(page)
    assert "30 answers are flagged as suspicious" in page


def test_channels_stand_side_by_side_as_their_own_reports_tell_them(
    browser: StaffBrowser, database: Database, valid_html: Callable[[str], None]
) -> None:
    with database.writing() as session:
        session.execute(update(Answer).where(Answer.channel == "kiosk").values(channel="link"))
        from feedback_app.surveys.models import Survey

        session.execute(update(Survey).values(answers_revision=Survey.answers_revision + 1))
    document = json.loads(browser.get(f"{REPORT}/causes.json").text)
    compared = document["channels"]
    assert [column["channel"] for column in compared["columns"]] == ["link", "phone"]
    shares = {
        row["code"]: [cell["respondents"] for cell in row["cells"]]
        for row in compared["rows"]
        if row["code"]
    }
    assert (shares[PRICE], shares[BUDGET]) == ([30, 30], [43, 10])
    for place, channel in enumerate(("link", "phone")):
        alone = json.loads(browser.get(f"{REPORT}/causes.json?channel={channel}").text)
        told = {row["code"]: row["respondents"] for row in alone["causes"]}
        assert {code: told[code] for code in shares} == {
            code: counts[place] for code, counts in shares.items()
        }
        assert alone["channels"] is None
    page = browser.get(f"{REPORT}/causes").text
    valid_html(page)
    assert "By channel" in page
    assert "telephone" in page
    rows = csv.DictReader(io.StringIO(browser.get(f"{REPORT}/causes.csv").text[1:]))
    by_phone = [row for row in rows if row["table"] == "channels" and row["channel"] == "phone"]
    assert len(by_phone) == 1 + 3 + len(shares)


def test_flagged_answers_can_be_taken_out(browser: StaffBrowser) -> None:
    without = json.loads(browser.get(f"{REPORT}/causes.json?flag=~").text)
    assert without["respondents"] == 113
    only = json.loads(browser.get(f"{REPORT}/causes.json?flag=flagged").text)
    assert only["respondents"] == 30
    assert only["selection"] == {"flag": "flagged"}
    assert "without flagged answers" in browser.get(f"{REPORT}/causes").text
