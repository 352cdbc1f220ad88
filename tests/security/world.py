"""A company that asks its lost customers by a wave, and the ground truth a judge keeps.

Mails leave, answers come in and are opened, those who have not answered are reminded, some
unsubscribe before or after they answered: all by the worker's real jobs. Every answer carries
a canary: the judge reads it to see whom an opened answer belongs to; a thief must not.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import Settings
from feedback_app.answers import actions as answers
from feedback_app.answers.actions import FormToken
from feedback_app.answers.models import Answer
from feedback_app.answers.rules import Envelope
from feedback_app.ballots.queries import list_open_batches
from feedback_app.cli.setting import prepare
from feedback_app.customers.models import Customer
from feedback_app.foundation.db import Database, changed_rows, utc_today
from feedback_app.foundation.jobs import Job, run_once
from feedback_app.invitations import actions as invitations
from feedback_app.invitations import jobs as mail_jobs
from feedback_app.invitations import wave_keys
from feedback_app.invitations.models import Invitation, Outbox
from feedback_app.invitations.queries import InvitationRow, find_invitation
from feedback_app.invitations.rules import derive_secret
from feedback_app.surveys import actions as surveys
from feedback_app.surveys import queries
from feedback_app.surveys.queries import SurveyRow
from feedback_app.tagging.rules import chosen_tags
from feedback_app.worker import make_jobs
from tests.factories.waves import add_customers

SEGMENTS = (("basic", "north"), ("basic", "south"), ("premium", "north"))
LANGUAGES = ("en", "en", "en", "en", "en", "en", "ru", "ru", "uk")
SUBMISSIONS_PER_WORKER_RUN = 5
#: So many runs of the worker are between two unsubscribings, and in all between two reminders.
RUNS_PER_UNSUBSCRIBING = 6
REMINDERS = 2
PURGE_ON = date(2100, 1, 1)

#: The worker's jobs that this world calls at moments of its own.
OF_WAVES = {
    *("people invited", "newcomers invited", "reminders decided"),
    *("mails dealt with", "waves ended"),
}

#: How a broken control stores an answer, in the transaction that marks the invitation.
Taking = Callable[[Session, SurveyRow, Envelope, tuple[str, ...]], None]


@dataclass(frozen=True)
class Guest:
    """An invited person: what the company, and so a thief, may know of them."""

    invitation: InvitationRow
    segments: tuple[str, ...]
    language: str


@dataclass
class World:
    """The company's database after everybody answered."""

    database: Database
    settings: Settings
    survey: SurveyRow
    version_id: UUID
    guests: dict[UUID, Guest]
    wave_id: UUID
    owner: dict[str, UUID] = field(default_factory=dict)  # canary -> invitation

    def judge(self) -> dict[UUID, UUID]:
        """Opened answer -> the invitation it really belongs to."""
        with self.database.reading() as session:
            rows = session.execute(select(Answer.id, Answer.document)).all()
        return {id_: self.owner[str(document["comment"])] for id_, document in rows}

    def unopened(self) -> set[str]:
        """Canaries of the answers that still wait, which nobody may be able to read."""
        with self.database.reading() as session:
            documents = session.scalars(select(Answer.document)).all()
        return set(self.owner) - {str(each["comment"]) for each in documents}


def found(database: Database, settings: Settings, *, guests: int, seed: int) -> World:
    """An open survey and a wave to `guests` people spread over the segments, mails sent."""
    prepare(settings, database)
    chance = random.Random(seed)
    with database.writing() as session:
        row = surveys.create(session, by="test", template="departed", name="Lost", language="en")
        survey = answers.open_survey(session, row.id, by="test", folder=settings.keys)
        opened = queries.find_for_respondent(session, survey_id=row.id)
        for number in range(guests):
            plan, region = chance.choice(SEGMENTS)
            add_customers(session, 1, prefix=f"p{number}-", plan=plan, region=region)
        wave_id = invitations.create_wave(session, survey_id=row.id, name="Spring", by="test")
        invitations.choose_segments_of(session, wave_id, ("plan", "region"), by="test")
        invitations.plan_wave(
            session, wave_id, reminder_after_days=1, most_reminders=REMINDERS, by="test"
        )
        invitations.schedule(session, wave_id, by="test")
    assert mail_jobs.prepare_waves(database, settings) == guests
    run_once([_sending()], database, settings)
    database.forget_old_pages()
    with database.reading() as session:
        hashes = session.scalars(select(Invitation.token_hash))
        rows = [find_invitation(session, each) for each in hashes]
        survey = queries.get_survey(session, str(survey.id))
    assert opened is not None
    people = [Guest(row, row.segments, chance.choice(LANGUAGES)) for row in rows if row is not None]
    people.sort(key=lambda each: each.invitation.id)
    chance.shuffle(people)
    return World(
        database,
        settings,
        survey,
        opened.version_id,
        {each.invitation.id: each for each in people},
        wave_id,
    )


def _sending() -> Job:
    return Job("mails", every=1.0, run=mail_jobs.send_mails_job())


def submit(world: World, guest: Guest, take: Taking | None = None) -> None:
    """One person answers: the product's way, or as the control `take` stores it."""
    canary = "canary-" + "".join(secrets.choice("bcdfghjklmnp") for _ in range(24))
    values = {"reasons": {"ticked": ["company.price"], "decided": ""}, "comment": canary}
    envelope = Envelope(world.version_id, guest.language, values)
    with world.database.writing() as session:
        if take is None:
            assert invitations.submit(
                session,
                world.survey,
                guest.invitation,
                envelope,
                token=FormToken(secrets.token_bytes(32), PURGE_ON),
                respondent="",
                tagger=chosen_tags,
            )
        else:
            used = update(Invitation).where(Invitation.id == guest.invitation.id)
            assert changed_rows(session, used.values(is_used=True)) == 1
            take(session, world.survey, envelope, guest.segments)
    world.owner[canary] = guest.invitation.id


def everybody_answers(world: World, take: Taking | None = None) -> Iterator[str]:
    """Submissions with the worker between them; yields "before" and "after" each worker run.

    The worker looks often, so batches open at k or a little above: the thief's best case.
    """
    opening = [job for job in make_jobs(has_tagger=False) if job.name not in OF_WAVES]
    people = list(world.guests.values())
    every = len(people) // SUBMISSIONS_PER_WORKER_RUN // (REMINDERS + 1)
    reminding = {every * part for part in range(1, REMINDERS + 1)}
    runs = 0
    for number, guest in enumerate(people, start=1):
        submit(world, guest, take)
        if number % SUBMISSIONS_PER_WORKER_RUN == 0 or number == len(people):
            yield "before"
            run_once(opening, world.database, world.settings)
            yield "after"
            runs += 1
            if runs % RUNS_PER_UNSUBSCRIBING == 0:
                unsubscribe(world, guest)
                unsubscribe(world, people[-(runs // RUNS_PER_UNSUBSCRIBING)])
            if runs in reminding:
                remind(world)


def unsubscribe(world: World, guest: Guest) -> None:
    """By the link in the mail; whether he answered makes no difference."""
    key = wave_keys.get_key(wave_keys.find_folder(world.settings), world.wave_id)
    with world.database.writing() as session:
        secret = derive_secret(key, "unsubscribe", guest.invitation.id)
        assert invitations.unsubscribe(session, secret)


def remind(world: World) -> None:
    """Days pass; whoever has not answered gets the same link again."""
    with world.database.writing() as session:
        session.execute(
            update(Invitation)
            .where(Invitation.is_used.is_(False))
            .values(sent_on=utc_today() - timedelta(days=REMINDERS))
        )
    assert mail_jobs.remind(world.database, world.settings)
    run_once([_sending()], world.database, world.settings)
    # The thief shall see what comes next as well as he can.
    world.database.forget_old_pages()


def order_of_mails(world: World) -> dict[UUID, tuple[object, ...]]:
    """Invitation -> what the outbox and the list of customers tell of its recipient."""
    with world.database.reading() as session:
        rows = session.execute(
            select(
                Invitation.id,
                Invitation.reminders_sent,
                Invitation.is_unsubscribed,
                Outbox.due_at,
                Customer.email,
            )
            .join(Outbox, Outbox.invitation_id == Invitation.id)
            .join(Customer, Customer.id == Invitation.customer_id)
            .where(Outbox.number == 0)
        )
        return {id_: tuple(known) for id_, *known in rows}


@contextmanager
def smallest_crowd(world: World) -> Iterator[None]:
    """Fail when an unopened batch is full although the worker just ran."""
    yield
    with world.database.reading() as session:
        assert all(each.boxes < each.k for each in list_open_batches(session))
