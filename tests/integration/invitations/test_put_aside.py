"""Mails that were not wanted when they should have left: which come back, which never leave."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from feedback_app.customers import actions as customers
from feedback_app.customers.models import Customer
from feedback_app.customers.rules import Reason
from feedback_app.foundation.db import utc_now
from feedback_app.foundation.statements import Asker
from feedback_app.invitations import actions
from feedback_app.invitations.models import Invitation
from tests.factories.respondents import BY, OpenedSurvey
from tests.factories.waves import Mailing, plan_mailing


def suppress(mailing: Mailing) -> None:
    with mailing.database.writing() as session:
        customers.suppress(session, "c0@example.com", reason=Reason.BY_HAND, by=BY)


def erase(mailing: Mailing) -> None:
    with mailing.database.writing() as session:
        gone = session.scalar(select(Customer.id))
        assert gone is not None
        customers.erase(session, gone, by=BY)


def answer(mailing: Mailing) -> None:
    with mailing.database.writing() as session:
        session.execute(update(Invitation).values(is_used=True))


def move(mailing: Mailing) -> None:
    with mailing.database.writing() as session:
        session.execute(update(Customer).values(email="new@example.com"))


@pytest.mark.parametrize(
    ("meanwhile", "becomes"),
    [
        (lambda mailing: mailing.act("pause"), "queued"),
        (move, "queued"),
        (suppress, "dropped"),
        (erase, "dropped"),
        (answer, "dropped"),
        (lambda mailing: mailing.survey.close(), "dropped"),
        (lambda mailing: mailing.act("cancel"), "dropped"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mail_comes_back_unless_it_never_will_be_wanted(
    survey: OpenedSurvey, meanwhile: Callable[[Mailing], None], becomes: str
) -> None:
    mailing = plan_mailing(survey, people=1)
    hold_back(mailing, meanwhile)
    assert mailing.states() == {becomes: 1}


def test_a_pause_that_is_over_when_it_is_written_down_loses_no_mail(survey: OpenedSurvey) -> None:
    mailing = plan_mailing(survey, people=3)
    hold_back(mailing, lambda it: it.act("pause"), then=lambda it: it.act("resume"))
    assert mailing.states() == {"queued": 3}
    assert mailing.send() == 3
    assert mailing.states() == {"sent": 3}


def hold_back(
    mailing: Mailing,
    meanwhile: Callable[[Mailing], None],
    *,
    then: Callable[[Mailing], None] = lambda _mailing: None,
) -> None:
    """Mark all mails, let something happen, ask about them, and put aside what is not wanted."""
    mailing.prepare()
    with mailing.database.writing() as session:
        mails = actions.claim(session, mailing.wave_id, limit=9, now=utc_now(), lease_seconds=300)
        assert all(actions.mark(session, mails, now=utc_now()))
    asker = Asker(mailing.database.reader)
    assert actions.list_wanted(asker, mails) == {each.id for each in mails}
    meanwhile(mailing)
    assert actions.list_wanted(asker, mails) == set()
    asker.close()
    then(mailing)
    with mailing.database.writing() as session:
        for each in mails:
            actions.put_aside(session, each, now=utc_now())
