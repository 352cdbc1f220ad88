"""Numbers of answers that were opened before reports had a column for them (docs/adr/0024)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import Settings
from feedback_app.answers.models import Answer
from feedback_app.foundation.db import Database
from feedback_app.surveys import actions as survey_actions
from feedback_app.surveys.queries import list_score_fields, list_surveys
from feedback_app.surveys.rules import Mode
from feedback_app.surveys.rules.scores import ScoreField, spell_scores

ROWS_AT_A_TIME = 2_000


class ScoreFiller:
    """The job that fills the column where it is empty: once after each start of the worker.

    An answer without a number keeps its empty column, so looking once is enough.
    """

    def __init__(self) -> None:
        self._is_done = False

    def run(self, database: Database, _settings: Settings) -> int:
        """How many answers got their numbers."""
        if self._is_done:
            return 0
        with database.reading() as session:
            fields = {
                row.id: list_score_fields(session, row.id)
                for row in list_surveys(session)
                if row.mode is not Mode.IMPORT
            }
        filled = sum(_fill(database, survey, some) for survey, some in fields.items() if some)
        self._is_done = True
        return filled


def _fill(database: Database, survey_id: UUID, fields: tuple[ScoreField, ...]) -> int:
    filled, last = 0, UUID(int=0)
    while True:
        with database.reading() as session:
            rows = _list_empty(session, survey_id, last)
        spelled = [(id_, spell_scores(fields, values)) for id_, values in rows]
        found = [{"id": id_, "scores": scores} for id_, scores in spelled if scores]
        if found:
            with database.writing() as session:
                session.execute(update(Answer), found)
                survey_actions.note_new_answers(session, survey_id)
        filled += len(found)
        if len(rows) < ROWS_AT_A_TIME:
            return filled
        last = rows[-1][0]


def _list_empty(
    session: Session, survey_id: UUID, last: UUID
) -> list[tuple[UUID, dict[str, object]]]:
    rows = session.execute(
        select(Answer.id, Answer.document)
        .where(Answer.survey_id == survey_id, Answer.scores == "", Answer.id > last)
        .order_by(Answer.id)
        .limit(ROWS_AT_A_TIME)
    )
    return [(id_, document) for id_, document in rows]
