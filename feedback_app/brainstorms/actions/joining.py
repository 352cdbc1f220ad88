"""Taking a seat, and saying now and then that one is still here."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from feedback_app.brainstorms.actions.log import lock
from feedback_app.brainstorms.models import Seat
from feedback_app.brainstorms.queries import list_people
from feedback_app.brainstorms.rules.phases import (
    MOST_PEOPLE,
    Phase,
    Plan,
    UnableToRunSession,
    check_name,
)
from feedback_app.brainstorms.seats import get_key
from feedback_app.foundation.db import utc_now
from feedback_app.foundation.rules import N_


def join(
    session: Session,
    brainstorm_id: UUID,
    *,
    secret: bytes,
    name: str,
    is_guest: bool,
    folder: Path,
) -> None:
    """Take the seat of `secret`. Asked again it changes nothing: one secret, one seat.

    Raises UnableToRunSession when the session is over or full, guests are not invited, or
    the name is taken.
    """
    locked = lock(session, brainstorm_id)
    if locked.phase == Phase.OVER:
        raise UnableToRunSession(N_("This session is over."))
    if is_guest and not Plan.from_document(locked.plan).are_guests_allowed:
        raise UnableToRunSession(N_("This session is for colleagues only."))
    key = get_key(folder, brainstorm_id)
    seat_id = key.seat_id(secret)
    if session.get(Seat, seat_id) is not None:
        return
    plain = check_name(name)
    people = list_people(session, brainstorm_id, key)
    if len(people) >= MOST_PEOPLE:
        raise UnableToRunSession(
            N_("The session is full: %(most)s people have joined."), most=MOST_PEOPLE
        )
    if plain.casefold() in {person.name.casefold() for person in people}:
        raise UnableToRunSession(N_("Somebody here has this name already: choose another."))
    session.execute(
        insert(Seat).values(
            id=seat_id,
            brainstorm_id=brainstorm_id,
            name=key.encrypt(plain),
            is_guest=is_guest,
            seen_at=utc_now(),
            done_step=0,
        )
    )


def beat(session: Session, seat_id: UUID, *, done_step: int) -> None:
    """Note that a seat is here, and up to which step it said "done".

    Comes at an even pace whatever the seat does, so its moments tell nothing of the writing.
    """
    session.execute(
        update(Seat).where(Seat.id == seat_id).values(seen_at=utc_now(), done_step=done_step)
    )


def count_seats(session: Session, brainstorm_id: UUID) -> int:
    """How many people have joined."""
    query = select(func.count()).select_from(Seat).where(Seat.brainstorm_id == brainstorm_id)
    return session.scalar(query) or 0
