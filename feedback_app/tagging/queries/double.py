"""Double-coded samples: who has read what, where they agree and where not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from feedback_app.foundation.rules import N_, Unable
from feedback_app.tagging.models import DoubleSample, DoubleStatement, Reading, Statement
from feedback_app.tagging.queries.queue import StatementRow, columns, to_row
from feedback_app.tagging.rules.tags import Tag


class UnableToFindSample(Unable):
    """There is no such sample."""


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A sample and how far its two readers are. `readers`: email -> statements read."""

    id: UUID
    survey_id: UUID
    made_at: datetime
    statements: int
    readers: dict[str, int]

    @property
    def is_complete(self) -> bool:
        """Whether both have read everything: before that nobody sees what they said."""
        return all(read >= self.statements for read in self.readers.values())


@dataclass(frozen=True, slots=True)
class Pair:
    """What both readers said of one statement, in the order of the sample's readers."""

    statement_id: UUID
    first: Tag
    second: Tag


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A statement of which the two said different things; `settled` once somebody decided."""

    statement: StatementRow
    first: Tag
    second: Tag
    settled: bool


def list_samples(session: Session, survey_id: UUID) -> list[SampleRow]:
    """The samples of a survey, newest first."""
    found = session.scalars(
        select(DoubleSample)
        .where(DoubleSample.survey_id == survey_id)
        .order_by(DoubleSample.made_at.desc())
    )
    return [_sample(session, each) for each in found]


def get_sample(session: Session, sample_id: UUID) -> SampleRow:
    """One sample; raises UnableToFindSample."""
    found = session.get(DoubleSample, sample_id)
    if found is None:
        raise UnableToFindSample(N_("There is no such sample."))
    return _sample(session, found)


def _sample(session: Session, found: DoubleSample) -> SampleRow:
    size = session.scalar(
        select(func.count())
        .select_from(DoubleStatement)
        .where(DoubleStatement.sample_id == found.id)
    )
    read = dict(
        session.execute(
            select(Reading.reader, func.count())
            .where(Reading.sample_id == found.id, Reading.is_settling.is_(False))
            .group_by(Reading.reader)
        ).all()
    )
    readers = (found.first_reader, found.second_reader)
    return SampleRow(
        found.id,
        found.survey_id,
        found.made_at,
        size or 0,
        {reader: read.get(reader, 0) for reader in readers},
    )


def find_next_blind(
    session: Session, sample: SampleRow, reader: str, *, leave_out: tuple[UUID, ...] = ()
) -> StatementRow | None:
    """The next statement of a sample that `reader` has not read; the suggestion is left out."""
    row = session.execute(
        select(*columns())
        .join(DoubleStatement, DoubleStatement.statement_id == Statement.id)
        .where(
            DoubleStatement.sample_id == sample.id,
            *([Statement.id.not_in(leave_out)] if leave_out else []),
            ~exists().where(
                Reading.statement_id == Statement.id,
                Reading.reader == reader,
                Reading.sample_id == sample.id,
            ),
        )
        .order_by(Statement.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else to_row(row)


def list_pairs(session: Session, sample: SampleRow) -> list[Pair]:
    """What both said of every statement that both have read."""
    rows = session.execute(
        select(Reading.statement_id, Reading.reader, Reading.tag, Reading.others).where(
            Reading.sample_id == sample.id, Reading.is_settling.is_(False)
        )
    )
    tags: dict[UUID, dict[str, Tag]] = defaultdict(dict)
    for statement_id, reader, tag, others in rows:
        tags[statement_id][reader] = Tag.of(tag, others)
    first, second = sample.readers
    return [
        Pair(statement_id, said[first], said[second])
        for statement_id, said in sorted(tags.items())
        if len(said) > 1
    ]


def list_disagreements(session: Session, sample: SampleRow) -> list[Disagreement]:
    """Statements of which the two said different things, those to settle first."""
    apart = {
        pair.statement_id: pair for pair in list_pairs(session, sample) if pair.first != pair.second
    }
    settled = set(
        session.scalars(
            select(Reading.statement_id).where(
                Reading.sample_id == sample.id, Reading.is_settling.is_(True)
            )
        )
    )
    rows = session.execute(select(*columns()).where(Statement.id.in_(apart)))
    found = [
        Disagreement(to_row(row), apart[row.id].first, apart[row.id].second, row.id in settled)
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.settled, str(each.statement.id)))
