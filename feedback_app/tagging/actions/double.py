"""Two people read the same statements without seeing each other's tags."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, exists, func, insert, select
from sqlalchemy.orm import Session

from feedback_app.foundation.db import utc_now
from feedback_app.foundation.rules import N_, Unable
from feedback_app.staff.audit import record
from feedback_app.tagging.actions.readings import note_reading, set_confirmed
from feedback_app.tagging.models import DoubleSample, DoubleStatement, Reading, Statement
from feedback_app.tagging.queries.double import SampleRow, list_pairs
from feedback_app.tagging.queries.queue import StatementRow
from feedback_app.tagging.rules.tags import SKIP, Tag

FEWEST, MOST = 5, 500


class UnableToDoubleCode(Unable):
    """A sample can not be drawn, or this person has no part in it."""


def draw_sample(
    session: Session, survey_id: UUID, *, readers: tuple[str, str], size: int, by: str
) -> UUID:
    """Draw statements by lot that neither of `readers` has read; the sample's id.

    Raises UnableToDoubleCode when there are too few.
    """
    if readers[0] == readers[1]:
        raise UnableToDoubleCode(N_("Two people are needed: choose two different ones."))
    drawn = session.scalars(
        select(Statement.id)
        .where(
            Statement.survey_id == survey_id,
            Statement.confirmed == "",
            ~exists().where(DoubleStatement.statement_id == Statement.id),
            ~exists().where(Reading.statement_id == Statement.id, Reading.reader.in_(readers)),
        )
        .order_by(func.random())
        .limit(size)
    ).all()
    if len(drawn) < FEWEST:
        raise UnableToDoubleCode(
            N_("Too few statements are left that neither of them has read: %(number)s."),
            number=len(drawn),
        )
    sample_id = session.scalar(
        insert(DoubleSample)
        .values(
            survey_id=survey_id,
            first_reader=readers[0],
            second_reader=readers[1],
            made_by=by,
            made_at=utc_now(),
        )
        .returning(DoubleSample.id)
    )
    assert isinstance(sample_id, UUID)
    session.execute(
        insert(DoubleStatement), [{"sample_id": sample_id, "statement_id": it} for it in drawn]
    )
    record(
        session, by=by, act="sample.draw", subject=str(sample_id), detail={"statements": len(drawn)}
    )
    return sample_id


def read_blind(
    session: Session,
    sample: SampleRow,
    statement: StatementRow,
    tag: Tag,
    *,
    by: str,
    codebook: int,
) -> None:
    """One of the two says what a statement is about; where both say the same, it is confirmed.

    Raises UnableToDoubleCode for anybody else.
    """
    if by not in sample.readers:
        raise UnableToDoubleCode(N_("This sample is read by two other people."))
    _check_belongs(session, sample, statement)
    session.execute(
        delete(Reading).where(
            Reading.sample_id == sample.id,
            Reading.statement_id == statement.id,
            Reading.reader == by,
        )
    )
    note_reading(session, statement, tag, by=by, codebook=codebook, sample_id=sample.id)
    for pair in list_pairs(session, sample):
        if pair.statement_id == statement.id and pair.first == pair.second != Tag(SKIP):
            set_confirmed(session, statement.id, tag)


def settle(
    session: Session,
    sample: SampleRow,
    statement: StatementRow,
    tag: Tag,
    *,
    by: str,
    codebook: int,
) -> None:
    """Decide what a statement is about of which the two said different things.

    Raises UnableToDoubleCode while one of them still reads.
    """
    if not sample.is_complete:
        raise UnableToDoubleCode(N_("Both have to read all statements first."))
    _check_belongs(session, sample, statement)
    session.execute(
        delete(Reading).where(
            Reading.sample_id == sample.id,
            Reading.statement_id == statement.id,
            Reading.is_settling.is_(True),
        )
    )
    note_reading(
        session, statement, tag, by=by, codebook=codebook, sample_id=sample.id, is_settling=True
    )
    set_confirmed(session, statement.id, Tag("") if tag.primary == SKIP else tag)


def _check_belongs(session: Session, sample: SampleRow, statement: StatementRow) -> None:
    if session.get(DoubleStatement, (sample.id, statement.id)) is None:
        raise UnableToDoubleCode(N_("This statement does not belong to the sample."))
