"""What one writes alone: cards, a prediction, votes. Private until the session reveals it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from feedback_app.brainstorms.actions.log import append, hold, lock
from feedback_app.brainstorms.models import Brainstorm, Slip
from feedback_app.brainstorms.rules.moves import (
    MOST_CARDS_OF_ONE,
    MOST_PREDICTED,
    Kind,
    check_card,
)
from feedback_app.brainstorms.rules.phases import Phase, UnableToRunSession
from feedback_app.foundation.db import insert_if_absent, utc_now
from feedback_app.foundation.rules import N_

#: What was sent in time may arrive so much later.
GRACE = timedelta(seconds=30)
WRITING = frozenset({Phase.WRITE, Phase.REVEAL, Phase.GROUP})
MOST_REMEMBERED = 20


def write_card(
    session: Session, brainstorm_id: UUID, *, card_id: UUID, owner: bytes, side: str, text: str
) -> None:
    """Keep a card under its writer's own id: sent twice it is kept once.

    A card that comes after the reveal (a phone that had lost the network) waits for the next.
    Raises UnableToRunSession when nothing is written now, or too much was.
    """
    session_row = hold(session, brainstorm_id)
    if session_row.phase not in WRITING:
        raise UnableToRunSession(N_("Cards are written in another phase."))
    side, plain = check_card(side, text)
    known = session.get(Slip, card_id)
    if known is not None:
        if known.owner != owner:
            raise UnableToRunSession(N_("This card is not yours."))
        return
    own = select(func.count(), func.coalesce(func.max(_place()), 0)).where(
        Slip.brainstorm_id == brainstorm_id, Slip.owner == owner
    )
    count, place = session.execute(own).one()
    if count >= MOST_CARDS_OF_ONE:
        raise UnableToRunSession(
            N_("%(most)s cards are enough for one person."), most=MOST_CARDS_OF_ONE
        )
    body = {
        "side": side,
        "text": plain,
        "round": session_row.round,
        "is_silent": _is_silent(session_row),
        "place": int(place) + 1,
        "seen": [],
    }
    session.execute(
        insert_if_absent(session, Slip).values(
            id=card_id,
            brainstorm_id=brainstorm_id,
            kind="card",
            owner=owner,
            body=body,
            is_revealed=False,
        )
    )


def _place() -> Any:
    return Slip.body["place"].as_integer()


def _is_silent(session_row: Brainstorm) -> bool:
    """Written before anybody could read another's card, and in time."""
    in_time = session_row.ends_at is None or utc_now() <= session_row.ends_at + GRACE
    return session_row.phase == Phase.WRITE and session_row.round == 0 and in_time


def reword_card(
    session: Session,
    brainstorm_id: UUID,
    *,
    card_id: UUID,
    owner: bytes,
    side: str,
    text: str,
    client_id: UUID,
) -> None:
    """Give one's own card another text; raises UnableToRunSession for another's."""
    locked = lock(session, brainstorm_id)
    slip = _own_card(session, locked, card_id, owner)
    if slip is None or client_id.hex in _seen(slip):
        return
    side, plain = check_card(side, text)
    body = {**slip.body, "side": side, "text": plain, "seen": [*_seen(slip), client_id.hex]}
    session.execute(update(Slip).where(Slip.id == card_id).values(body=body))
    if slip.is_revealed:
        payload = {"card": str(card_id), "text": plain}
        append(session, locked, Kind.REWORDED, payload, client_id=client_id)


def withdraw_card(
    session: Session, brainstorm_id: UUID, *, card_id: UUID, owner: bytes, client_id: UUID
) -> None:
    """Take one's own card back; raises UnableToRunSession for another's."""
    locked = lock(session, brainstorm_id)
    slip = _own_card(session, locked, card_id, owner)
    if slip is None:
        return
    is_revealed = slip.is_revealed
    session.execute(delete(Slip).where(Slip.id == card_id))
    if is_revealed:
        append(session, locked, Kind.WITHDRAWN, {"card": str(card_id)}, client_id=client_id)


def predict(
    session: Session, brainstorm_id: UUID, *, owner: bytes, causes: Sequence[str], client_id: UUID
) -> None:
    """Keep somebody's guess of the first causes in place of an earlier one."""
    chosen = list(dict.fromkeys(causes))[:MOST_PREDICTED]
    _choose(session, brainstorm_id, Phase.PREDICT, "prediction", owner, chosen, client_id)


def vote(
    session: Session, brainstorm_id: UUID, *, owner: bytes, units: Sequence[str], client_id: UUID
) -> None:
    """Keep somebody's votes in place of earlier ones; what is over the allowance does not count."""
    chosen = list(dict.fromkeys(units))[:MOST_CARDS_OF_ONE]
    _choose(session, brainstorm_id, Phase.VOTE, "vote", owner, chosen, client_id)


def slip_id(owner: bytes) -> UUID:
    """The id of the one slip that a seat has of a kind."""
    return UUID(bytes=owner)


def _choose(
    session: Session,
    brainstorm_id: UUID,
    phase: Phase,
    kind: str,
    owner: bytes,
    chosen: list[str],
    client_id: UUID,
) -> None:
    session_row = hold(session, brainstorm_id)
    is_late = session_row.ends_at is not None and utc_now() > session_row.ends_at + GRACE
    if session_row.phase != phase or is_late:
        raise UnableToRunSession(N_("The time for this is over."))
    fresh: dict[str, list[str]] = {"choices": [], "seen": []}
    values = {"brainstorm_id": brainstorm_id, "kind": kind, "owner": owner, "body": fresh}
    session.execute(
        insert_if_absent(session, Slip).values(id=slip_id(owner), is_revealed=False, **values)
    )
    slip = session.scalar(
        select(Slip)
        .where(Slip.id == slip_id(owner))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if slip is None or client_id.hex in _seen(slip):
        return
    seen = [*_seen(slip), client_id.hex][-MOST_REMEMBERED:]
    session.execute(
        update(Slip).where(Slip.id == slip.id).values(body={"choices": chosen, "seen": seen})
    )


def _own_card(session: Session, locked: Brainstorm, card_id: UUID, owner: bytes) -> Slip | None:
    """The card, None when it is gone; raises UnableToRunSession for another's."""
    slip = session.get(Slip, card_id)
    if locked.phase == Phase.OVER:
        raise UnableToRunSession(N_("This session is over."))
    if slip is None or slip.brainstorm_id != locked.id:
        return None
    if slip.owner != owner or slip.kind != "card":
        raise UnableToRunSession(N_("This card is not yours."))
    return slip


def _seen(slip: Slip) -> list[str]:
    found = slip.body.get("seen", [])
    return [str(each) for each in found] if isinstance(found, list) else []
