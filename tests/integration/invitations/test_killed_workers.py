"""What a killed worker left in its hand is settled by the next one."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from feedback_app.customers.models import Customer
from feedback_app.foundation.db import utc_now
from feedback_app.invitations import actions, logbook, queries
from feedback_app.invitations.logbook import Logbook, read_boot
from feedback_app.invitations.models import Invitation
from feedback_app.invitations.queries import DueMail
from tests.factories.respondents import OpenedSurvey
from tests.factories.waves import Mailing, plan_mailing
from tests.smtp_server import running_smtp


def die_with_a_full_hand(mailing: Mailing) -> list[DueMail]:
    """Four mails are marked; the worker goes without a word."""
    with mailing.database.writing() as session:
        mails = actions.claim(session, mailing.wave_id, limit=4, now=utc_now(), lease_seconds=300)
        assert actions.mark(session, mails, now=utc_now()) == [True] * 4
    return mails


def leave_logbook(mailing: Mailing, mails: list[DueMail], boot: str) -> Path:
    """The first was sent, the second was begun."""
    folder = logbook.find_folder(mailing.settings)
    folder.mkdir(exist_ok=True)
    file = folder / "left.log"
    lines = [f"boot {boot}"]
    lines += [f"marked {each.id.hex} {each.lease_until.isoformat()}" for each in mails]
    lines += [f"begun {mails[0].id.hex}", f"ended {mails[0].id.hex} sent 0 250 2.0.0"]
    lines += [f"begun {mails[1].id.hex}"]
    file.write_text("\n".join(lines) + "\n", encoding="ascii")
    return file


def test_only_the_one_on_its_way_stays_in_doubt(survey: OpenedSurvey) -> None:
    with running_smtp() as server:
        mailing = plan_mailing(survey, server, people=4)
        mailing.prepare()
        mails = die_with_a_full_hand(mailing)
        assert mailing.progress().in_doubt == 0, "as far as anybody knows it is under way"
        file = leave_logbook(mailing, mails, read_boot())
        assert mailing.send() == 2
    assert not file.exists()
    assert mailing.states() == {"sent": 3, "in-doubt": 1}
    assert set(server.counts()) == {each.address for each in mails[2:]}
    with mailing.database.reading() as session:
        (row,) = queries.list_doubtful(session)
    assert row.id == mails[1].id, "it can be settled at once"


def test_another_machines_logbook_is_left_to_it(survey: OpenedSurvey) -> None:
    mailing = plan_mailing(survey, people=4)
    mailing.prepare()
    file = leave_logbook(mailing, die_with_a_full_hand(mailing), "another-boot")
    assert mailing.send() == 0
    assert file.exists()
    assert mailing.states() == {"in-doubt": 4}


def test_the_logbook_of_a_living_worker_is_left_alone(survey: OpenedSurvey) -> None:
    mailing = plan_mailing(survey, people=4)
    mailing.prepare()
    mails = die_with_a_full_hand(mailing)
    book = Logbook(logbook.find_folder(mailing.settings))
    book.mark(mails)
    assert mailing.send() == 0
    assert mailing.states() == {"in-doubt": 4}
    book.close()


@pytest.mark.parametrize("invited_before", [False, True])
def test_who_was_marked_and_not_written_to_is_as_before(
    survey: OpenedSurvey, invited_before: bool
) -> None:
    mailing = plan_mailing(survey, people=4, throttle_days=0)
    mailing.prepare()
    if invited_before:
        mailing.send()
        mailing.let_time_pass(30)
        mailing = plan_mailing(survey, people=0, throttle_days=0)
        mailing.prepare()
    mails = die_with_a_full_hand(mailing)
    with mailing.database.writing() as session:
        actions.give_back(session, [(each, utc_now()) for each in mails])
    with mailing.database.reading() as session:
        days = set(session.scalars(select(Customer.last_invited_on)))
        before = set(
            session.scalars(select(Invitation.sent_on).where(Invitation.wave_id != mailing.wave_id))
        )
        sent = set(
            session.scalars(select(Invitation.sent_on).where(Invitation.wave_id == mailing.wave_id))
        )
    assert sent == {None}
    assert days == (before or {None})
    assert mailing.states() == {"queued": 4}
