"""Reads of live sessions, as frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from feedback_app.brainstorms.models import Brainstorm, Seat, SessionCause, SessionEvent, Slip
from feedback_app.brainstorms.rules.ended import EndedCards, cards_of
from feedback_app.brainstorms.rules.fold import Event
from feedback_app.brainstorms.rules.handful import OwnedCard
from feedback_app.brainstorms.rules.phases import Phase, Plan, UnableToFindSession, normalise_code
from feedback_app.brainstorms.seats import SeatKey
from feedback_app.foundation.db import utc_now
from feedback_app.foundation.rules import N_

#: A seat that was not heard of for so long is taken to be away.
HERE_SECONDS = 45


@dataclass(frozen=True, slots=True)
class BrainstormRow:
    """One session; times are UTC. `code` is the one it was asked for by: guests have their own."""

    id: UUID
    code: str
    title: str
    question: Mapping[str, str]
    plan: Plan
    phase: Phase
    round: int
    step: int
    last_event: int
    ends_at: datetime | None
    is_demo: bool
    created_at: datetime
    created_by: str
    ended_on: date | None
    guest_code: str = ""
    is_guests_door: bool = False

    @property
    def is_over(self) -> bool:
        """True when nothing can be written any more."""
        return self.phase is Phase.OVER


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a poll compares: the newest event, and who is here and done (counts alone)."""

    row: BrainstormRow
    here: int
    done: int

    @property
    def mark(self) -> str:
        """Changes whenever a page would."""
        return f"{self.row.last_event}-{self.here}-{self.done}"


@dataclass(frozen=True, slots=True)
class OwnCard:
    """A card as its writer sees it."""

    id: str
    side: str
    text: str
    is_revealed: bool


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Somebody who joined."""

    name: str
    is_guest: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """A cause that a session's group became."""

    unit: str
    cause: str
    accepted_by: str
    accepted_on: date


def find_brainstorm(session: Session, code: str) -> BrainstormRow | None:
    """The session with this code, however it was typed; guests' codes open no desk."""
    found = session.scalar(select(Brainstorm).where(Brainstorm.code == normalise_code(code)))
    return None if found is None else row_of(found)


def find_by_any_code(session: Session, code: str) -> BrainstormRow | None:
    """The session that people enter by this code, colleagues' or guests'."""
    plain = normalise_code(code)
    query = select(Brainstorm).where(_has_code(plain))
    found = session.scalar(query)
    row = None if found is None else row_of(found, code=plain)
    is_shut = row is not None and row.is_guests_door and not row.plan.are_guests_allowed
    return None if is_shut else row


def _has_code(code: str) -> ColumnElement[bool]:
    return or_(Brainstorm.code == code, Brainstorm.guest_code == code)


def get_brainstorm(session: Session, code: str) -> BrainstormRow:
    """The session with this code; raises UnableToFindSession."""
    row = find_brainstorm(session, code)
    if row is None:
        raise UnableToFindSession(N_("There is no session with this code."))
    return row


def list_brainstorms(session: Session) -> list[BrainstormRow]:
    """Every session, newest first."""
    return [
        row_of(each)
        for each in session.scalars(select(Brainstorm).order_by(Brainstorm.created_at.desc()))
    ]


def find_pulse(session: Session, code: str) -> Pulse | None:
    """The session with its counts of people, in one statement."""
    since = utc_now() - timedelta(seconds=HERE_SECONDS)
    seats = select(func.count()).select_from(Seat).where(Seat.brainstorm_id == Brainstorm.id)
    here = seats.where(Seat.seen_at > since).correlate(Brainstorm).scalar_subquery()
    done = (
        seats.where(Seat.seen_at > since, Seat.done_step == Brainstorm.step)
        .correlate(Brainstorm)
        .scalar_subquery()
    )
    found = session.execute(select(Brainstorm, here, done).where(_has_code(code))).first()
    return None if found is None else Pulse(row_of(found[0], code=code), found[1], found[2])


def list_events(session: Session, brainstorm_id: UUID, *, after: int = 0) -> list[Event]:
    """The log behind event `after`, in order."""
    rows = session.execute(
        select(SessionEvent.n, SessionEvent.kind, SessionEvent.payload)
        .where(SessionEvent.brainstorm_id == brainstorm_id, SessionEvent.n > after)
        .order_by(SessionEvent.n)
    )
    return [Event(n, kind, payload) for n, kind, payload in rows]


def list_cards(
    session: Session, brainstorm_id: UUID, *, is_revealed: bool | None = None
) -> list[OwnedCard]:
    """Cards with their owners' tags, in the order of their random ids."""
    query = select(Slip).where(Slip.brainstorm_id == brainstorm_id, Slip.kind == "card")
    if is_revealed is not None:
        query = query.where(Slip.is_revealed.is_(is_revealed))
    return [
        OwnedCard(
            id=str(slip.id),
            owner=slip.owner,
            side=str(slip.body["side"]),
            text=str(slip.body["text"]),
            round=int(str(slip.body["round"])),
        )
        for slip in session.scalars(query.order_by(Slip.id))
    ]


def list_own_cards(session: Session, brainstorm_id: UUID, owner: bytes) -> list[OwnCard]:
    """The cards of one seat, in the order in which they were written."""
    query = select(Slip).where(
        Slip.brainstorm_id == brainstorm_id, Slip.kind == "card", Slip.owner == owner
    )
    found = sorted(session.scalars(query), key=lambda slip: int(str(slip.body["place"])))
    return [
        OwnCard(str(slip.id), str(slip.body["side"]), str(slip.body["text"]), slip.is_revealed)
        for slip in found
    ]


def list_silent_reasons(
    session: Session, brainstorm_id: UUID, unit_of: Mapping[str, str]
) -> list[set[str]]:
    """For each person who wrote in silence: the units their cards lie in. Order says nothing."""
    found: dict[bytes, set[str]] = {}
    query = select(Slip).where(Slip.brainstorm_id == brainstorm_id, Slip.kind == "card")
    for slip in session.scalars(query.order_by(Slip.id)):
        unit = unit_of.get(str(slip.id))
        if slip.body["is_silent"] and unit is not None:
            found.setdefault(slip.owner, set()).add(unit)
    return list(found.values())


def list_choices(session: Session, brainstorm_id: UUID, kind: str) -> list[list[str]]:
    """Everybody's choices on slips of one kind, without whose they are."""
    query = select(Slip.body).where(Slip.brainstorm_id == brainstorm_id, Slip.kind == kind)
    return [_choices(body) for body in session.scalars(query.order_by(Slip.id))]


def find_choices(session: Session, slip_id: UUID) -> list[str]:
    """One's own choices, empty where none were made."""
    body = session.scalar(select(Slip.body).where(Slip.id == slip_id))
    return [] if body is None else _choices(body)


def _choices(body: Mapping[str, Any]) -> list[str]:
    return [str(choice) for choice in body["choices"]]


def has_seat(session: Session, seat_id: UUID) -> bool:
    """True when this seat was taken."""
    return session.get(Seat, seat_id) is not None


def find_seat(session: Session, seat_id: UUID, key: SeatKey) -> SeatRow | None:
    """A seat with its name, None for one that nobody took."""
    seat = session.get(Seat, seat_id)
    return None if seat is None else _seat_row(seat, key)


def list_people(session: Session, brainstorm_id: UUID, key: SeatKey) -> list[SeatRow]:
    """Everybody who joined, by name."""
    seats = session.scalars(select(Seat).where(Seat.brainstorm_id == brainstorm_id))
    return sorted((_seat_row(seat, key) for seat in seats), key=lambda row: row.name.casefold())


def _seat_row(seat: Seat, key: SeatKey) -> SeatRow:
    is_here = seat.seen_at > utc_now() - timedelta(seconds=HERE_SECONDS)
    return SeatRow(key.decrypt(seat.name), seat.is_guest, is_here)


def find_result(session: Session, brainstorm_id: UUID) -> dict[str, Any] | None:
    """What an ended session came to."""
    return session.scalar(select(Brainstorm.result).where(Brainstorm.id == brainstorm_id))


def list_results(session: Session, *, is_demo: bool = False) -> list[dict[str, Any]]:
    """The results of every session that ended, oldest first."""
    query = select(Brainstorm.result).where(
        Brainstorm.result.is_not(None), Brainstorm.is_demo.is_(is_demo)
    )
    return [result for result in session.scalars(query.order_by(Brainstorm.created_at)) if result]


def list_cards_of_ended(session: Session) -> list[EndedCards]:
    """The cards of every session that ended and was planned beside a survey."""
    columns = (Brainstorm.id, Brainstorm.code, Brainstorm.plan, Brainstorm.result)
    rows = session.execute(select(*columns).where(Brainstorm.result.is_not(None)))
    return [
        EndedCards(code, Plan.from_document(plan).survey, cards_of(brainstorm_id, result or {}))
        for brainstorm_id, code, plan, result in rows
        if plan.get("survey")
    ]


def list_origins(session: Session, brainstorm_id: UUID) -> list[Origin]:
    """The causes that came of a session."""
    rows = session.scalars(select(SessionCause).where(SessionCause.brainstorm_id == brainstorm_id))
    return [Origin(str(it.unit), it.cause_code, it.accepted_by, it.accepted_on) for it in rows]


def list_ended(session: Session) -> list[UUID]:
    """The ids of sessions that are over: no key of theirs may be left."""
    return list(session.scalars(select(Brainstorm.id).where(Brainstorm.phase == Phase.OVER)))


def row_of(found: Brainstorm, *, code: str = "") -> BrainstormRow:
    """A session as a frozen row, seen through the door of `code`."""
    return BrainstormRow(
        id=found.id,
        code=code or found.code,
        guest_code=found.guest_code or "",
        is_guests_door=bool(code) and code == found.guest_code,
        title=found.title,
        question=dict(found.question),
        plan=Plan.from_document(found.plan),
        phase=Phase(found.phase),
        round=found.round,
        step=found.step,
        last_event=found.last_event,
        ends_at=found.ends_at,
        is_demo=found.is_demo,
        created_at=found.created_at,
        created_by=found.created_by,
        ended_on=found.ended_on,
    )
