"""The facilitator's steps: make a session, go on, go back, extend, end."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, event, insert, update
from sqlalchemy.orm import Session

from feedback_app.brainstorms import queries, seats
from feedback_app.brainstorms.actions.log import append, derived, find_stored, lock
from feedback_app.brainstorms.models import Brainstorm, Seat, Slip
from feedback_app.brainstorms.rules.comparison import (
    allowance_for,
    count_predictions,
    count_votes,
    usual_side,
)
from feedback_app.brainstorms.rules.fold import Board, fold
from feedback_app.brainstorms.rules.moves import Kind
from feedback_app.brainstorms.rules.phases import (
    FEWEST_PEOPLE,
    LONGEST_MINUTES,
    SILENT,
    Phase,
    Plan,
    UnableToRunSession,
    check_question,
    check_title,
    make_code,
)
from feedback_app.brainstorms.rules.result import result_document
from feedback_app.brainstorms.rules.unsaid import unsaid_document
from feedback_app.brainstorms.suggesting import suggest_causes
from feedback_app.foundation.db import utc_now, utc_today
from feedback_app.foundation.rules import N_
from feedback_app.staff import audit


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why advancing asks first: so many are still at it, or so few have come."""

    still: int
    too_few: int | None = None


def create(
    session: Session,
    *,
    title: str,
    question: Mapping[str, str],
    plan: Plan,
    by: str,
    folder: Path,
    is_demo: bool = False,
) -> str:
    """A session in its lobby; its join code. Raises UnableToRunSession."""
    brainstorm_id = uuid4()
    code = make_code()
    session.execute(
        insert(Brainstorm).values(
            id=brainstorm_id,
            code=code,
            guest_code=make_code(),
            title=check_title(title),
            question=check_question(question),
            plan=plan.document(),
            phase=Phase.LOBBY.value,
            round=0,
            step=0,
            last_event=0,
            is_demo=is_demo,
            created_at=utc_now(),
            created_by=by,
        )
    )
    seats.make_key(folder, brainstorm_id)
    audit.record(session, by=by, act="session.create", subject=code)
    return code


def find_doubt(session: Session, code: str, *, to: Phase) -> Doubt | None:
    """What to ask before going on, None when nothing speaks against it."""
    pulse = queries.find_pulse(session, code)
    if pulse is None or to.place < pulse.row.phase.place:
        return None
    if pulse.row.phase is Phase.LOBBY and pulse.here < FEWEST_PEOPLE:
        return Doubt(0, too_few=pulse.here)
    still = pulse.here - pulse.done
    return Doubt(still) if pulse.row.phase in SILENT and still > 0 else None


def advance(
    session: Session,
    brainstorm_id: UUID,
    *,
    to: Phase,
    by: str,
    client_id: UUID,
    folder: Path,
    customers: Mapping[str, Any] | None = None,
    seen_step: int | None = None,
) -> int:
    """Go to a phase, onward or back; from Write to Write begins a round of brainwriting.

    What the phase that is left collected is counted and revealed on the way. `customers` is
    what the comparison shows. The same client id again changes nothing, nor does a press that
    was made at an earlier step than the session's: a double click goes on once.
    """
    locked = lock(session, brainstorm_id)
    known = find_stored(session, brainstorm_id, client_id)
    if known is not None:
        return known
    if seen_step is not None and seen_step != locked.step:
        return locked.step
    left = Phase(locked.phase)
    if left is Phase.OVER:
        raise UnableToRunSession(N_("This session is over."))
    step = _Step(session, locked, client_id)
    step.leave(left, to)
    if to is Phase.COMPARE and customers is not None:
        step.say(Kind.COMPARED, customers)
    number = step.enter(left, to)
    if to is Phase.OVER:
        _end(session, locked, by=by, folder=folder)
    return number


def extend(session: Session, brainstorm_id: UUID, *, minutes: int, client_id: UUID) -> int:
    """Give the phase more time, counted from its deadline or from now, whichever is later."""
    locked = lock(session, brainstorm_id)
    known = find_stored(session, brainstorm_id, client_id)
    if known is not None:
        return known
    if locked.phase == Phase.OVER or not 1 <= minutes <= LONGEST_MINUTES:
        raise UnableToRunSession(N_("This phase can not be extended."))
    start = max(locked.ends_at or utc_now(), utc_now())
    locked.ends_at = start + timedelta(minutes=minutes)
    payload = {"ends_at": locked.ends_at.isoformat()}
    return append(session, locked, Kind.EXTENDED, payload, client_id=client_id)


def reveal_late(session: Session, brainstorm_id: UUID, *, client_id: UUID) -> None:
    """Reveal cards that came after the reveal, together and shuffled."""
    locked = lock(session, brainstorm_id)
    if Phase(locked.phase).place > Phase.WRITE.place:
        _Step(session, locked, client_id).reveal()


@dataclass(frozen=True)
class _Step:
    session: Session
    locked: Brainstorm
    client_id: UUID

    def say(self, kind: Kind, payload: Mapping[str, Any]) -> int:
        client_id = derived(self.client_id, kind) if kind is not Kind.PHASE else self.client_id
        return append(self.session, self.locked, kind, payload, client_id=client_id)

    def board(self) -> Board:
        return fold(queries.list_events(self.session, self.locked.id))

    def leave(self, left: Phase, to: Phase) -> None:
        if left is Phase.PREDICT and to is not left:
            slips = queries.list_choices(self.session, self.locked.id, "prediction")
            self.say(Kind.PREDICTED, count_predictions(slips))
        if to.place >= Phase.REVEAL.place:
            self.reveal()
        if left in (Phase.GROUP, Phase.TAG) and to.place > left.place:
            unit_of = {card: unit for unit, cards in self.board().units() for card in cards}
            named = queries.list_silent_reasons(self.session, self.locked.id, unit_of)
            self.say(Kind.UNSAID, unsaid_document(named))
        if left is Phase.VOTE and to.place > left.place:
            board = self.board()
            units = [unit for unit, _cards in board.units()]
            slips = queries.list_choices(self.session, self.locked.id, "vote")
            self.say(Kind.VOTED, count_votes(slips, units, board.allowance))

    def reveal(self) -> None:
        cards = queries.list_cards(self.session, self.locked.id, is_revealed=False)
        if not cards:
            return
        secrets.SystemRandom().shuffle(cards)
        shown = [{"id": card.id, "side": card.side, "text": card.text} for card in cards]
        self.say(Kind.REVEALED, {"cards": shown})
        self.session.execute(
            update(Slip)
            .where(Slip.brainstorm_id == self.locked.id, Slip.kind == "card")
            .values(is_revealed=True)
        )

    def enter(self, left: Phase, to: Phase) -> int:
        plan = Plan.from_document(self.locked.plan)
        payload: dict[str, Any] = {"phase": to.value, "round": self.locked.round}
        if to is Phase.WRITE:
            payload["round"] = self.locked.round + 1 if left is Phase.WRITE else self.locked.round
        if to in (Phase.TAG, Phase.VOTE):
            board = self.board()
            payload["allowance"] = allowance_for(len(board.units()))
            if to is Phase.TAG:
                self.say(Kind.SUGGESTED, {"causes": _suggest(board)})
        minutes = plan.minutes_of(to)
        ends_at = utc_now() + timedelta(minutes=minutes) if minutes else None
        payload["ends_at"] = None if ends_at is None else ends_at.isoformat()
        number = self.say(Kind.PHASE, payload)
        self.locked.phase = to.value
        self.locked.round = payload["round"]
        self.locked.ends_at = ends_at
        self.locked.step = number
        if to is Phase.OVER:
            self.locked.ended_on = utc_today()
        self.session.flush()
        return number


def _suggest(board: Board) -> dict[str, list[str]]:
    found = {
        unit: suggest_causes(
            [str(board.cards[card]["text"]) for card in cards], side=usual_side(board, cards)
        )
        for unit, cards in board.units()
    }
    return {unit: codes for unit, codes in found.items() if codes}


def _end(session: Session, locked: Brainstorm, *, by: str, folder: Path) -> None:
    """Keep the result; forget seats and slips; destroy the key once that is stored."""
    board = fold(queries.list_events(session, locked.id))
    locked.result = result_document(board, title=locked.title, question=locked.question)
    session.execute(delete(Slip).where(Slip.brainstorm_id == locked.id))
    session.execute(delete(Seat).where(Seat.brainstorm_id == locked.id))
    audit.record(session, by=by, act="session.end", subject=locked.code)
    ended = locked.id

    @event.listens_for(session, "after_commit", once=True)
    def _destroy(_session: Session) -> None:
        seats.destroy_key(folder, ended)
