"""What the tagger learns from, and how good it is on the audit.

The audit is never learnt from: a tagger is not measured on what it was taught.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from feedback_app.surveys.models import Survey
from feedback_app.tagging.models import Statement
from feedback_app.tagging.rules.tags import SKIP


@dataclass(frozen=True, slots=True)
class LearntFrom:
    """A confirmed statement that the tagger learns from."""

    text: str
    primary: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditQuality:
    """Of `read` statements of the audit, how many suggestions were right.

    `first`: the primary cause; `named`: it is among the first three; `side`: the side;
    `unsure`: the tagger said it did not know (and counts as wrong).
    """

    read: int
    first: int
    named: int
    side: int
    unsure: int


def _learnt() -> tuple[ColumnElement[bool], ...]:
    demo = select(Survey.id).where(Survey.is_demo)
    return (
        Statement.confirmed.not_in(("", SKIP)),
        Statement.is_audit.is_(False),
        Statement.survey_id.not_in(demo),
    )


def count_learnt(session: Session) -> int:
    """How many confirmed statements there are to learn from."""
    query = select(func.count()).select_from(Statement).where(*_learnt())
    return session.scalar(query) or 0


def list_learnt(session: Session) -> list[LearntFrom]:
    """All of them, in an order that stays."""
    rows = session.execute(
        select(Statement.text, Statement.confirmed, Statement.confirmed_others)
        .where(*_learnt())
        .order_by(Statement.id)
    )
    return [LearntFrom(text, primary, tuple(others.split())) for text, primary, others in rows]


def read_audit_quality(session: Session) -> AuditQuality:
    """The suggestions of the model in use against the audit, over all surveys but the demo."""
    demo = select(Survey.id).where(Survey.is_demo)
    rows = session.execute(
        select(
            Statement.suggested,
            Statement.suggested_others,
            Statement.confirmed,
            func.count(),
        )
        .where(
            Statement.is_audit,
            Statement.confirmed.not_in(("", SKIP)),
            Statement.suggested != "",
            Statement.survey_id.not_in(demo),
        )
        .group_by(Statement.suggested, Statement.suggested_others, Statement.confirmed)
    )
    return _add_up(rows)


def _add_up(rows: Iterable[Any]) -> AuditQuality:
    read = first = named = side = unsure = 0
    for suggested, others, confirmed, number in rows:
        read += number
        first += number * (suggested == confirmed)
        named += number * (confirmed in (suggested, *others.split()[:2]))
        side += number * (suggested.partition(".")[0] == confirmed.partition(".")[0])
        unsure += number * (suggested == "unsure")
    return AuditQuality(read, first, named, side, unsure)
