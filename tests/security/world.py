"""A company that asks its lost customers by invitation, and the ground truth a judge keeps.

Answers are opened by the worker's real job while they come in. Every answer carries a
canary: the judge reads it to see whom an opened answer belongs to; a thief must not.
"""

from __future__ import annotations

import hashlib
import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from config import Settings
from feedback_app.answers import actions as answers
from feedback_app.answers.actions import FormToken
from feedback_app.answers.models import Answer
from feedback_app.answers.rules import Envelope
from feedback_app.ballots import actions as ballots
from feedback_app.ballots.queries import list_open_batches
from feedback_app.cli.setting import prepare
from feedback_app.foundation.db import Database, changed_rows
from feedback_app.foundation.jobs import run_once
from feedback_app.invitations.models import Invitation
from feedback_app.surveys import actions as surveys
from feedback_app.surveys import queries
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Channel
from feedback_app.worker import make_jobs

SEGMENTS = (("basic", "north"), ("basic", "south"), ("premium", "north"))
LANGUAGES = ("en", "en", "en", "en", "en", "en", "ru", "ru", "uk")
SUBMISSIONS_PER_WORKER_RUN = 5
PURGE_ON = date(2100, 1, 1)

#: How an answer is stored, in the transaction that marks the invitation: the product's way
#: or, in a control, a broken one.
Taking = Callable[[Session, SurveyRow, Envelope, tuple[str, ...]], None]


@dataclass(frozen=True)
class Guest:
    """An invited person: what the company, and so a thief, may know of them."""

    invitation: UUID
    token: bytes
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
    """An open survey with `guests` invitations spread over the segments."""
    prepare(settings, database)
    chance = random.Random(seed)
    with database.writing() as session:
        row = surveys.create(session, by="test", template="departed", name="Lost", language="en")
        surveys.name_segments(session, row.id, ("plan", "region"))
        survey = answers.open_survey(session, row.id, by="test", folder=settings.keys)
        opened = queries.find_for_respondent(session, survey_id=row.id)
        assert opened is not None
        for segments in SEGMENTS:
            ballots.start_batch(
                session,
                survey_id=row.id,
                channel=Channel.INVITATION,
                segments=segments,
                folder=settings.keys,
            )
        people = [
            Guest(uuid4(), secrets.token_bytes(16), chance.choice(SEGMENTS), language)
            for language in chance.choices(LANGUAGES, k=guests)
        ]
        session.execute(
            insert(Invitation),
            [
                {
                    "id": guest.invitation,
                    "survey_id": row.id,
                    "token_hash": hashlib.sha256(guest.token).digest(),
                    "is_used": False,
                    "is_test": False,
                    "segments": list(guest.segments),
                }
                for guest in people
            ],
        )
    order = chance.sample(people, len(people))
    return World(
        database, settings, survey, opened.version_id, {each.invitation: each for each in order}
    )


def take_sealed(
    session: Session, survey: SurveyRow, envelope: Envelope, segments: tuple[str, ...]
) -> None:
    """The product's way."""
    token = FormToken(secrets.token_bytes(32), PURGE_ON)
    assert answers.take_sealed(
        session, survey, envelope, channel=Channel.INVITATION, segments=segments, token=token
    )


def submit(world: World, guest: Guest, take: Taking = take_sealed) -> None:
    """One person answers: invitation and answer in one transaction."""
    canary = f"canary-{secrets.token_hex(12)}"
    values = {"reasons": {"ticked": ["company.price"], "decided": ""}, "comment": canary}
    with world.database.writing() as session:
        used = (
            update(Invitation)
            .where(
                Invitation.token_hash == hashlib.sha256(guest.token).digest(),
                Invitation.is_used.is_(False),
            )
            .values(is_used=True)
        )
        assert changed_rows(session, used) == 1
        take(
            session,
            world.survey,
            Envelope(world.version_id, guest.language, values),
            guest.segments,
        )
    world.owner[canary] = guest.invitation


def everybody_answers(world: World, take: Taking = take_sealed) -> Iterator[str]:
    """Submissions with the worker between them; yields "before" and "after" each worker run.

    The worker looks often, so batches open at k or a little above: the thief's best case.
    """
    for number, guest in enumerate(world.guests.values(), start=1):
        submit(world, guest, take)
        if number % SUBMISSIONS_PER_WORKER_RUN == 0 or number == len(world.guests):
            yield "before"
            run_once(make_jobs(), world.database, world.settings)
            yield "after"


@contextmanager
def smallest_crowd(world: World) -> Iterator[None]:
    """Fail when an unopened batch is full although the worker just ran."""
    yield
    with world.database.reading() as session:
        assert all(each.boxes < each.k for each in list_open_batches(session))
