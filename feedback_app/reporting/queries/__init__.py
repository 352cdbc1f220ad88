"""The narrow door to the numbers: grouped counts of answers, never answers one by one.

A columnar copy for tens of millions of answers would stand behind these same functions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session

from feedback_app.answers.models import Answer
from feedback_app.answers.rules import FLAGGED
from feedback_app.ballots.queries import list_open_batches
from feedback_app.causes.rules import Catalogue
from feedback_app.reporting.rules.counts import HIGHEST_SCORE, CauseEntry, Columns, Counts
from feedback_app.reporting.rules.kinds import ReportKind, kind_of
from feedback_app.reporting.rules.selection import DIMENSIONS, UNKNOWN, Selection
from feedback_app.surveys.queries import SurveyRow, list_definitions, list_surveys
from feedback_app.surveys.rules import State

LONGEST_MONTH = len("2024-01")


def read_counts(
    session: Session, survey_id: UUID, selection: Selection, *, is_exact: bool
) -> Counts:
    """Everything a cause report is computed from, in three statements.

    `is_exact`: the answers the selection asks for and no others. Else all answers of the
    survey, told apart by whatever the selection narrows (rules/slices.py cuts them).
    """
    dimensions = () if is_exact else selection.dimensions
    is_dated = not is_exact and bool(selection.since or selection.until)
    where = [Answer.survey_id == survey_id, *(_narrowed(selection) if is_exact else ())]
    apart = [getattr(Answer, name) for name in dimensions]
    month = month_of(session)
    when = month if is_dated else literal("", String).label("month")
    number = func.count().label("respondents")
    groups = (Answer.cause_set, Answer.primary_cause.label("primary"), month, *apart)
    returns = (Answer.cause_set, *([month] if is_dated else ()), *apart)
    names = (Answer.competitor, Answer.offers, *([month] if is_dated else ()), *apart)
    return Counts(
        dimensions,
        _read(session, select(*groups, number).where(*where).group_by(*groups)),
        _read(
            session,
            # Without a month in the groups the index gives them without a sort.
            select(Answer.cause_set, when, *apart, *_scores()).where(*where).group_by(*returns),
        ),
        _read(
            session,
            select(Answer.competitor, Answer.offers, when, *apart, number)
            .where(*where, or_(Answer.competitor != "", Answer.offers != ""))
            .group_by(*names),
        ),
    )


CHANNELS = Selection(values=(("channel", UNKNOWN),))


def read_channels(session: Session, survey_id: UUID) -> Counts:
    """All answers of a survey, told apart by the channel they came through."""
    return read_counts(session, survey_id, CHANNELS, is_exact=False)


def count_flagged(session: Session, survey_id: UUID, *, smallest: int) -> int | None:
    """How many answers of a survey are flagged; None where that would tell of too few."""
    query = select(Answer.flag, func.count()).where(Answer.survey_id == survey_id)
    counts = dict(session.execute(query.group_by(Answer.flag)).all())
    are_tellable = all(number >= smallest for number in counts.values())
    return counts.get(FLAGGED, 0) if are_tellable else None


def read_further(session: Session, survey_id: UUID, *, smallest: int) -> dict[str, Any]:
    """What the report of a whole survey needs beside its counts."""
    return {
        "channels": read_channels(session, survey_id),
        "flagged": count_flagged(session, survey_id, smallest=smallest),
    }


def read_kinds(session: Session, survey_id: UUID) -> dict[str, dict[str, int]]:
    """dimension -> value -> how many answers have it: what a report can be narrowed to."""
    columns = [getattr(Answer, name) for name in DIMENSIONS]
    rows = session.execute(
        select(*columns, func.count()).where(Answer.survey_id == survey_id).group_by(*columns)
    )
    found: dict[str, dict[str, int]] = {name: defaultdict(int) for name in DIMENSIONS}
    for *values, number in rows:
        for name, value in zip(DIMENSIONS, values, strict=True):
            found[name][value] += number
    return {name: dict(counts) for name, counts in found.items()}


def list_comments(
    session: Session, survey_id: UUID, codes: Sequence[str], *, first: int, most: int
) -> list[dict[str, Any]]:
    """What answers said, by question code: those with free text that carry one of `codes`.

    In the order of the answers' random ids, which says nothing; `first` counts from 0.
    """
    rows = session.scalars(
        select(Answer.document)
        .where(Answer.survey_id == survey_id, Answer.has_text, or_(*map(_carries, codes)))
        .order_by(Answer.id)
        .offset(first)
        .limit(most)
    )
    return list(rows)


def list_entries(catalogue: Catalogue) -> tuple[CauseEntry, ...]:
    """The catalogue as the analysis needs it: order over all sides, merges."""
    return tuple(
        CauseEntry(cause.code, cause.side.value, place, cause.merged_into)
        for place, cause in enumerate(catalogue.causes)
    )


def _carries(code: str) -> ColumnElement[bool]:
    return or_(
        Answer.cause_set == code,
        Answer.cause_set.startswith(f"{code} ", autoescape=True),
        Answer.cause_set.endswith(f" {code}", autoescape=True),
        Answer.cause_set.contains(f" {code} ", autoescape=True),
    )


def _read(session: Session, statement: Select[Any]) -> Columns:
    """The rows of a statement as columns."""
    found = session.execute(statement)
    names = list(found.keys())
    columns = list(zip(*found.all(), strict=True)) or [()] * len(names)
    return {name: list(column) for name, column in zip(names, columns, strict=True)}


def month_of(session: Session) -> ColumnElement[str]:
    """The month in which an answer was opened, "2024-03"."""
    # Written out: bound parameters would make the grouped and the told expression two.
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    text = "to_char(answer.opened_on, 'YYYY-MM')" if is_postgresql else "substr(opened_on, 1, 7)"
    return literal_column(text, String).label("month")


def _scores() -> list[ColumnElement[int]]:
    return [
        literal_column(f"count(*) FILTER (WHERE return_likelihood = {score})", Integer).label(
            f"score_{score}"
        )
        for score in range(HIGHEST_SCORE + 1)
    ]


def _narrowed(selection: Selection) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        getattr(Answer, name) == ("" if value == UNKNOWN else value)
        for name, value in selection.values
    ]
    if selection.since:
        conditions.append(Answer.opened_on >= _first_day(selection.since))
    if selection.until:
        conditions.append(Answer.opened_on <= _last_day(selection.until))
    return conditions


def _first_day(text: str) -> date:
    return date.fromisoformat(text if len(text) > LONGEST_MONTH else f"{text}-01")


def _last_day(text: str) -> date:
    if len(text) > LONGEST_MONTH:
        return date.fromisoformat(text)
    beyond = date.fromisoformat(f"{text}-28") + timedelta(days=4)
    return beyond - timedelta(days=beyond.day)


@dataclass(frozen=True, slots=True)
class ReportedSurvey:
    """A survey in the list of reports: its opened answers and its sealed, waiting ones."""

    survey: SurveyRow
    kind: ReportKind
    answers: int
    waiting: int
    has_questions: bool = True


def list_reported(session: Session) -> list[ReportedSurvey]:
    """Every survey that was opened, newest first."""
    answers = dict(
        session.execute(select(Answer.survey_id, func.count()).group_by(Answer.survey_id)).all()
    )
    waiting: Counter[UUID] = Counter()
    for batch in list_open_batches(session):
        waiting[batch.survey_id] += batch.boxes
    definitions = list_definitions(session)
    return [
        ReportedSurvey(
            row,
            kind_of(definitions.get(row.id)),
            answers.get(row.id, 0),
            waiting[row.id],
            row.id in definitions,
        )
        for row in list_surveys(session)
        if row.state is not State.DRAFT
    ]
