"""Tables of customers, of remembered column mappings and of addresses not to write to."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.customers.rules import LONGEST, Reason, Status
from feedback_app.foundation.db import Base


class Customer(Base):
    """One customer, current or departed; a text that is not known is "".

    `email` is in the one spelling of rules.normalise_address. `monthly_revenue_cents` counts
    hundredths of the company's currency, exact on every database. `search_text` holds what
    the list's search looks through, in folded letters: SQLite folds Latin letters alone.
    """

    __tablename__ = "customer"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    reference: Mapped[str] = mapped_column(String(LONGEST["reference"]))
    name: Mapped[str] = mapped_column(String(LONGEST["name"]), default="")
    email: Mapped[str] = mapped_column(String(LONGEST["email"]), default="", index=True)
    phone: Mapped[str] = mapped_column(String(LONGEST["phone"]), default="")
    language: Mapped[str] = mapped_column(String(LONGEST["language"]), default="")
    status: Mapped[str] = mapped_column(String(8))
    departed_on: Mapped[date | None] = mapped_column(Date)
    account_manager: Mapped[str] = mapped_column(String(LONGEST["account_manager"]), default="")
    plan: Mapped[str] = mapped_column(String(LONGEST["plan"]), default="")
    region: Mapped[str] = mapped_column(String(LONGEST["region"]), default="")
    value_class: Mapped[str] = mapped_column(String(LONGEST["value_class"]), default="")
    monthly_revenue_cents: Mapped[int | None] = mapped_column(BigInteger)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    last_invited_on: Mapped[date | None] = mapped_column(Date)
    created_on: Mapped[date] = mapped_column(Date)
    updated_on: Mapped[date] = mapped_column(Date)
    search_text: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("reference"),
        CheckConstraint(
            f"status IN ('{Status.CURRENT}', '{Status.DEPARTED}')", name="status_is_known"
        ),
        CheckConstraint(
            f"departed_on IS NULL OR status = '{Status.DEPARTED}'", name="only_who_left_has_a_day"
        ),
        CheckConstraint("reference <> ''", name="has_a_reference"),
        Index("ix_customer_status_departed_on", "status", "departed_on"),
        Index("ix_customer_name_id", "name", "id"),
        {"sqlite_with_rowid": False},
    )


class ColumnMapping(Base):
    """What the columns of a file meant last time; `header_key` is a hash of its header."""

    __tablename__ = "column_mapping"
    id: Mapped[int] = mapped_column(primary_key=True)
    made_for: Mapped[str] = mapped_column(String(20))
    header_key: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("made_for", "header_key"),)


class Suppression(Base):
    """An address that nothing is sent to, known by the SHA-256 of its one spelling.

    `address` is NULL once its customer was erased: the hash alone keeps it on the list.
    """

    __tablename__ = "suppression"
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    address: Mapped[str | None] = mapped_column(String(LONGEST["email"]), index=True)
    reason: Mapped[str] = mapped_column(String(12))
    since_on: Mapped[date] = mapped_column(Date)

    __table_args__ = (
        CheckConstraint(
            f"reason IN ({', '.join(repr(str(each)) for each in Reason)})", name="reason_is_known"
        ),
        {"sqlite_with_rowid": False},
    )
