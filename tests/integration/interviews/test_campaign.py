"""A campaign of calls of its own: customers without e-mail are called, and nothing is mailed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from feedback_app.customers.models import Customer
from feedback_app.foundation.db import utc_today
from feedback_app.invitations.models import Outbox
from feedback_app.staff.rules import Role
from tests.factories.respondents import OpenedSurvey
from tests.factories.staff import StaffBrowser, add_staff, browser_of

INDEX = "/staff/interviews"
NEW = f"{INDEX}/new"
PHONE = "+380 44 123 45 67"


def add_customers(survey: OpenedSurvey, number: int, **more: object) -> None:
    with survey.database.writing() as session:
        for at in range(number):
            kept = {"phone": PHONE, "email": "", "status": "departed", **more}
            reference = f"{kept['status']}-{more.get('email', '')}-{at}"
            gone_on = utc_today() if kept["status"] == "departed" else None
            dates = {"created_on": utc_today(), "updated_on": utc_today(), "departed_on": gone_on}
            person = {"reference": reference, "name": f"Person {at}", "language": "uk"}
            session.add(Customer(**person, **dates, **kept))


@pytest.fixture
def researcher(app: Flask, survey: OpenedSurvey) -> StaffBrowser:
    add_staff(survey.database, "researcher@example.com", Role.RESEARCHER, Role.INTERVIEWER)
    return browser_of(app, "researcher@example.com")


@pytest.fixture
def customers(survey: OpenedSurvey) -> None:
    """Five who left and have telephones alone, one of them invited lately; and others."""
    add_customers(survey, 5)
    add_customers(survey, 2, phone="", email="mail@example.org")
    add_customers(survey, 1, status="current")
    with survey.database.writing() as session:
        lately = update(Customer).where(Customer.reference == "departed--4")
        session.execute(lately.values(last_invited_on=utc_today() - timedelta(days=3)))


@pytest.mark.usefixtures("customers")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_form_counts_and_keeps_what_was_typed(
    researcher: StaffBrowser, survey: OpenedSurvey, valid_html: Callable[[str], None]
) -> None:
    page = researcher.get(NEW).text
    valid_html(page)
    assert "Can be called" in page
    counted = researcher.send(NEW, to="count", survey=survey.slug, name="Spring", status="current")
    valid_html(counted.text)
    assert 'value="Spring"' in counted.text
    nameless = researcher.send(NEW, survey=survey.slug, name="", status="departed")
    assert nameless.status_code == 422
    nobody = researcher.send(
        NEW, survey=survey.slug, name="Past", status="departed", departed_to="2001-01-01"
    )
    assert nobody.status_code == 422
    assert "Nobody of them can be called now." in nobody.text
    assert "Past" not in researcher.get(INDEX).text


@pytest.mark.usefixtures("customers")
def test_from_a_choice_of_customers_to_sealed_answers(
    researcher: StaffBrowser, survey: OpenedSurvey, valid_html: Callable[[str], None]
) -> None:
    made = researcher.send(NEW, survey=survey.slug, name="Spring", status="departed")

    assert made.location == INDEX
    lists = researcher.get(INDEX).text
    valid_html(lists)
    assert "4 customers are on the call list" in lists
    assert lists.count("Next customer") == 1
    wave = lists.split(f"{INDEX}/")[-1].split("/")[0].split('"')[0]
    taken = researcher.send(f"{INDEX}/{wave}/next", seen_at=INDEX).location
    done = researcher.send(f"{taken}/answers", seen_at=taken, reasons="client.closed")
    assert done.location == INDEX
    assert survey.count("box") == 1
    with survey.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Outbox)) == 0
    shown = researcher.get(f"/staff/waves/{wave}").text
    valid_html(shown)
    assert "By telephone: nobody is written to." in shown
    assert "By telephone" in researcher.get("/staff/waves").text
    # They are left in peace by whoever plans the next wave.
    again = researcher.send(NEW, survey=survey.slug, name="Again", status="departed")
    assert "Nobody of them can be called now." in again.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_interviewer_makes_no_campaign(browser: StaffBrowser) -> None:
    assert browser.get(NEW).status_code == 403
