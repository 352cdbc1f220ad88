"""Tables of waves, invitations and the outbox."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.foundation.db import Base, UtcDateTime
from feedback_app.invitations.rules import MailState, WaveKind, WaveState
from feedback_app.surveys.rules import Channel


def _one_of(column: str, values: type[WaveKind] | type[WaveState] | type[MailState]) -> str:
    return f"{column} IN ({', '.join(repr(str(each)) for each in values)})"


class Wave(Base):
    """One survey sent to one chosen list of customers.

    `recipients` is a customers.rules.RecipientFilter, `texts` language -> MailText. `strata`
    are the combinations of segments that may travel (the others are "other"), fixed when
    the wave is prepared; `prepared_until` is the last customer that was looked at. `channel`
    "phone": its customers are called, and nothing is mailed.
    """

    __tablename__ = "wave"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(6))
    channel: Mapped[str] = mapped_column(
        String(10), default=Channel.INVITATION, server_default=Channel.INVITATION
    )
    state: Mapped[str] = mapped_column(String(9), default=WaveState.DRAFT, index=True)
    recipients: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    segment_names: Mapped[list[str]] = mapped_column(JSON, default=list)
    texts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    scheduled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_on: Mapped[date | None] = mapped_column(Date)
    strata: Mapped[list[list[str]] | None] = mapped_column(JSON(none_as_null=True))
    prepared_until: Mapped[uuid.UUID | None]
    is_prepared: Mapped[bool] = mapped_column(default=False)
    reminder_after_days: Mapped[int | None]
    most_reminders: Mapped[int] = mapped_column(default=2)
    throttle_days: Mapped[int] = mapped_column(default=90)
    invite_after_days: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(255))

    __table_args__ = (
        CheckConstraint(_one_of("kind", WaveKind), name="kind_is_known"),
        CheckConstraint(_one_of("state", WaveState), name="state_is_known"),
        CheckConstraint("most_reminders >= 0 AND throttle_days >= 0", name="counts_are_counts"),
    )


class Invitation(Base):
    """A one-time link. Only hashes of its secrets are stored; `is_used` is a flag, not a date.

    An answer to a test invitation is shown as accepted and stored nowhere, so tests never
    thin the crowd of a batch. `segments` are already coarse (see ballots.rules.coarsen).
    An invitation of a wave knows its customer until that one is erased; `sent_on` is the day
    the invitation left, never the day of an answer.
    """

    __tablename__ = "invitation"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    is_used: Mapped[bool] = mapped_column(default=False)
    is_test: Mapped[bool] = mapped_column(default=False)
    segments: Mapped[list[str]] = mapped_column(JSON, default=list)
    expires_on: Mapped[date | None] = mapped_column(Date)
    wave_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("wave.id"))
    customer_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("customer.id", ondelete="SET NULL"), index=True
    )
    unsubscribe_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    sent_on: Mapped[date | None] = mapped_column(Date)
    reminders_sent: Mapped[int] = mapped_column(default=0, server_default="0")
    soft_bounces: Mapped[int] = mapped_column(default=0, server_default="0")
    is_unsubscribed: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        Index("ix_invitation_unsubscribe_hash", "unsubscribe_hash", unique=True),
        # A customer is invited to a wave once, however often its preparation is repeated.
        Index("ix_invitation_once", "wave_id", "customer_id", unique=True),
        {"sqlite_with_rowid": False},
    )


class Outbox(Base):
    """A mail to be sent or sent: ids and kind, never a text, an address or a token.

    `number` is 0 for the invitation, then counts reminders. `lease_until`: until then one
    worker owns the row. `reply`: code and class of what the server said, such as "550 5.1.1".
    """

    __tablename__ = "outbox"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    wave_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wave.id"))
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id"))
    number: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(8), default=MailState.QUEUED)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    reply: Mapped[str] = mapped_column(String(40), default="")

    __table_args__ = (
        UniqueConstraint("invitation_id", "number"),  # no mail is decided twice
        CheckConstraint(_one_of("state", MailState), name="state_is_known"),
        CheckConstraint(
            "state NOT IN ('leased', 'in-doubt') OR lease_until IS NOT NULL",
            name="owned_has_its_end",
        ),
        Index("ix_outbox_due", "wave_id", "state", "due_at"),
        {"sqlite_with_rowid": False},
    )


class MailPace(Base):
    """How far the mails that left have used up a rate, for all workers together.

    `name` is the SHA-256 of a recipient domain in hex, or "" for the rate over all.
    """

    __tablename__ = "mail_pace"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = ({"sqlite_with_rowid": False},)
