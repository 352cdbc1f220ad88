"""Statements of the demo that its people have read: the audit, a sample in pairs, and others.

The newest month is left to whoever looks around.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback_app.answers.masking import mask_values
from feedback_app.causes.queries import read_catalogue
from feedback_app.demo.rules.written import list_meanings, list_second_readings
from feedback_app.tagging import actions, queries
from feedback_app.tagging.models import Statement
from feedback_app.tagging.queries import StatementRow
from feedback_app.tagging.queries.queue import columns, to_row
from feedback_app.tagging.rules import Tag
from feedback_app.tagging.rules.queue import AUDIT_EVERY

IN_PAIRS = 30


def fill(session: Session, survey_id: UUID, *, readers: tuple[str, str]) -> None:
    """Make statements of the answers so far and read them all, some of them in pairs."""
    after: UUID | None = None
    read = 1
    while read:
        read, after = actions.make_statements(session, survey_id, after=after, mask=mask_values)
    rows = _list_rows(session, survey_id)
    _draw_audit(session, rows)
    rows = _list_rows(session, survey_id)
    meanings = list_meanings()
    codebook = read_catalogue(session).codebook
    others = [row for row in rows if not row.is_audit]
    step = max(1, len(others) // IN_PAIRS)
    paired = {row.id for row in others[::step][:IN_PAIRS]}
    confirm = partial(actions.confirm, session, by=readers[0], codebook=codebook)
    for row in rows:
        if row.id not in paired:
            confirm(row, Tag(meanings[row.text]))
    _read_in_pairs(session, survey_id, readers, codebook)
    actions.tell_confirmed(session)


def _list_rows(session: Session, survey_id: UUID) -> list[StatementRow]:
    """In an order that the random ids have no part in: what is made of it is always the same."""
    rows = session.execute(
        select(*columns())
        .where(Statement.survey_id == survey_id)
        .order_by(Statement.text, Statement.id)
    )
    return [to_row(row) for row in rows]


def _draw_audit(session: Session, rows: list[StatementRow]) -> None:
    """A fifth, as the lot would draw, but the same one every time."""
    drawn = [row.id for row in rows[::AUDIT_EVERY]]
    session.execute(
        update(Statement)
        .where(Statement.survey_id == rows[0].survey_id)
        .values(is_audit=Statement.id.in_(drawn))
    )


def _read_in_pairs(
    session: Session, survey_id: UUID, readers: tuple[str, str], codebook: int
) -> None:
    """Two people read what is left, and do not always see the same in it."""
    first = list_meanings()
    second = first | list_second_readings()
    sample_id = actions.draw_sample(
        session, survey_id, readers=readers, size=IN_PAIRS, by=readers[0]
    )
    sample = queries.get_sample(session, sample_id)
    for reader, said in zip(readers, (first, second), strict=True):
        while row := queries.find_next_blind(session, sample, reader):
            actions.read_blind(
                session, sample, row, Tag(said[row.text]), by=reader, codebook=codebook
            )
