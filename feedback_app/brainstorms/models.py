"""Tables of live sessions: the session, its log, and what is private until it is revealed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.foundation.db import Base, UtcDateTime


class Brainstorm(Base):
    """One session. `last_event` counts its log; `step` is the event that began the phase."""

    __tablename__ = "brainstorm"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    guest_code: Mapped[str | None] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(120))
    question: Mapped[dict[str, str]] = mapped_column(JSON)
    plan: Mapped[dict[str, object]] = mapped_column(JSON)
    phase: Mapped[str] = mapped_column(String(8))
    round: Mapped[int] = mapped_column(default=0)
    step: Mapped[int] = mapped_column(default=0)
    last_event: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(255))
    ended_on: Mapped[date | None]
    result: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = (
        CheckConstraint(
            "phase IN ('lobby', 'predict', 'write', 'reveal', 'group', 'tag', 'vote', 'compare', "
            "'decide', 'over')",
            name="phase_is_known",
        ),
        Index("uq_brainstorm_guest_code", "guest_code", unique=True),
        CheckConstraint("(phase = 'over') = (ended_on IS NOT NULL)", name="over_has_its_day"),
    )


class SessionEvent(Base):
    """One line of a session's log, numbered in its transaction. It never says which seat.

    A trigger refuses UPDATE. `client_id` is made by who sends: sent twice it is stored once.
    """

    __tablename__ = "session_event"
    brainstorm_id: Mapped[UUID] = mapped_column(ForeignKey("brainstorm.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12))
    payload: Mapped[dict[str, object]] = mapped_column(JSON)
    client_id: Mapped[UUID]

    __table_args__ = (
        Index("uq_session_event_client", "brainstorm_id", "client_id", unique=True),
        {"sqlite_with_rowid": False},
    )


class Seat(Base):
    """Somebody who joined; gone at the session's end. The name is encrypted under its key."""

    __tablename__ = "seat"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    brainstorm_id: Mapped[UUID] = mapped_column(ForeignKey("brainstorm.id"), index=True)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    is_guest: Mapped[bool]
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_step: Mapped[int]

    __table_args__ = ({"sqlite_with_rowid": False},)


class Slip(Base):
    """A card, a prediction or a vote that nobody else sees before it is revealed.

    `owner` marks it as one seat's, under the session's key (seats.py); gone at the end.
    """

    __tablename__ = "session_slip"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    brainstorm_id: Mapped[UUID] = mapped_column(ForeignKey("brainstorm.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    owner: Mapped[bytes] = mapped_column(LargeBinary(16))
    body: Mapped[dict[str, object]] = mapped_column(JSON)
    is_revealed: Mapped[bool]

    __table_args__ = (
        CheckConstraint("kind IN ('card', 'prediction', 'vote')", name="kind_is_known"),
        {"sqlite_with_rowid": False},
    )


class SessionCause(Base):
    """Where a cause of the company's own comes from: a session's group that was accepted."""

    __tablename__ = "session_cause"
    brainstorm_id: Mapped[UUID] = mapped_column(ForeignKey("brainstorm.id"), primary_key=True)
    unit: Mapped[UUID] = mapped_column(primary_key=True)
    cause_code: Mapped[str] = mapped_column(ForeignKey("cause.code"))
    accepted_by: Mapped[str] = mapped_column(String(255))
    accepted_on: Mapped[date]
