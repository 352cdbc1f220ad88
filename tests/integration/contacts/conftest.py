"""A survey that asks whether respondents want to be called, with its worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from feedback_app.contacts import actions, jobs
from feedback_app.contacts.models import Contact
from feedback_app.surveys.queries import get_survey
from tests.factories.respondents import BY, OpenedSurvey, fetch_token, open_survey, send

REASON = {"reasons": "client.closed"}
ANNA = {"name": "Anna", "reach": "+380 44 000 00 00", "hours": "after six"}


@dataclass(frozen=True)
class Desk:
    """What tests do with slips of one survey."""

    survey: OpenedSurvey

    def answer(self, client: FlaskClient, times: int = 1) -> None:
        """Send so many answers by the plain button."""
        for _ in range(times):
            send(client, self.survey.path, REASON)

    def leave(self, client: FlaskClient, **changed: str) -> Any:
        """Fill in the form behind the thanks."""
        path = f"{self.survey.path}/contact"
        form = {"token": fetch_token(client, path), **ANNA, **changed}
        return client.post(f"{path}?lang=en", data=form)

    def work(self) -> int:
        """Let the worker do its two jobs; how many slips were opened."""
        self.survey.work()
        return jobs.open_slips(self.survey.database, self.survey.settings)

    def contacts(self) -> list[dict[str, Any]]:
        """Opened slips as plain mappings."""
        with self.survey.database.reading() as session:
            return [dict(row._mapping) for row in session.execute(select(Contact.__table__))]


@pytest.fixture
def survey(app: Flask) -> OpenedSurvey:
    """An open anonymous survey with k = 5."""
    return open_survey(app.extensions["feedback_database"], app.config["FEEDBACK_SETTINGS"])


@pytest.fixture
def desk(survey: OpenedSurvey) -> Desk:
    """The same survey, once it asks for contact details and the worker has made a key."""
    with survey.database.writing() as session:
        row = get_survey(session, str(survey.id))
        actions.offer(session, row, is_offered=True, by=BY)
    made = Desk(survey)
    assert made.work() == 0
    return made
