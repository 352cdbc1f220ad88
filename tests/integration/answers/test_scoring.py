"""Answers that were opened before reports had a column for their numbers."""

from __future__ import annotations

from sqlalchemy import select, update

from config import Settings
from feedback_app.answers.models import Answer
from feedback_app.answers.scoring import ScoreFiller
from feedback_app.foundation.db import Database
from tests.factories.scores import invent_current, make_ready_survey, put_values


def scores(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Answer.scores).order_by(Answer.id)))


def test_the_worker_fills_empty_columns_once(prepared: Database, settings: Settings) -> None:
    survey = make_ready_survey(prepared, "current", "Now")
    put_values(prepared, survey, [*invent_current(30), {"more": "Nothing in numbers"}])
    kept = scores(prepared)
    assert kept.count("") == 1
    with prepared.writing() as session:
        session.execute(update(Answer).values(scores=""))

    filler = ScoreFiller()

    assert filler.run(prepared, settings) == 30
    assert scores(prepared) == kept
    assert filler.run(prepared, settings) == 0
    assert ScoreFiller().run(prepared, settings) == 0
