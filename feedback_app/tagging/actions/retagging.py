"""Splitting a cause: some of its statements get another."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from feedback_app.foundation.rules import N_
from feedback_app.staff.audit import record
from feedback_app.tagging.actions.readings import note_reading, set_confirmed
from feedback_app.tagging.queries.queue import get_statement, tagged_with
from feedback_app.tagging.rules.tags import Tag, UnableToTag


def move_tags(
    session: Session,
    survey_id: UUID,
    code: str,
    target: str,
    *,
    holding: str,
    by: str,
    codebook: int,
) -> int:
    """Statements confirmed with `code` that hold the words carry `target` instead; how many.

    Who had read them stays written; the move is one more reading by `by`.
    Raises UnableToTag when both are the same cause.
    """
    if code == target:
        raise UnableToTag(N_("Choose another cause to move the statements to."))
    rows = session.execute(tagged_with(survey_id, code, holding)).all()
    for statement_id, primary, others in rows:
        moved = _with(Tag.of(primary, others), code, target)
        statement = get_statement(session, survey_id, statement_id)
        note_reading(session, statement, moved, by=by, codebook=codebook)
        set_confirmed(session, statement_id, moved)
    record(
        session,
        by=by,
        act="tags.move",
        subject=code,
        detail={"to": target, "statements": len(rows)},
    )
    return len(rows)


def _with(tag: Tag, code: str, target: str) -> Tag:
    primary = target if tag.primary == code else tag.primary
    others = dict.fromkeys(target if each == code else each for each in tag.others)
    others.pop(primary, None)
    return Tag(primary, tuple(others))
