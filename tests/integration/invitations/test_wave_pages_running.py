"""The pages of waves that run, and of split mailings; who may see them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from feedback_app.foundation.db import Database, utc_now, utc_today
from feedback_app.invitations.models import Invitation, Outbox
from feedback_app.invitations.rules import MailState, WaveKind, WaveState, hash_token
from feedback_app.staff.rules import Role
from tests.factories.respondents import OpenedSurvey
from tests.factories.staff import StaffBrowser, add_staff, browser_of
from tests.factories.wave_pages import draft, numbers, only_wave, typed_texts
from tests.factories.waves import Mailing, add_customers, plan_mailing

EMAIL = "researcher@example.com"
#: What the pages ask the database is asked on both in the tests of waves and of sending.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def browser(app: Flask, database: Database) -> StaffBrowser:
    """A signed-in researcher."""
    add_staff(database, EMAIL, Role.RESEARCHER)
    return browser_of(app, EMAIL)


@pytest.fixture
def mailing(survey: OpenedSurvey) -> Mailing:
    """A wave to twelve people, all of them invited, nothing sent yet."""
    planned = plan_mailing(survey, people=12)
    planned.prepare()
    return planned


def test_paused_resumed_cancelled(
    browser: StaffBrowser, mailing: Mailing, valid_html: Callable[[str], None]
) -> None:
    base = f"/staff/waves/{mailing.wave_id}"
    shown = numbers(browser.get(base).text)
    assert (shown["Invited"], shown["Queued"], shown["Sent"]) == ("12", "12", "0")
    browser.send(f"{base}/pause", seen_at=base)
    assert mailing.wave().state is WaveState.PAUSED
    assert mailing.send() == 0
    page = browser.get(base).text
    valid_html(page)
    assert "Resume" in page
    texts = typed_texts(mailing.wave().texts, subject="Better words")
    assert browser.send(f"{base}/texts", **texts).location == base
    assert mailing.wave().texts["en"].subject == "Better words"
    browser.send(f"{base}/resume", seen_at=base)
    assert mailing.wave().state is WaveState.SENDING
    ask = browser.get(f"{base}/end").text
    valid_html(ask)
    assert "12 mails that wait are never sent" in ask
    browser.send(f"{base}/end")
    assert mailing.wave().state is WaveState.CANCELLED
    assert mailing.send() == 0
    assert "Pause" not in browser.get(base).text
    again = browser.send(f"{base}/pause", seen_at="/staff/waves/new")
    assert "Only a running wave" in browser.get(again.location).text


def test_answers_are_counted_from_k_on(browser: StaffBrowser, mailing: Mailing) -> None:
    base = f"/staff/waves/{mailing.wave_id}"
    mailing.send()
    shown = numbers(browser.get(base).text)
    assert (shown["Sent"], shown["Answered"], shown["Response rate"]) == ("12", "0", "0%")
    for used, says, rate in ((4, "fewer than 5", "–"), (6, "6", "50%")):
        with mailing.database.writing() as session:
            some = session.scalars(select(Invitation.id).order_by(Invitation.id).limit(used)).all()
            session.execute(update(Invitation).where(Invitation.id.in_(some)).values(is_used=True))
        for page in (base, "/staff/waves"):
            assert numbers(browser.get(page).text)["Answered"] == says
        assert numbers(browser.get(base).text)["Response rate"] == rate


def test_a_person_settles_what_is_in_doubt(
    browser: StaffBrowser, mailing: Mailing, valid_html: Callable[[str], None]
) -> None:
    base = f"/staff/waves/{mailing.wave_id}"
    assert "No mail is in doubt" in browser.get("/staff/waves/in-doubt").text
    with mailing.database.writing() as session:
        first, second, third = session.scalars(select(Outbox.id).limit(3)).all()
        for mail, ends in ((first, -1), (second, -1), (third, 60)):
            session.execute(
                update(Outbox)
                .where(Outbox.id == mail)
                .values(state=MailState.IN_DOUBT, lease_until=utc_now() + timedelta(minutes=ends))
            )
    for path in (base, "/staff/waves/in-doubt"):
        page = browser.get(path).text
        valid_html(page)
        assert page.count("Send again") == 2 + ("“Send again”" in page)
    assert "2 mails are in doubt" in browser.get("/staff/waves").text, "one is under way"
    assert "2 mails are in doubt" in browser.get("/").text
    settle = "/staff/waves/in-doubt/{}/{}"
    again = browser.send(settle.format(first, "send-again"), seen_at=base, next=base)
    assert again.location == base
    assert "It is sent again" in browser.get(base).text
    taken = browser.send(
        settle.format(second, "treat-as-sent"), seen_at=base, next="//evil.example"
    )
    assert taken.location == "/staff/waves/in-doubt"
    refused = browser.send(settle.format(third, "send-again"), seen_at=base)
    assert refused.status_code == 302
    assert mailing.states() == {"queued": 10, "sent": 1, "in-doubt": 1}


def test_a_split_mailing_hands_its_links_over_once(
    browser: StaffBrowser, app: Flask, survey: OpenedSurvey, valid_html: Callable[[str], None]
) -> None:
    to_split = browser.send("/staff/waves/new", survey=survey.slug, name="Newsletter", kind="split")
    page = browser.get(to_split.location).text
    valid_html(page)
    assert 'value="Newsletter"' in page
    expires = utc_today() + timedelta(days=20)
    made = browser.send(
        "/staff/waves/split",
        survey=survey.slug,
        name="Newsletter",
        count=30,
        expires_on=expires.isoformat(),
    )
    assert made.mimetype == "text/csv"
    assert made.headers["Cache-Control"] == "no-store"
    assert made.headers["Content-Disposition"] == f"attachment; filename=links-{survey.slug}.csv"
    rows = list(csv.DictReader(io.StringIO(made.text)))
    assert len({row["link"] for row in rows}) == 30
    address = f"{survey.settings.base_url}/i/"
    assert all(row["link"].startswith(address) for row in rows)
    token = rows[7]["link"].removeprefix(address)
    assert app.test_client().get(f"/i/{token}").status_code == 200
    with survey.database.reading() as session:
        kept = session.execute(
            select(Invitation.token_hash, Invitation.customer_id, Invitation.expires_on)
        ).all()
    assert hash_token(token) in {row.token_hash for row in kept}
    assert {(row.customer_id, row.expires_on) for row in kept} == {(None, expires)}
    wave = only_wave(survey.database)
    assert wave.kind is WaveKind.SPLIT
    page = browser.get(f"/staff/waves/{wave.id}").text
    valid_html(page)
    assert numbers(page)["Links"] == "30"
    assert "/i/" not in page


def test_a_faulty_split_makes_no_links(browser: StaffBrowser, survey: OpenedSurvey) -> None:
    typed: dict[str, Any] = {"survey": survey.slug, "name": "Newsletter", "count": 3}
    changes: tuple[dict[str, Any], ...] = (
        {"count": 0},
        {"count": 100_001},
        {"count": "many"},
        {"name": ""},
        {"survey": "x"},
        {"expires_on": "2020-01-01"},
    )
    for change in changes:
        assert browser.send("/staff/waves/split", **(typed | change)).status_code == 422
    assert survey.count("invitation") == 0


def test_home_says_what_to_do_next(browser: StaffBrowser, survey: OpenedSurvey) -> None:
    assert "by mail" not in browser.get("/").text
    with survey.database.writing() as session:
        add_customers(session, 3)
    home = browser.get("/").text
    assert "Send “Departed” by mail" in home
    assert "3 departed customers can be invited" in home
    draft(browser)
    home = browser.get("/").text
    assert "Finish planning “Left in spring”" in home
    assert "by mail" not in home


def test_only_who_manages_customers_may_see_waves(
    app: Flask, database: Database, mailing: Mailing
) -> None:
    add_staff(database, "manager@example.com", Role.MANAGER)
    browser = browser_of(app, "manager@example.com")
    base = f"/staff/waves/{mailing.wave_id}"
    for path in ("/staff/waves", "/staff/waves/new", "/staff/waves/split", base, f"{base}/texts"):
        assert browser.get(path).status_code == 403
    assert "in doubt" not in browser.get("/").text
