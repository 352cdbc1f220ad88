"""Moves of the shared board."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from feedback_app.brainstorms.actions.log import MOST_EVENTS, append, find_stored, lock
from feedback_app.brainstorms.rules.moves import Kind, check_move
from feedback_app.brainstorms.rules.phases import Phase, Plan, UnableToRunSession
from feedback_app.foundation.rules import N_


def move(
    session: Session,
    brainstorm_id: UUID,
    *,
    kind: str,
    payload: object,
    client_id: UUID,
    is_facilitator: bool = False,
) -> int:
    """Store a move; the event's number. The same client id again changes nothing.

    Raises UnableToRunSession when this can not be done now or by whoever asks.
    """
    locked = lock(session, brainstorm_id)
    known = find_stored(session, brainstorm_id, client_id)
    if known is not None:
        return known
    if locked.last_event >= MOST_EVENTS:
        raise UnableToRunSession(N_("The session's log is full."))
    checked, values = check_move(
        kind,
        payload,
        phase=Phase(locked.phase),
        is_facilitator=is_facilitator,
        everybody_moves=Plan.from_document(locked.plan).everybody_moves,
    )
    return append(session, locked, Kind(checked), values, client_id=client_id)
