"""The table of calls."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.foundation.db import Base, UtcDateTime
from feedback_app.interviews.rules import Outcome

_OUTCOMES = ", ".join(repr(each) for each in ("", *map(str, Outcome)))


class PhoneCall(Base):
    """One customer on a call list, by the invitation that an interview uses up.

    `outcome` of the last call ("" = not called yet). `due_at`: when to call (again); no time
    is kept once it is over, so nothing dates an answer. `claimed_…`: who is calling now.
    """

    __tablename__ = "phone_call"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    wave_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wave.id"))
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(12), default="")
    is_over: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str] = mapped_column(String(255), default="")
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome_is_known"),
        CheckConstraint("is_over = (due_at IS NULL)", name="over_has_no_time"),
        Index("ix_phone_call_due", "wave_id", "is_over", "due_at"),
        {"sqlite_with_rowid": False},
    )
