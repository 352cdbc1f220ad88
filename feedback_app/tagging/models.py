"""Tables of statements and their tags, of double-coded samples and of themes."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.foundation.db import Base, UtcDateTime

CODE, OTHERS = 60, 250  # characters


#: What reports count of statements.
COUNTED = (
    *("survey_id", "model", "suggested", "told", "told_others", "is_audit", "is_ticked"),
    *("confidence", "answer_id"),
)


def _of_survey() -> Mapped[uuid.UUID]:
    return mapped_column(ForeignKey("survey.id", ondelete="CASCADE"))


class Statement(Base):
    """One free text to be tagged: an opened answer's own words, or a note without an answer.

    No time, no sequence, no segment: beside the text stands what its answer's row may say
    already. `question`: code of the question, "" for a note. `is_ticked`: the answer names
    causes itself. `is_audit`: drawn by lot into the audit (see rules.queue).

    Three tags, each a primary code (or `none`, `unsure`, `skip`; "" = not yet) with others:
    `suggested` by the model named, `confirmed` by a person, `told` is the confirmed one that
    reports may count (see rules.telling).
    """

    __tablename__ = "statement"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[uuid.UUID] = _of_survey()
    answer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str] = mapped_column(Text)
    is_ticked: Mapped[bool] = mapped_column(default=False)
    is_audit: Mapped[bool] = mapped_column(default=False)
    model: Mapped[str] = mapped_column(String(60), default="")
    suggested: Mapped[str] = mapped_column(String(CODE), default="")
    suggested_others: Mapped[str] = mapped_column(String(OTHERS), default="")
    confidence: Mapped[float] = mapped_column(Float, default=0.0)
    evidence: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    urgency: Mapped[float] = mapped_column(Float, default=0.0)
    confirmed: Mapped[str] = mapped_column(String(CODE), default="")
    confirmed_others: Mapped[str] = mapped_column(String(OTHERS), default="")
    told: Mapped[str] = mapped_column(String(CODE), default="")
    told_others: Mapped[str] = mapped_column(String(OTHERS), default="")

    __table_args__ = (
        UniqueConstraint("answer_id", "question"),  # made once, however often it is tried
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_is_a_probability"),
        Index("ix_statement_queue", "survey_id", "confirmed", "is_audit", "urgency"),
        # The audit is read in the order of its random ids.
        Index("ix_statement_audit", "survey_id", "is_audit", "confirmed", "id"),
        Index("ix_statement_model", "model"),
        # Reports count from it alone: the texts are never read for that.
        Index("ix_statement_words", *COUNTED),
        {"sqlite_with_rowid": False},
    )


class Reading(Base):
    """What one member of staff said a statement is about: who, when, under which codebook.

    `suggested` and `model` are what the tagger had said, "" where it was not shown (audit and
    double coding). `sample_id`: read for a double-coded sample, without seeing the other.
    """

    __tablename__ = "reading"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    statement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"))
    reader: Mapped[str] = mapped_column(String(255))
    tag: Mapped[str] = mapped_column(String(CODE))
    others: Mapped[str] = mapped_column(String(OTHERS), default="")
    codebook: Mapped[int]
    suggested: Mapped[str] = mapped_column(String(CODE), default="")
    model: Mapped[str] = mapped_column(String(60), default="")
    sample_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("double_sample.id", ondelete="CASCADE")
    )
    is_settling: Mapped[bool] = mapped_column(default=False)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_reading_statement", "statement_id"),
        Index("ix_reading_reader", "reader", "read_at"),
        Index("ix_reading_sample", "sample_id"),
    )


class DoubleSample(Base):
    """Statements drawn by lot that two people read without seeing each other's tags."""

    __tablename__ = "double_sample"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[uuid.UUID] = _of_survey()
    first_reader: Mapped[str] = mapped_column(String(255))
    second_reader: Mapped[str] = mapped_column(String(255))
    made_by: Mapped[str] = mapped_column(String(255))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("first_reader <> second_reader", name="two_readers"),)


class DoubleStatement(Base):
    """A statement of a double-coded sample."""

    __tablename__ = "double_statement"
    sample_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("double_sample.id", ondelete="CASCADE"), primary_key=True
    )
    statement_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("statement.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    __table_args__ = ({"sqlite_with_rowid": False},)


class Theme(Base):
    """Statements that no cause covers and that say something alike: at least k of them.

    `words` are what they have in common, `quotes` the ids of the most typical ones.
    """

    __tablename__ = "theme"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("survey.id", ondelete="CASCADE"), index=True
    )
    words: Mapped[list[str]] = mapped_column(JSON, default=list)
    statements: Mapped[int]
    quotes: Mapped[list[str]] = mapped_column(JSON, default=list)
    found_on: Mapped[date] = mapped_column(Date)


class TaggingDesk(Base):
    """How far the worker is with a survey's statements.

    `answers_revision`: the survey's revision whose answers all have theirs. `told_revision`
    grows whenever what reports may count has changed. `themes_model`: the model whose unsure
    statements were last looked through for themes.
    """

    __tablename__ = "tagging_desk"
    survey_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True
    )
    answers_revision: Mapped[int] = mapped_column(default=-1)
    told_revision: Mapped[int] = mapped_column(default=0)
    themes_model: Mapped[str] = mapped_column(String(60), default="")
