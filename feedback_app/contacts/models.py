"""Tables of contact slips, sealed and opened. No key leads from them to an answer."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import JSON, Date, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.foundation.db import Base


class ContactOffer(Base):
    """A survey whose respondents are asked whether they want to be called."""

    __tablename__ = "contact_offer"
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), primary_key=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class SlipBatch(Base):
    """The batch that takes a survey's slips, and how many crowds had opened when it was made."""

    __tablename__ = "slip_batch"
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    openings_before: Mapped[int]

    __table_args__ = ({"sqlite_with_rowid": False},)


class ContactSlip(Base):
    """One sealed slip: a random id and ciphertext of fixed size. Nothing else, ever."""

    __tablename__ = "contact_slip"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("batch.id"), index=True)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = ({"sqlite_with_rowid": False},)


class Contact(Base):
    """One opened slip: somebody who wants to be called.

    `answer` is the copy of the answer that its sender consented to attach, else null. The
    answer itself stays among the others, unmarked.
    """

    __tablename__ = "contact"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), index=True)
    opened_on: Mapped[date] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(120))
    reach: Mapped[str] = mapped_column(String(160))
    hours: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(5), default="")
    answer: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    is_called: Mapped[bool] = mapped_column(default=False)

    __table_args__ = ({"sqlite_with_rowid": False},)
