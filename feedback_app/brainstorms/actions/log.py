"""The log: events get their number in the transaction that stores them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from feedback_app.brainstorms.models import Brainstorm, SessionEvent
from feedback_app.brainstorms.rules.moves import Kind
from feedback_app.brainstorms.rules.phases import UnableToFindSession
from feedback_app.foundation.rules import N_

#: A log longer than this was made by a machine.
MOST_EVENTS = 20_000


def lock(session: Session, brainstorm_id: UUID) -> Brainstorm:
    """The session's row, held until the transaction ends: events are numbered one by one."""
    return _hold(session, brainstorm_id, is_shared=False)


def hold(session: Session, brainstorm_id: UUID) -> Brainstorm:
    """The session's row, held against a step of the facilitator but not against each other."""
    return _hold(session, brainstorm_id, is_shared=True)


def _hold(session: Session, brainstorm_id: UUID, *, is_shared: bool) -> Brainstorm:
    found = session.scalar(
        select(Brainstorm)
        .where(Brainstorm.id == brainstorm_id)
        .with_for_update(read=is_shared)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise UnableToFindSession(N_("There is no session with this code."))
    return found


def find_stored(session: Session, brainstorm_id: UUID, client_id: UUID) -> int | None:
    """The event that was stored under this client's id before."""
    return session.scalar(
        select(SessionEvent.n).where(
            SessionEvent.brainstorm_id == brainstorm_id, SessionEvent.client_id == client_id
        )
    )


def append(
    session: Session,
    locked: Brainstorm,
    kind: Kind,
    payload: Mapping[str, Any],
    *,
    client_id: UUID,
) -> int:
    """Store one event of a locked session; its number. A known client id stores nothing."""
    known = find_stored(session, locked.id, client_id)
    if known is not None:
        return known
    locked.last_event += 1
    session.flush()
    session.execute(
        insert(SessionEvent).values(
            brainstorm_id=locked.id,
            n=locked.last_event,
            kind=kind.value,
            payload=dict(payload),
            client_id=client_id,
        )
    )
    return locked.last_event


def derived(client_id: UUID, kind: Kind) -> UUID:
    """The id of an event that the server makes out of a client's request."""
    return uuid5(client_id, kind.value)
