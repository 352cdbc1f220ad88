"""Call lists on both databases: next customer, outcomes, answers sealed like any other."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from config import Settings
from feedback_app.answers.models import NamedRespondent
from feedback_app.answers.rules import Envelope
from feedback_app.customers import actions as customers
from feedback_app.customers.models import Customer
from feedback_app.customers.rules import Reason
from feedback_app.foundation.db import Database, utc_now
from feedback_app.interviews import actions, queries
from feedback_app.interviews.models import PhoneCall
from feedback_app.interviews.rules import Outcome, UnableToCall
from feedback_app.invitations.models import Invitation
from feedback_app.surveys import queries as surveys
from feedback_app.surveys.rules import Mode
from feedback_app.tagging.rules import chosen_tags
from tests.factories.interviews import BY, Calls, plan_calls
from tests.factories.respondents import open_survey

TICKED = {"reasons": {"ticked": ["client.closed"], "decided": "client.closed"}}


def end(calls: Calls, call_id: UUID, outcome: Outcome, **more: object) -> None:
    with calls.database.writing() as session:
        actions.end_call(session, call_id, outcome, by=BY, **more)  # type: ignore[arg-type]


def interview(calls: Calls, call_id: UUID, *, has_consent: bool = False) -> bool:
    with calls.database.writing() as session:
        survey = surveys.get_survey(session, calls.survey.slug)
        found = surveys.find_for_respondent(session, survey_id=survey.id)
        assert found is not None
        return actions.take_interview(
            session,
            survey,
            call_id,
            Envelope(found.version_id, "uk", TICKED),
            by=BY,
            has_consent=has_consent,
            tagger=chosen_tags,
        )


def take(calls: Calls, by: str = BY) -> UUID:
    call_id = calls.take_next(by)
    assert call_id is not None
    return call_id


def test_interviews_are_sealed_and_open_together(calls: Calls) -> None:
    for _ in range(5):
        assert interview(calls, take(calls))
    assert calls.take_next() is None
    survey = calls.survey
    assert survey.count("box") == 5
    assert survey.count("spent_form_token") == 0, "the invitation is the guard"
    assert survey.work() == 5
    rows = survey.answers()
    assert {row["channel"] for row in rows} == {"phone"}
    assert {row["segment_1"] for row in rows} == {""}
    with calls.database.reading() as session:
        assert set(session.scalars(select(Invitation.is_used))) == {True}
        # Nothing is left that says when somebody was called.
        times = session.execute(select(PhoneCall.due_at, PhoneCall.claimed_until)).all()
    assert set(times) == {(None, None)}
    assert calls.outcomes() == {"answered": 5}


def test_each_outcome_leads_on(calls: Calls) -> None:
    end(calls, take(calls), Outcome.REFUSED)
    end(calls, take(calls), Outcome.WRONG_NUMBER)
    end(calls, take(calls), Outcome.NOT_REACHED)
    later = take(calls)
    end(calls, later, Outcome.CALL_BACK, call_back_at=utc_now() + timedelta(minutes=1))
    take(calls)
    assert calls.outcomes() == {
        "refused": 1, "wrong-number": 1, "not-reached": 1, "call-back": 1, "": 1,
    }  # fmt: skip
    with calls.database.writing() as session:
        past = utc_now() - timedelta(minutes=1)
        session.execute(update(PhoneCall).where(PhoneCall.id == later).values(due_at=past))
        session.execute(update(PhoneCall).values(claimed_by="", claimed_until=None))
    assert take(calls) == later, "who was promised a call comes first"
    with pytest.raises(UnableToCall):
        end(calls, later, Outcome.ANSWERED)
    with pytest.raises(UnableToCall):
        end(calls, later, Outcome.CALL_BACK)


def test_two_operators_never_get_the_same_customer(calls: Calls) -> None:
    taken: list[UUID | None] = []

    def work(name: str) -> None:
        taken.append(calls.take_next(f"{name}@example.com"))

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [each for each in taken if each is not None]
    assert len(set(found)) == len(found) == 5
    mine = calls.take_next("0@example.com")
    assert mine is None or mine in found, "who has a call gets it again"
    with pytest.raises(UnableToCall):
        end(calls, next(each for each in found if each != mine), Outcome.REFUSED)


def test_who_answered_or_wants_no_contact_is_passed_over(calls: Calls) -> None:
    with calls.database.writing() as session:
        ids = list(session.scalars(select(Invitation.id).order_by(Invitation.id)))
        for each, values in zip(ids, ({"is_used": True}, {"is_unsubscribed": True}), strict=False):
            session.execute(update(Invitation).where(Invitation.id == each).values(values))
        mails = list(
            session.scalars(
                select(Customer.email)
                .join(Invitation, Invitation.customer_id == Customer.id)
                .where(Invitation.id.in_(ids[2:4]))
                .order_by(Customer.email)
            )
        )
        customers.suppress(session, mails[0], reason=Reason.UNSUBSCRIBED, by=BY)
        customers.suppress(session, mails[1], reason=Reason.BOUNCED, by=BY)
    called = []
    while (call_id := calls.take_next()) is not None:
        called.append(call_id)
        end(calls, call_id, Outcome.REFUSED)
    assert len(called) == 2, "a mail that bounced is no reason not to call"
    with calls.database.reading() as session:
        (listed,) = queries.list_call_lists(session)
    assert listed.calls == 5, "the list does not tell who is passed over"


def test_an_answer_that_came_by_mail_meanwhile_is_not_doubled(calls: Calls) -> None:
    call_id = take(calls)
    with calls.database.writing() as session:
        session.execute(update(Invitation).values(is_used=True))
    assert not interview(calls, call_id)
    assert calls.survey.count("box") == 0
    assert calls.outcomes() == {"answered": 1, "": 4}


def test_making_the_list_again_adds_newcomers_alone(calls: Calls, settings: Settings) -> None:
    for expected in (0, 0):
        with calls.database.writing() as session:
            number = actions.start_list(session, calls.wave_id, by=BY, folder=settings.keys)
        assert number == expected
    calls.survey.close()
    with calls.database.writing() as session, pytest.raises(UnableToCall):
        actions.start_list(session, calls.wave_id, by=BY, folder=settings.keys)


def test_a_named_survey_keeps_whose_answer_it_is_and_the_consent(
    prepared: Database, settings: Settings
) -> None:
    survey = open_survey(prepared, settings, mode=Mode.NAMED)
    calls = plan_calls(survey, people=1)
    assert interview(calls, take(calls), has_consent=True)
    with prepared.reading() as session:
        (row,) = session.execute(select(NamedRespondent.reference, NamedRespondent.consent)).all()
    assert row.reference == "c-0"
    assert row.consent.startswith("spoken on 20")
    assert row.consent.endswith(f"heard by {BY}")
    (answer,) = survey.answers()
    assert answer["channel"] == "phone"
