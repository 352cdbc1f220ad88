"""A survey that takes sealed answers, and short ways to send and open them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from config import Settings
from feedback_app.answers import actions as answers
from feedback_app.answers.models import Answer
from feedback_app.answers.rules import Envelope
from feedback_app.ballots import actions as ballots
from feedback_app.ballots.queries import OpenBatch, list_open_batches
from feedback_app.foundation.db import Database
from feedback_app.foundation.jobs import run_once
from feedback_app.surveys import actions as surveys
from feedback_app.surveys import queries
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Channel
from feedback_app.worker import make_jobs

K = 5


@dataclass
class Poll:
    """An open anonymous survey with k = 5."""

    database: Database
    settings: Settings
    survey: SurveyRow
    version_id: UUID

    def send(
        self,
        count: int = 1,
        *,
        channel: str = Channel.LINK,
        segments: tuple[str, ...] = (),
        language: str = "en",
    ) -> None:
        """So many answers, each in its own transaction."""
        for number in range(count):
            with self.database.writing() as session:
                answers.take_sealed(
                    session,
                    self.survey,
                    Envelope(self.version_id, language, {"comment": f"{segments} {number}"}),
                    channel=channel,
                    segments=segments,
                    token=None,
                )

    def start(self, *segments: str) -> None:
        """The batch of an invited crowd."""
        with self.database.writing() as session:
            ballots.start_batch(
                session,
                survey_id=self.survey.id,
                channel=Channel.INVITATION,
                segments=segments,
                folder=self.settings.keys,
            )

    def close(self) -> None:
        """Take no more answers."""
        with self.database.writing() as session:
            surveys.close(session, self.survey.id, by="test")

    def work(self) -> None:
        """One run of the worker."""
        run_once(make_jobs(has_tagger=False), self.database, self.settings)

    def waiting(self) -> list[OpenBatch]:
        """Batches that wait."""
        with self.database.reading() as session:
            return list_open_batches(session)

    def opened(self) -> list[tuple[str, str, str]]:
        """(channel, first segment, language) of every opened answer."""
        with self.database.reading() as session:
            rows = session.execute(
                select(Answer.channel, Answer.segment_1, Answer.language).order_by(Answer.id)
            )
            return [(row.channel, row.segment_1, row.language) for row in rows]


@pytest.fixture
def make_poll(prepared: Database, settings: Settings) -> Callable[[str], Poll]:
    """A function from a name to an open survey."""

    def make(name: str) -> Poll:
        with prepared.writing() as session:
            row = surveys.create(
                session, by="test", template="departed", name=name, language="en", k=K
            )
            survey = answers.open_survey(session, row.id, by="test", folder=settings.keys)
            opened = queries.find_for_respondent(session, survey_id=row.id)
        assert opened is not None
        return Poll(prepared, settings, survey, opened.version_id)

    return make


@pytest.fixture
def poll(make_poll: Callable[[str], Poll]) -> Poll:
    """One open survey."""
    return make_poll("Why they left")
