"""Confirming what a statement is about, and taking it back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from feedback_app.causes import actions as causes
from feedback_app.causes.queries import read_catalogue
from feedback_app.causes.rules import Side, Texts
from feedback_app.foundation.db import utc_now
from feedback_app.tagging.models import Reading, Statement
from feedback_app.tagging.queries.queue import StatementRow
from feedback_app.tagging.rules.tags import SKIP, Tag


def confirm(session: Session, statement: StatementRow, tag: Tag, *, by: str, codebook: int) -> None:
    """`by` says what the statement is about; SKIP puts it aside for this reader alone.

    Said again by the same person, the new word counts.
    """
    session.execute(
        delete(Reading).where(
            Reading.statement_id == statement.id, Reading.reader == by, Reading.sample_id.is_(None)
        )
    )
    note_reading(session, statement, tag, by=by, codebook=codebook)
    if tag.primary != SKIP:
        set_confirmed(session, statement.id, tag)
    elif statement.confirmed.primary:
        set_confirmed(session, statement.id, _last_tag(session, statement.id))


def confirm_with_new_cause(
    session: Session, statement: StatementRow, *, side: Side, texts: Texts, by: str
) -> str:
    """Add a cause that the statement is about, and confirm it; returns the cause's code.

    Respondents are not offered it before somebody decides so. Raises UnableToChangeCause.
    """
    code = causes.add(session, side=side, texts=texts, by=by, is_tickable=False)
    codebook = read_catalogue(session).codebook
    confirm(session, statement, Tag(code), by=by, codebook=codebook)
    return code


def undo(session: Session, survey_id: UUID, *, by: str) -> UUID | None:
    """Take back what `by` said last in the queue of a survey; the statement's id."""
    last = session.execute(
        select(Reading.id, Reading.statement_id)
        .join(Statement, Statement.id == Reading.statement_id)
        .where(Reading.reader == by, Reading.sample_id.is_(None), Statement.survey_id == survey_id)
        .order_by(Reading.read_at.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return None
    session.execute(delete(Reading).where(Reading.id == last.id))
    set_confirmed(session, last.statement_id, _last_tag(session, last.statement_id))
    return UUID(str(last.statement_id))


def note_reading(
    session: Session,
    statement: StatementRow,
    tag: Tag,
    *,
    by: str,
    codebook: int,
    sample_id: UUID | None = None,
    is_settling: bool = False,
) -> None:
    """Who said what, when, under which codebook, and what they had been shown."""
    is_blind = statement.is_audit or sample_id is not None
    session.execute(
        insert(Reading).values(
            statement_id=statement.id,
            reader=by,
            tag=tag.primary,
            others=tag.joined,
            codebook=codebook,
            suggested="" if is_blind else statement.suggested.primary,
            model="" if is_blind else statement.model,
            sample_id=sample_id,
            is_settling=is_settling,
            read_at=utc_now(),
        )
    )


def set_confirmed(session: Session, statement_id: UUID, tag: Tag) -> None:
    """What the statement counts as confirmed with; Tag("") for nothing."""
    session.execute(
        update(Statement)
        .where(Statement.id == statement_id)
        .values(confirmed=tag.primary, confirmed_others=tag.joined)
    )


def _last_tag(session: Session, statement_id: UUID) -> Tag:
    """What was said of a statement last, by whomever; nothing where all put it aside."""
    last = session.execute(
        select(Reading.tag, Reading.others)
        .where(
            Reading.statement_id == statement_id,
            Reading.tag != SKIP,
            Reading.sample_id.is_(None),
        )
        .order_by(Reading.read_at.desc())
        .limit(1)
    ).one_or_none()
    return Tag("") if last is None else Tag.of(last.tag, last.others)
