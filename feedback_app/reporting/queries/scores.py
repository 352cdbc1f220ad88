"""Answers on scales, grouped by the database; and the poll's predictions.

Each answer holds its numbers in one short text (surveys/rules/scores.py). Fields told over
time and by group are counted in one pass with one FILTER per number; rating rows are grouped
a few signs at a time. How that compares with other ways: docs/adr/0024.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, String, func, literal_column, select
from sqlalchemy.orm import Session

from feedback_app.answers.models import Answer
from feedback_app.answers.rules import PREDICTED
from feedback_app.reporting.queries import month_of
from feedback_app.reporting.rules.counts import Columns
from feedback_app.reporting.rules.scores import (
    RATING,
    ScoreCounts,
    as_columns,
    complete_columns,
    count_signs,
    join_columns,
    name_fields,
)
from feedback_app.reporting.rules.selection import DIMENSIONS
from feedback_app.surveys.queries import list_score_fields
from feedback_app.surveys.rules.scores import DIGITS

#: Result columns of one statement stay well under what the databases allow.
FIELDS_PER_PASS = 20
SIGNS_TOGETHER = 4
#: Which ratings go with a score is computed from at most so many answers, taken by their
#: random ids: the first ones are a sample like any other.
SAMPLE = 5_000
#: A poll among staff is no register of customers: its documents are read one by one.
MOST_POLLED = 20_000


def read_scores(session: Session, survey_id: UUID) -> ScoreCounts:
    """All numbers that a survey's answers hold, grouped."""
    fields = list_score_fields(session, survey_id)
    names = name_fields(fields)
    heads = [at for at, field in enumerate(fields) if field.kind != RATING]
    rows = [at for at, field in enumerate(fields) if field.kind == RATING]
    columns = ("field", "value", "month", *DIMENSIONS, "respondents")
    respondents, counted = 0, []
    for start in range(0, max(1, len(heads)), FIELDS_PER_PASS):
        some = heads[start : start + FIELDS_PER_PASS]
        wanted = [(at, names[at], fields[at].digits) for at in some]
        respondents, told = _count_apart(session, survey_id, wanted)
        counted.append(told)
    for first, length in _runs(rows):
        signs = _read_signs(session, survey_id, first, length)
        counted.append(count_signs(names[first : first + length], signs, DIMENSIONS))
    return ScoreCounts(
        respondents,
        fields,
        DIMENSIONS,
        join_columns(counted, columns),
        complete_columns(names, _sample(session, survey_id)),
    )


def read_predictions(session: Session, survey_id: UUID) -> Columns:
    """cause, percent, respondents of a staff poll."""
    documents = session.scalars(
        select(Answer.document)
        .where(Answer.survey_id == survey_id)
        .order_by(Answer.id)
        .limit(MOST_POLLED)
    )
    found: Counter[tuple[str, int]] = Counter()
    for document in documents:
        predicted = document.get(PREDICTED)
        if isinstance(predicted, dict):
            found.update((cause, percent) for cause, percent in predicted.items())
    rows = [(*key, number) for key, number in sorted(found.items())]
    return as_columns(("cause", "percent", "respondents"), rows)


def _count_apart(
    session: Session, survey_id: UUID, wanted: Sequence[tuple[int, str, str]]
) -> tuple[int, Columns]:
    """All respondents, and those of each number, by month and by what tells answers apart."""
    month = month_of(session)
    apart = [getattr(Answer, name) for name in DIMENSIONS]
    places = [(name, digit, at) for at, name, digits in wanted for digit in digits]
    counts = [_holds(at, digit, number) for number, (_n, digit, at) in enumerate(places)]
    found = session.execute(
        select(month, *apart, func.count(), *counts)
        .where(Answer.survey_id == survey_id)
        .group_by(month, *apart)
    )
    respondents, rows = 0, []
    for row in found:
        where, everybody, numbers = (
            row[: 1 + len(DIMENSIONS)],
            row[1 + len(DIMENSIONS)],
            row[2 + len(DIMENSIONS) :],
        )
        respondents += everybody
        rows += [
            (name, DIGITS.index(digit), *where, number)
            for (name, digit, _at), number in zip(places, numbers, strict=True)
            if number
        ]
    return respondents, as_columns(("field", "value", "month", *DIMENSIONS, "respondents"), rows)


def _holds(at: int, digit: str, number: int) -> ColumnElement[int]:
    # Written out: places and digits are ours, and hundreds of parameters cost more than they do.
    text = f"count(*) FILTER (WHERE substr(scores, {at + 1}, 1) = '{digit}')"
    return literal_column(text, Integer).label(f"n{number}")


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring places in pairs (first, how many), a few at a time."""
    start = 0
    for at in range(1, len(places) + 1):
        is_end = at == len(places) or places[at] != places[at - 1] + 1
        if is_end or at - start == SIGNS_TOGETHER:
            yield places[start], at - start
            start = at


def _read_signs(
    session: Session, survey_id: UUID, first: int, length: int
) -> Sequence[tuple[str, int]]:
    signs = literal_column(f"substr(scores, {first + 1}, {length})", String).label("signs")
    statement = select(signs, func.count()).where(Answer.survey_id == survey_id).group_by(signs)
    return [(row[0], row[1]) for row in session.execute(statement)]


def _sample(session: Session, survey_id: UUID) -> list[tuple[str, int]]:
    first: Any = (
        select(Answer.scores)
        .where(Answer.survey_id == survey_id)
        .order_by(Answer.id)
        .limit(SAMPLE)
        .subquery()
    )
    rows = session.execute(select(first.c.scores, func.count()).group_by(first.c.scores))
    return [(row[0], row[1]) for row in rows]
