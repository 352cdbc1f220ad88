"""Tables of batches and the boxes waiting in them."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.foundation.db import Base


class Batch(Base):
    """Boxes that will be opened together, all sealed with one public key.

    All hold answers to one version of the survey (`version_id`), padded to that version's size:
    an answer carries its version, which would date it among answers to a later one.

    The private key is a file outside the database. Boxes of one batch share survey,
    channel and coarse segments (`segments`, in the order of the survey's segment names;
    [] when the channel carries none), so opening a batch tells nothing of who is who in it.
    """

    __tablename__ = "batch"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"))
    version_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("survey_version.id"))
    channel: Mapped[str] = mapped_column(String(20))
    segments: Mapped[list[str]] = mapped_column(JSON, default=list)
    stratum: Mapped[str] = mapped_column(String(64))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    state: Mapped[str] = mapped_column(String(9), default="open")
    opened_on: Mapped[date | None] = mapped_column(Date)
    boxes_opened: Mapped[int | None]
    # Boxes whose senders may still give their answers away: they do not count towards k.
    uncounted: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint(
            "state IN ('open', 'stopped', 'opened', 'discarded')", name="state_is_known"
        ),
        CheckConstraint("(state = 'opened') = (opened_on IS NOT NULL)", name="opened_has_its_date"),
        # One open batch per survey, channel and segments: two would halve the crowd.
        Index(
            "ix_batch_one_open",
            "survey_id",
            "stratum",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )


class Box(Base):
    """One sealed answer: a random id and ciphertext of fixed size. Nothing else, ever."""

    __tablename__ = "box"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("batch.id"), index=True)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = ({"sqlite_with_rowid": False},)
