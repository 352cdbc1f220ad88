"""Waves: planning, segments that travel, always-on, reminders, ends, and what staff may count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from feedback_app.ballots.models import Batch
from feedback_app.customers.models import Customer
from feedback_app.customers.rules import RecipientFilter
from feedback_app.foundation.db import utc_now, utc_today
from feedback_app.invitations import actions, jobs, queries, wave_keys
from feedback_app.invitations.models import Invitation, Outbox
from feedback_app.invitations.rules import (
    MailText,
    UnableToPlanWave,
    UnableToRunWave,
    UnableToWriteMail,
    WaveKind,
    WaveState,
    hash_token,
)
from feedback_app.surveys.queries import get_survey
from tests.factories.respondents import BY, OpenedSurvey, send
from tests.factories.waves import (
    Mailing,
    add_customers,
    plan_mailing,
    token_of,
)
from tests.smtp_server import SmtpServer, running_smtp

SHORT = {"reasons": "client.closed"}


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """A server in good health."""
    with running_smtp() as running:
        yield running


def crowds(mailing: Mailing) -> dict[tuple[str, ...], int]:
    with mailing.database.reading() as session:
        return queries.count_combinations(session, mailing.survey.id, wave_id=mailing.wave_id)


def test_only_crowds_carry_their_segments(survey: OpenedSurvey) -> None:
    mailing = plan_mailing(survey, people=30, segments=("plan",))
    with survey.database.writing() as session:
        session.execute(
            update(Customer).where(Customer.reference.in_(["c-0", "c-2"])).values(plan="rare")
        )
        preview = queries.preview_wave(session, mailing.wave_id, today=utc_today())
    becomes = {each.segments: (each.people, each.becomes) for each in preview.combinations}
    assert becomes[("pro",)] == (15, ("pro",))
    assert becomes[("rare",)] == (2, ("other",))
    assert preview.counts.reachable == 30
    mailing.prepare()
    found = crowds(mailing)
    assert all(number >= 5 for number in found.values()), "two people are no crowd"
    assert found == {("pro",): 15, ("other",): 15}, "the smallest crowd hides the rare ones"
    with survey.database.reading() as session:
        batches = {
            tuple(each)
            for each in session.scalars(select(Batch.segments).where(Batch.channel == "invitation"))
        }
        assert get_survey(session, survey.slug).segment_names == ("plan",)
    assert batches == set(found), "every crowd has a batch that takes its answers"


def test_segments_are_fixed_once_somebody_was_invited(survey: OpenedSurvey) -> None:
    plan_mailing(survey, people=12, segments=("plan", "region")).prepare()
    second = plan_mailing(survey, people=0, is_scheduled=False)
    with pytest.raises(UnableToPlanWave, match="plan, region"):
        second.act("choose_segments_of", names=["value_class"])
    second.act("choose_segments_of", names=["region"])
    with pytest.raises(UnableToPlanWave, match="at most 3"):
        second.act("choose_segments_of", names=["plan", "region", "language", "value_class"])
    with pytest.raises(UnableToPlanWave, match="no 'shoe'"):
        second.act("choose_segments_of", names=["shoe"])


def test_preparing_goes_on_where_it_was_interrupted(survey: OpenedSurvey) -> None:
    mailing = plan_mailing(survey, people=25)
    key = wave_keys.ensure_key(wave_keys.find_folder(mailing.settings), mailing.wave_id)
    with survey.database.writing() as session:
        actions.begin_preparing(session, mailing.wave_id, today=utc_today())
        actions.prepare_some(session, mailing.wave_id, key=key, now=utc_now(), limit=10)
    assert mailing.send() == 0, "nothing is sent before all are invited"
    assert mailing.prepare() == 15
    with survey.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Invitation)) == 25
        assert session.scalar(select(func.count(Invitation.customer_id.distinct()))) == 25
    assert mailing.send() == 25


def test_a_wave_waits_for_its_time(survey: OpenedSurvey) -> None:
    mailing = plan_mailing(survey, people=1, is_scheduled=False)
    mailing.act("schedule", at=utc_now() + timedelta(hours=1))
    assert mailing.prepare() == 0
    mailing.act("schedule", at=utc_now() - timedelta(seconds=1))
    assert mailing.prepare() == 1


def test_what_can_not_be_done_is_refused_in_words(survey: OpenedSurvey) -> None:
    mailing = plan_mailing(survey, people=1, is_scheduled=False)
    with pytest.raises(UnableToWriteMail, match=r"\{nmae\}.*\{name\}"):
        mailing.act("write_texts", texts={"en": MailText("Hello", "{nmae} {link}")})
    with pytest.raises(UnableToWriteMail, match=r"lacks \{link\}"):
        mailing.act("write_texts", texts={"en": MailText("Hello", "nothing")})
    with pytest.raises(UnableToWriteMail, match=r"subject.*\{link\}"):
        mailing.act("write_texts", texts={"en": MailText("See {link}", "{link}")})
    with pytest.raises(UnableToWriteMail, match="one line"):
        mailing.act("write_texts", texts={"en": MailText("Hello\nBcc: x", "{link}")})
    with pytest.raises(UnableToPlanWave, match="Reminders: from 0 to 5"):
        mailing.act("plan_wave", reminder_after_days=3, most_reminders=9)
    with pytest.raises(UnableToPlanWave, match="always-on"):
        mailing.act("plan_wave", reminder_after_days=3, invite_after_days=2)
    with pytest.raises(UnableToRunWave, match="this wave is draft"):
        mailing.act("pause")
    mailing.act("schedule")
    with pytest.raises(UnableToRunWave, match="Only a draft"):
        mailing.act("choose_recipients", wanted=RecipientFilter())
    survey.close()
    with pytest.raises(UnableToPlanWave, match="takes no answers"):
        plan_mailing(survey, people=0)


def test_always_on_invites_who_left_so_many_days_ago(
    survey: OpenedSurvey, server: SmtpServer
) -> None:
    mailing = plan_mailing(
        survey,
        server,
        people=20,
        segments=("plan",),
        kind=WaveKind.ALWAYS,
        invite_after_days=5,
    )
    mailing.prepare()
    assert jobs.invite_newcomers(mailing.database, mailing.settings) == 0, "they left 3 days ago"
    with survey.database.writing() as session:
        add_customers(session, 4, prefix="new", departed_on=utc_today() - timedelta(days=5))
        add_customers(session, 2, prefix="old", departed_on=utc_today() - timedelta(days=200))
        add_customers(
            session, 2, prefix="odd", departed_on=utc_today() - timedelta(days=5), plan="rare"
        )
    assert jobs.invite_newcomers(mailing.database, mailing.settings) == 6
    assert jobs.invite_newcomers(mailing.database, mailing.settings) == 0
    mailing.send()
    assert {each.recipient[:3] for each in server.received} == {"new", "odd"}
    found = crowds(mailing)
    assert found == {("basic",): 2, ("pro",): 2, ("other",): 2}, "crowds of the last year"
    assert jobs.end_waves(mailing.database, mailing.settings) == 0, "it goes on"
    assert jobs.invite_newcomers(mailing.database, mailing.settings) == 0


def test_how_many_answered_is_told_of_a_crowd_only(
    survey: OpenedSurvey, server: SmtpServer, client: FlaskClient
) -> None:
    mailing = plan_mailing(survey, server, people=8)
    mailing.prepare()
    mailing.send()
    assert (mailing.progress().answered, mailing.progress().response_rate) == (0, 0.0)
    for number, each in enumerate(server.received[:5], start=1):
        send(client, f"/i/{token_of(each.content)}", SHORT)
        told = mailing.progress()
        assert told.answered == (5 if number == 5 else None)
        assert told.response_rate == (5 / 8 if number == 5 else None)


def test_a_split_mailing_knows_no_names(survey: OpenedSurvey, client: FlaskClient) -> None:
    with survey.database.writing() as session:
        tokens = actions.split(
            session,
            survey_id=survey.id,
            name="Own system",
            count=7,
            by=BY,
            folder=survey.settings.keys,
        )
    assert len(set(tokens)) == 7
    with survey.database.reading() as session:
        wave = queries.find_wave(session, "Own system")
        assert wave is not None
        assert (wave.kind, wave.state) == (WaveKind.SPLIT, WaveState.FINISHED)
        assert set(session.scalars(select(Invitation.customer_id))) == {None}
        assert session.scalar(select(func.count()).select_from(Outbox)) == 0
    for token in tokens[:5]:
        send(client, f"/i/{token}", SHORT)
    with survey.database.reading() as session:
        told = queries.get_progress(session, wave.id)
    assert (told.invited, told.answered) == (7, 5)


def test_the_wave_key_lies_outside_the_database(survey: OpenedSurvey) -> None:
    mailing = plan_mailing(survey, people=1)
    mailing.prepare()
    (key,) = mailing.settings.home.glob("wave-keys/*.key")
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_bytes()) == 32
    key.unlink()
    mailing.send()
    assert mailing.states() == {"failed": 1}, "without the key nobody can make the link"


def test_tokens_of_a_wave_are_stored_as_hashes_only(survey: OpenedSurvey) -> None:
    mailing = plan_mailing(survey, people=3)
    mailing.prepare()
    mailing.send()
    tokens = [
        token_of(each.read_bytes()) for each in (mailing.settings.home / "mail").glob("*.eml")
    ]
    with survey.database.reading() as session:
        stored = set(session.scalars(select(Invitation.token_hash)))
    assert stored == {hash_token(each) for each in tokens}
