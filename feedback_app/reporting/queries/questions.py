"""Answers to every question of a survey, grouped; and texts of one question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, func, literal, literal_column, select
from sqlalchemy.orm import Session

from feedback_app.answers.models import Answer
from feedback_app.reporting.queries import month_of
from feedback_app.reporting.rules.counts import Columns
from feedback_app.reporting.rules.questions import (
    Choice,
    QuestionCounts,
    chosen_in,
    list_choices,
    text_in,
)
from feedback_app.reporting.rules.scores import as_columns, name_fields, number_of
from feedback_app.reporting.rules.selection import Selection
from feedback_app.surveys.queries import list_competitors, list_score_fields
from feedback_app.surveys.rules import SurveyDefinition
from feedback_app.surveys.rules.scores import ScoreField

ROWS_AT_A_TIME = 2_000
SIGNS_TOGETHER = 4


def read_question_counts(
    session: Session,
    survey_id: UUID,
    definition: SurveyDefinition,
    selection: Selection,
    *,
    with_numbers: bool,
) -> QuestionCounts:
    """All answers, told apart by whatever the selection narrows.

    Choices and texts are read out of the documents in one pass; numbers are grouped by the
    database.
    """
    is_dated = bool(selection.since or selection.until)
    month = month_of(session) if is_dated else literal("", String).label("month")
    where: list[ColumnElement[Any]] = [
        month,
        *(getattr(Answer, name) for name in selection.dimensions),
    ]
    choices = list_choices(definition)
    fields = list_score_fields(session, survey_id) if with_numbers else ()
    return QuestionCounts(
        choices,
        fields,
        selection.dimensions,
        _read_chosen(session, survey_id, choices, where, selection.dimensions),
        _read_numbers(session, survey_id, fields, where, selection.dimensions, is_dated=is_dated),
    )


def list_texts(
    session: Session, survey_id: UUID, code: str, *, first: int, most: int, smallest: int
) -> list[str]:
    """Some texts of this question; none where fewer than `smallest` answers hold one.

    In the order of the answers' random ids, which says nothing; `first` counts from 0.
    """
    number, found, start = 0, [], 0
    query = select(Answer.document).where(Answer.survey_id == survey_id, Answer.has_text)
    while number < max(first + most, smallest):
        rows = query.order_by(Answer.id).offset(start).limit(ROWS_AT_A_TIME)
        documents = session.scalars(rows).all()
        for text in filter(None, (text_in(code, each) for each in documents)):
            if first <= number < first + most:
                found.append(text)
            number += 1
        if len(documents) < ROWS_AT_A_TIME:
            break
        start += ROWS_AT_A_TIME
    return found if number >= smallest else []


def _documents(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    columns: Sequence[ColumnElement[Any]] = (),
) -> Iterator[Sequence[Any]]:
    """What answers said, and some of their columns, a few thousand at a time.

    SQLite hands rows over one by one. On PostgreSQL a statement that does so needs a
    transaction, so the answers are asked for by their ids.
    """
    query = select(Answer.id, Answer.document, *columns).where(*conditions)
    if session.get_bind().dialect.name == "sqlite":
        rows = session.execute(query.execution_options(yield_per=ROWS_AT_A_TIME))
        yield from (row[1:] for row in rows)
        return
    last = UUID(int=0)
    while True:
        some = session.execute(
            query.where(Answer.id > last).order_by(Answer.id).limit(ROWS_AT_A_TIME)
        ).all()
        yield from (row[1:] for row in some)
        if len(some) < ROWS_AT_A_TIME:
            return
        last = some[-1].id


def _read_chosen(
    session: Session,
    survey_id: UUID,
    choices: Sequence[Choice],
    where: Sequence[ColumnElement[Any]],
    dimensions: Sequence[str],
) -> Columns:
    names = ("question", "codes", "month", *dimensions, "respondents")
    if not choices:
        return as_columns(names, [])
    known = {name.casefold(): name for name in list_competitors(session, with_retired=True)}
    counted: Counter[tuple[Any, ...]] = Counter()
    conditions = [Answer.survey_id == survey_id]
    if all(choice.kind == "texts" for choice in choices):
        conditions.append(Answer.has_text.is_(True))
    for document, *place in _documents(session, conditions, where):
        for choice in choices:
            codes = chosen_in(choice, document)
            if codes:
                if choice.kind == "names":
                    codes = tuple(known.get(code.casefold(), code) for code in codes)
                counted[choice.code, codes, *place] += 1
    return as_columns(
        names,
        [(code, list(codes), *rest, number) for (code, codes, *rest), number in counted.items()],
    )


def _read_numbers(
    session: Session,
    survey_id: UUID,
    fields: Sequence[ScoreField],
    where: Sequence[ColumnElement[Any]],
    dimensions: Sequence[str],
    *,
    is_dated: bool,
) -> Columns:
    names = name_fields(fields)
    counted: Counter[tuple[Any, ...]] = Counter()
    groups = where if is_dated else where[1:]
    for start in range(0, len(fields), SIGNS_TOGETHER):
        some = names[start : start + SIGNS_TOGETHER]
        signs = literal_column(f"substr(scores, {start + 1}, {len(some)})", String).label("signs")
        rows = session.execute(
            select(signs, *where, func.count())
            .where(Answer.survey_id == survey_id)
            .group_by(signs, *groups)
        )
        for held, *place, number in rows:
            for name, sign in zip(some, held, strict=False):
                value = number_of(sign)
                if value is not None:
                    counted[name, value, *place] += number
    return as_columns(
        ("field", "value", "month", *dimensions, "respondents"),
        [(*key, number) for key, number in counted.items()],
    )
