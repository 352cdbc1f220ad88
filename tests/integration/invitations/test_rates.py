"""Rates of mail: to one domain, and over all workers together."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from feedback_app.customers.models import Customer
from tests.factories.respondents import OpenedSurvey
from tests.factories.waves import plan_mailing
from tests.smtp_server import SmtpServer, running_smtp


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """A server in good health."""
    with running_smtp() as running:
        yield running


def test_rates_hold_back_one_domain_and_not_the_others(
    survey: OpenedSurvey, server: SmtpServer
) -> None:
    mailing = plan_mailing(survey, server, people=4, environ={"FEEDBACK_MAIL_DOMAIN_RATE": "1"})
    with mailing.database.writing() as session:
        session.execute(
            update(Customer).where(Customer.reference == "c-3").values(email="c3@example.org")
        )
    mailing.prepare()
    mailing.send()
    counts = server.counts()
    assert counts["c3@example.org"] == 1
    assert len(counts) == 3, "one a minute, and one that may come early"
    assert mailing.states() == {"sent": 3, "queued": 1}


def test_rates_hold_over_all_workers(survey: OpenedSurvey, server: SmtpServer) -> None:
    mailing = plan_mailing(survey, server, people=9, environ={"FEEDBACK_MAIL_RATE": "1"})
    mailing.prepare()
    desks = [mailing.desk() for _ in range(2)]
    crew = [threading.Thread(target=desk.run, args=(mailing.database,)) for desk in desks]
    for each in crew:
        each.start()
    for each in crew:
        each.join()
    for desk in desks:
        desk.close()
    assert len(server.received) == 1, "one a minute, whoever sends it"
    assert mailing.states() == {"sent": 1, "queued": 8}
