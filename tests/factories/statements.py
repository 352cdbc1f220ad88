"""Surveys with statements for tests: answers with texts, their statements, some suggestions."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from sqlalchemy import select

from feedback_app.answers.masking import mask_values
from feedback_app.foundation.db import Database
from feedback_app.surveys.queries import SurveyRow
from feedback_app.tagging import actions, queries
from feedback_app.tagging.actions import NewSuggestion
from feedback_app.tagging.models import Statement
from feedback_app.tagging.queries import StatementRow
from feedback_app.tagging.rules import Suggested, Tag
from tests.factories.answers import Told, put_answers

MODEL = "20260101T000000.000000Z"


def put_statements(
    database: Database, survey: SurveyRow, texts: Iterable[str], *, causes: tuple[str, ...] = ()
) -> list[StatementRow]:
    """Answers that say `texts` (and tick `causes`), and their statements."""
    put_answers(
        database,
        survey,
        [Told(causes, causes[0] if causes else "", document={"more": it}) for it in texts],
    )
    with database.writing() as session:
        actions.make_statements(session, survey.id, after=None, mask=partial(mask_values))
    return list_statements(database, survey)


def list_statements(database: Database, survey: SurveyRow) -> list[StatementRow]:
    """All statements of a survey in the order of their ids."""
    with database.reading() as session:
        ids = session.scalars(
            select(Statement.id).where(Statement.survey_id == survey.id).order_by(Statement.id)
        )
        return [queries.get_statement(session, survey.id, each) for each in ids]


def suggest(
    database: Database,
    statements: Iterable[StatementRow],
    code: str,
    *,
    confidence: float = 0.8,
    urgency: float = 0.5,
    evidence: tuple[tuple[int, int], ...] = (),
    others: tuple[str, ...] = (),
) -> None:
    """Let the tagger have said `code` of `statements`."""
    said = Suggested(code, others, confidence, evidence)
    with database.writing() as session:
        actions.store_suggestions(
            session, MODEL, [NewSuggestion(each.id, said, urgency) for each in statements]
        )


def confirm(
    database: Database,
    statements: Iterable[StatementRow],
    code: str,
    *others: str,
    by: str = "reader@example.com",
) -> None:
    """Let somebody have confirmed `statements`."""
    with database.writing() as session:
        for each in statements:
            actions.confirm(session, each, Tag(code, others), by=by, codebook=1)
