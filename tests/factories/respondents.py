"""Surveys that take answers, and what a respondent does with their page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from werkzeug.test import TestResponse

from config import Settings
from feedback_app.answers import actions as answers
from feedback_app.answers.jobs import open_batches_job
from feedback_app.answers.models import Answer
from feedback_app.ballots import keys
from feedback_app.ballots.models import Box
from feedback_app.foundation.db import Database
from feedback_app.surveys import actions as surveys
from feedback_app.surveys.models import Survey, SurveyVersion
from feedback_app.surveys.rules import Mode, SurveyDefinition
from feedback_app.tagging.rules import chosen_tags

BY = "a test"
SMALLEST_K = 5


@dataclass(frozen=True)
class OpenedSurvey:
    """An open survey, its database and its worker."""

    id: UUID
    slug: str
    database: Database
    settings: Settings

    @property
    def path(self) -> str:
        """Where its open link leads."""
        return f"/s/{self.slug}"

    @property
    def form_name(self) -> str:
        """What the tokens of its page are made for."""
        with self.database.reading() as session:
            version = session.scalar(
                select(SurveyVersion.id)
                .where(SurveyVersion.survey_id == self.id)
                .order_by(SurveyVersion.number.desc())
            )
        assert version is not None
        return f"{self.path} {version.hex}"

    def count(self, table: str) -> int:
        """Rows of a table."""
        with self.database.reading() as session:
            return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)

    def boxes(self) -> list[bytes]:
        """What waits, sealed."""
        with self.database.reading() as session:
            return list(session.scalars(select(Box.ciphertext)))

    def work(self) -> int:
        """Let the worker open what is a crowd; how many answers came out."""
        return open_batches_job(chosen_tags)(self.database, self.settings)

    def answers(self) -> list[dict[str, Any]]:
        """Opened answers as plain mappings."""
        with self.database.reading() as session:
            rows = session.execute(select(Answer.__table__).where(Answer.survey_id == self.id))
            return [dict(row._mapping) for row in rows]

    def close(self) -> None:
        """End the survey."""
        with self.database.writing() as session:
            surveys.close(session, self.id, by=BY)


def open_survey(
    database: Database,
    settings: Settings,
    *,
    name: str = "Departed",
    k: int = SMALLEST_K,
    mode: Mode = Mode.ANONYMOUS,
    document: Mapping[str, Any] | None = None,
    box_bytes: int | None = None,
    is_demo: bool = False,
) -> OpenedSurvey:
    """An open survey of the departed template, or of `document`."""
    keys.make_folder(settings.keys)
    with database.writing() as session:
        row = surveys.create(
            session,
            by=BY,
            template="departed",
            name=name,
            language="en",
            k=k,
            mode=mode,
            is_demo=is_demo,
        )
        if document is not None:
            size = SurveyDefinition.from_document(document).box_bytes()
            version = update(SurveyVersion).where(SurveyVersion.survey_id == row.id)
            session.execute(version.values(definition=dict(document)))
            session.execute(update(Survey).where(Survey.id == row.id).values(box_bytes=size))
        if box_bytes is not None:
            session.execute(update(Survey).where(Survey.id == row.id).values(box_bytes=box_bytes))
        answers.open_survey(session, row.id, by=BY, folder=settings.keys)
    return OpenedSurvey(row.id, row.slug, database, settings)


def read_token(page: str) -> str:
    """The form token inside a page."""
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None, "the page holds no form token"
    return found[1]


def fetch_token(client: FlaskClient, path: str) -> str:
    """The token of a fresh page."""
    return read_token(client.get(path).text)


def send(
    client: FlaskClient,
    path: str,
    fields: Mapping[str, str | Sequence[str]],
    *,
    token: str | None = None,
    step: str = "send",
    language: str = "en",
) -> TestResponse:
    """Press a button of the page at `path`."""
    form = {"token": fetch_token(client, path) if token is None else token, "step": step}
    return client.post(f"{path}?lang={language}", data={**form, **fields})
