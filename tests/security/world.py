"""A company that asks its lost customers by invitation, and the ground truth a judge keeps.

Answers are opened by the worker's real job while they come in. Every answer carries a
canary: the judge reads it to see whom an opened answer belongs to; a thief must not.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
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
from feedback_app.foundation.db import Database, changed_rows
from feedback_app.foundation.jobs import run_once
from feedback_app.invitations import actions as invitations
from feedback_app.invitations.models import Invitation
from feedback_app.invitations.queries import InvitationRow, find_invitation
from feedback_app.invitations.rules import hash_token
from feedback_app.surveys import actions as surveys
from feedback_app.surveys import queries
from feedback_app.surveys.queries import SurveyRow
from feedback_app.tagging.rules import chosen_tags
from feedback_app.worker import make_jobs

SEGMENTS = (("basic", "north"), ("basic", "south"), ("premium", "north"))
LANGUAGES = ("en", "en", "en", "en", "en", "en", "ru", "ru", "uk")
SUBMISSIONS_PER_WORKER_RUN = 5
PURGE_ON = date(2100, 1, 1)

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
    where = [chance.choice(SEGMENTS) for _ in range(guests)]
    with database.writing() as session:
        row = surveys.create(session, by="test", template="departed", name="Lost", language="en")
        surveys.name_segments(session, row.id, ("plan", "region"))
        survey = answers.open_survey(session, row.id, by="test", folder=settings.keys)
        opened = queries.find_for_respondent(session, survey_id=row.id)
        tokens = invitations.issue(
            session,
            survey_id=row.id,
            count=guests,
            segments_list=where,
            by="test",
            folder=settings.keys,
        )
        rows = [find_invitation(session, hash_token(each)) for each in tokens]
    assert opened is not None
    people = [Guest(row, row.segments, chance.choice(LANGUAGES)) for row in rows if row is not None]
    chance.shuffle(people)
    return World(
        database, settings, survey, opened.version_id, {each.invitation.id: each for each in people}
    )


def submit(world: World, guest: Guest, take: Taking | None = None) -> None:
    """One person answers: the product's way, or as the control `take` stores it."""
    canary = f"canary-{secrets.token_hex(12)}"
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
    for number, guest in enumerate(world.guests.values(), start=1):
        submit(world, guest, take)
        if number % SUBMISSIONS_PER_WORKER_RUN == 0 or number == len(world.guests):
            yield "before"
            run_once(make_jobs(has_tagger=False), world.database, world.settings)
            yield "after"


@contextmanager
def smallest_crowd(world: World) -> Iterator[None]:
    """Fail when an unopened batch is full although the worker just ran."""
    yield
    with world.database.reading() as session:
        assert all(each.boxes < each.k for each in list_open_batches(session))
