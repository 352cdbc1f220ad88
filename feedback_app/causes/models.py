"""Tables of the catalogue and its codebook versions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.foundation.db import Base, UtcDateTime


class CodebookVersion(Base):
    """One state of the catalogue; every change of any cause makes the next number."""

    __tablename__ = "codebook_version"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(255))


class Cause(Base):
    """A reason on one side. The code is what data and exports carry; it never changes meaning.

    A merged cause stays: answers keep the code that was ticked, and reports count it as
    the cause it was merged into. So a merge loses nothing and can be read back.
    """

    __tablename__ = "cause"
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    side: Mapped[str] = mapped_column(String(12))
    position: Mapped[int]
    is_tickable: Mapped[bool] = mapped_column(default=True)
    is_retired: Mapped[bool] = mapped_column(default=False)
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("cause.code"))
    is_own: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint("side IN ('competitor', 'company', 'client')", name="side_is_known"),
        CheckConstraint("code LIKE side || '.%'", name="code_names_its_side"),
        CheckConstraint(
            "merged_into IS NULL OR merged_into <> code", name="not_merged_into_itself"
        ),
        CheckConstraint("merged_into IS NULL OR is_retired", name="merged_is_retired"),
    )


class CauseText(Base):
    """Label and one-line explanation of a cause in one language."""

    __tablename__ = "cause_text"
    cause_code: Mapped[str] = mapped_column(ForeignKey("cause.code"), primary_key=True)
    language: Mapped[str] = mapped_column(String(5), primary_key=True)
    label: Mapped[str] = mapped_column(String(120))
    explanation: Mapped[str] = mapped_column(String(300), default="")


class CauseChange(Base):
    """What one codebook version changed: kind, cause, and the values before and after."""

    __tablename__ = "cause_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    codebook: Mapped[int] = mapped_column(ForeignKey("codebook_version.number"), index=True)
    cause_code: Mapped[str] = mapped_column(ForeignKey("cause.code"))
    kind: Mapped[str] = mapped_column(String(12))
    before: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)

    __table_args__ = (
        CheckConstraint(
            "kind IN ('added', 'renamed', 'moved', 'tickable', 'merged', 'retired', 'restored')",
            name="kind_is_known",
        ),
    )


class CauseNote(Base):
    """A sentence of the codebook on how to read a cause; notes are added, never changed."""

    __tablename__ = "cause_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    cause_code: Mapped[str] = mapped_column(ForeignKey("cause.code"), index=True)
    note: Mapped[str] = mapped_column(String(500))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(255))
