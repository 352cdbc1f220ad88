"""The review queue: which statement somebody reads next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from feedback_app.foundation.rules import N_, Unable
from feedback_app.tagging.models import DoubleStatement, Reading, Statement
from feedback_app.tagging.rules.queue import APART, is_audit_turn, pick
from feedback_app.tagging.rules.tags import Suggested, Tag


class UnableToFindStatement(Unable):
    """There is no such statement in this survey."""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement as it is read: its text and tags, and nothing else of its answer."""

    id: UUID
    survey_id: UUID
    question: str
    text: str
    is_audit: bool
    model: str
    suggested: Suggested
    confirmed: Tag


_COLUMNS = (
    Statement.id,
    Statement.survey_id,
    Statement.question,
    Statement.text,
    Statement.is_audit,
    Statement.model,
    Statement.suggested,
    Statement.suggested_others,
    Statement.confidence,
    Statement.evidence,
    Statement.confirmed,
    Statement.confirmed_others,
)


def find_next(
    session: Session,
    survey_id: UUID,
    *,
    reader: str,
    turn: int,
    leave_out: Collection[UUID] = (),
) -> StatementRow | None:
    """The statement that `reader` reads next, None when nothing is left.

    `turn` counts what the reader has read: every fifth comes from the audit. Where one of the
    two queues is empty the other goes on. Statements of double-coded samples are read there.
    """
    audit_first = is_audit_turn(turn)
    for is_audit in (audit_first, not audit_first):
        waiting = (
            select(*_COLUMNS)
            .where(
                Statement.survey_id == survey_id,
                Statement.confirmed == "",
                Statement.is_audit.is_(is_audit),
                *([Statement.id.not_in(leave_out)] if leave_out else []),
                ~exists().where(DoubleStatement.statement_id == Statement.id),
                ~exists().where(Reading.statement_id == Statement.id, Reading.reader == reader),
            )
            .order_by(*([] if is_audit else [Statement.urgency]), Statement.id)
            .limit(APART)
        )
        row = pick(session.execute(waiting).all(), reader, turn)
        if row is not None:
            return to_row(row)
    return None


def get_statement(session: Session, survey_id: UUID, statement_id: UUID) -> StatementRow:
    """One statement of a survey; raises UnableToFindStatement."""
    row = session.execute(
        select(*_COLUMNS).where(Statement.id == statement_id, Statement.survey_id == survey_id)
    ).one_or_none()
    if row is None:
        raise UnableToFindStatement(N_("There is no such statement: it went with its answer."))
    return to_row(row)


def count_readings(session: Session, survey_id: UUID, reader: str) -> int:
    """How many statements of a survey somebody has read in the queue."""
    found = session.scalar(
        select(func.count())
        .select_from(Reading)
        .join(Statement, Statement.id == Reading.statement_id)
        .where(
            Reading.reader == reader,
            Reading.sample_id.is_(None),
            Statement.survey_id == survey_id,
        )
    )
    return found or 0


def count_tagged(session: Session, code: str) -> int:
    """How many statements of all surveys are confirmed with a cause."""
    return session.scalar(select(func.count()).select_from(Statement).where(_carries(code))) or 0


def count_by_cause(session: Session, survey_id: UUID) -> Counter[str]:
    """code -> confirmed statements of a survey that carry it, as primary or beside it."""
    counts: Counter[str] = Counter()
    rows = session.execute(
        select(Statement.confirmed, Statement.confirmed_others, func.count())
        .where(Statement.survey_id == survey_id, Statement.confirmed != "")
        .group_by(Statement.confirmed, Statement.confirmed_others)
    )
    for primary, others, number in rows:
        for code in (primary, *others.split()):
            counts[code] += number
    return counts


def list_tagged(
    session: Session, survey_id: UUID, code: str, *, holding: str, most: int
) -> tuple[int, list[StatementRow]]:
    """How many confirmed statements with `code` hold the words, and the first `most` of them."""
    where = (Statement.survey_id == survey_id, _carries(code), *_holds(holding))
    number = session.scalar(select(func.count()).select_from(Statement).where(*where)) or 0
    rows = session.execute(select(*_COLUMNS).where(*where).order_by(Statement.id).limit(most))
    return number, [to_row(row) for row in rows]


def tagged_with(survey_id: UUID, code: str, holding: str) -> Select[UUID, str, str]:
    """Ids and tags of the confirmed statements with `code` that hold the words."""
    return select(Statement.id, Statement.confirmed, Statement.confirmed_others).where(
        Statement.survey_id == survey_id, _carries(code), *_holds(holding)
    )


def _holds(words: str) -> list[ColumnElement[bool]]:
    """Each word of `words` as it stands, with a small or a capital first letter."""
    return [
        or_(
            Statement.text.contains(word.lower(), autoescape=True),
            Statement.text.contains(word[:1].upper() + word[1:].lower(), autoescape=True),
        )
        for word in words.split()
    ]


def _carries(code: str) -> ColumnElement[bool]:
    others = " " + Statement.confirmed_others + " "
    return or_(Statement.confirmed == code, others.contains(f" {code} ", autoescape=True))


def to_row(row: Any) -> StatementRow:
    """A frozen row of the columns that a statement is read with."""
    return StatementRow(
        id=row.id,
        survey_id=row.survey_id,
        question=row.question,
        text=row.text,
        is_audit=row.is_audit,
        model=row.model,
        suggested=Suggested(
            row.suggested,
            tuple(row.suggested_others.split()),
            row.confidence,
            tuple((int(start), int(end)) for start, end in row.evidence),
        ),
        confirmed=Tag.of(row.confirmed, row.confirmed_others),
    )


def columns() -> tuple[Any, ...]:
    """What `to_row` needs of a statement."""
    return _COLUMNS
