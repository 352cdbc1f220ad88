"""Reminders and when they stop, what a customer's history tells, mails to try, named surveys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from feedback_app.customers.models import Customer
from feedback_app.foundation.db import utc_today
from feedback_app.foundation.mail import send_now
from feedback_app.invitations import actions, jobs, queries
from feedback_app.invitations.rules import (
    WaveState,
)
from feedback_app.surveys.rules import Mode
from tests.factories.respondents import BY, OpenedSurvey, send
from tests.factories.waves import (
    plan_mailing,
    text_of,
    token_of,
    unsubscribe_of,
)
from tests.smtp_server import SmtpServer, running_smtp

SHORT = {"reasons": "client.closed"}
#: What the database does here is the same on both, and asked on both elsewhere.
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """A server in good health."""
    with running_smtp() as running:
        yield running


def test_reminders_stop_at_the_answer_and_at_the_unsubscribe(
    make_survey: Callable[..., OpenedSurvey], server: SmtpServer, client: FlaskClient
) -> None:
    survey = make_survey(k=5)
    mailing = plan_mailing(survey, server, people=4, reminder_after_days=7, most_reminders=2)
    mailing.prepare()
    mailing.send()
    by_address = {each.recipient: each.content for each in server.received}
    assert jobs.remind(mailing.database, mailing.settings) == 0, "not yet"
    send(client, f"/i/{token_of(by_address['c0@example.com'])}", SHORT)
    mailing.let_time_pass(7)
    assert jobs.remind(mailing.database, mailing.settings) == 3
    assert jobs.remind(mailing.database, mailing.settings) == 0, "decided once"
    # An answer and an unsubscribe that come after the reminder was decided still stop it.
    send(client, f"/i/{token_of(by_address['c1@example.com'])}", SHORT)
    assert client.post(f"/u/{unsubscribe_of(by_address['c2@example.com'])}").status_code == 200
    server.received.clear()
    mailing.send()
    (reminder,) = server.received
    assert reminder.recipient == "c3@example.com"
    assert token_of(reminder.content) == token_of(by_address["c3@example.com"]), "the same link"
    assert "reminder" in text_of(reminder.content) or "few days ago" in text_of(reminder.content)
    mailing.let_time_pass(14)
    assert jobs.remind(mailing.database, mailing.settings) == 1
    mailing.send()
    mailing.let_time_pass(300)
    assert jobs.remind(mailing.database, mailing.settings) == 0, "two at most"
    assert jobs.end_waves(mailing.database, mailing.settings) == 1
    assert mailing.wave().state is WaveState.FINISHED


def test_contact_history_does_not_tell_who_answered(
    survey: OpenedSurvey, server: SmtpServer, client: FlaskClient
) -> None:
    mailing = plan_mailing(survey, server, people=2, reminder_after_days=1)
    mailing.prepare()
    mailing.send()
    send(client, f"/i/{token_of(server.received[0].content)}", SHORT)
    mailing.let_time_pass(1)
    jobs.remind(mailing.database, mailing.settings)
    mailing.send()
    with survey.database.reading() as session:
        histories = [
            queries.list_contact_history(session, each)
            for each in session.scalars(select(Customer.id))
        ]
    assert histories[0] == histories[1]
    assert histories[0][0].mails == (("invitation", utc_today() - timedelta(days=1)),)


@SQLITE
def test_a_test_mail_never_counts(
    survey: OpenedSurvey, server: SmtpServer, client: FlaskClient
) -> None:
    mailing = plan_mailing(survey, server, people=2, is_scheduled=False)
    with survey.database.writing() as session:
        mail = actions.make_test_mail(
            session,
            mailing.wave_id,
            to="Me@Example.com",
            language="ru",
            settings=mailing.settings,
            by=BY,
        )
    assert send_now(mailing.settings, mail) == f"127.0.0.1:{server.port}"
    (received,) = server.received
    assert received.recipient == "me@example.com"
    assert "Здравствуйте" in text_of(received.content)
    send(client, f"/i/{token_of(received.content)}", SHORT)
    assert survey.count("box") == 0
    assert mailing.progress().invited == mailing.progress().answered == 0
    mailing.act("schedule")
    mailing.act("cancel")


@SQLITE
def test_a_named_survey_can_be_mailed_too(
    make_survey: Callable[..., OpenedSurvey], server: SmtpServer
) -> None:
    mailing = plan_mailing(make_survey(mode=Mode.NAMED), server, people=1)
    mailing.prepare()
    mailing.send()
    assert "not anonymous" in text_of(server.received[0].content)
