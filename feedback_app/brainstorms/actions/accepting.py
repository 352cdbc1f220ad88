"""A group that becomes a cause of the company's own."""

from __future__ import annotations

from uuid import UUID, uuid5

from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback_app.brainstorms import queries
from feedback_app.brainstorms.actions.log import append, lock
from feedback_app.brainstorms.models import Brainstorm, SessionCause
from feedback_app.brainstorms.rules.fold import fold
from feedback_app.brainstorms.rules.moves import Kind
from feedback_app.brainstorms.rules.phases import UnableToRunSession
from feedback_app.causes import actions as causes
from feedback_app.causes.rules import Side, Texts
from feedback_app.foundation.db import utc_today
from feedback_app.foundation.rules import N_


def accept(session: Session, brainstorm_id: UUID, *, unit: str, texts: Texts, by: str) -> str:
    """Add the cause that a session proposed; its code. Kept with where it comes from.

    It is not offered to respondents yet: the researcher decides that on the page of causes.
    Raises UnableToRunSession when the group proposes none or was accepted before.
    """
    locked = lock(session, brainstorm_id)
    board = fold(queries.list_events(session, brainstorm_id))
    tag = board.tags.get(unit, {})
    is_there = unit in {it for it, _cards in board.units()}
    if not is_there or not tag.get("label") or not tag.get("side") or unit in board.accepted:
        raise UnableToRunSession(N_("This group proposes no new cause."))
    code = causes.add(session, side=Side(tag["side"]), texts=texts, by=by, is_tickable=False)
    session.execute(
        insert(SessionCause).values(
            brainstorm_id=brainstorm_id,
            unit=UUID(unit),
            cause_code=code,
            accepted_by=by,
            accepted_on=utc_today(),
        )
    )
    append(
        session,
        locked,
        Kind.ACCEPTED,
        {"unit": unit, "cause": code},
        client_id=uuid5(brainstorm_id, f"accepted {unit}"),
    )
    _note_in_result(locked, unit, code)
    return code


def _note_in_result(locked: Brainstorm, unit: str, code: str) -> None:
    if locked.result is None:
        return
    groups = locked.result["groups"]
    assert isinstance(groups, list)
    noted = [
        {**group, "cause": code, "accepted": code} if group["id"] == unit else group
        for group in groups
    ]
    locked.result = {**locked.result, "groups": noted}
