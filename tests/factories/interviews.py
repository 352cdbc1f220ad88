"""Call lists for tests: a prepared wave whose customers have telephones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from feedback_app.customers.models import Customer
from feedback_app.foundation.db import Database
from feedback_app.interviews import actions
from feedback_app.interviews.models import PhoneCall
from tests.factories.respondents import OpenedSurvey
from tests.factories.waves import plan_mailing

BY = "operator@example.com"


@dataclass(frozen=True)
class Calls:
    """A call list and the database it is in."""

    survey: OpenedSurvey
    wave_id: UUID

    @property
    def database(self) -> Database:
        """Where it is stored."""
        return self.survey.database

    def take_next(self, by: str = BY) -> UUID | None:
        """The next customer for an operator."""
        with self.database.writing() as session:
            return actions.take_next(session, self.wave_id, by=by)

    def outcomes(self) -> dict[str, int]:
        """Outcome -> how many calls."""
        with self.database.reading() as session:
            query = select(PhoneCall.outcome, func.count()).group_by(PhoneCall.outcome)
            return {str(outcome): number for outcome, number in session.execute(query)}

    def change(self, **values: Any) -> None:
        """Change every call."""
        with self.database.writing() as session:
            session.execute(update(PhoneCall).values(**values))


def plan_calls(survey: OpenedSurvey, *, people: int = 3, language: str = "uk") -> Calls:
    """A call list of `people` customers who were invited by mail."""
    mailing = plan_mailing(survey, people=people)
    with survey.database.writing() as session:
        session.execute(update(Customer).values(phone="+380 44 123 45 67", language=language))
    mailing.prepare()
    with survey.database.writing() as session:
        actions.start_list(session, mailing.wave_id, by=BY, folder=survey.settings.keys)
    return Calls(survey, mailing.wave_id)
