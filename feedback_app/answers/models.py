"""Tables of opened answers and of what guards against double posts and double imports."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.foundation.db import Base


class Answer(Base):
    """One opened answer set: one row. Columns for what reports group by, the rest a document.

    No time, no sequence, no key towards an invitation. `cause_set` holds the codes sorted
    and joined by one space ("" = answered, no readable cause); `primary_cause` the one
    that decided it ("" = not said). `scores` has one sign for each question answered by a
    number (surveys/rules/scores.py). `language` is "" where keeping it would single
    somebody out. `flag` is rules.FLAGGED for one that looked suspicious on arrival.
    """

    __tablename__ = "answer"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"))
    version_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("survey_version.id"))
    opened_on: Mapped[date] = mapped_column(Date)
    channel: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(5), default="")
    segment_1: Mapped[str] = mapped_column(String(60), default="")
    segment_2: Mapped[str] = mapped_column(String(60), default="")
    segment_3: Mapped[str] = mapped_column(String(60), default="")
    cause_set: Mapped[str] = mapped_column(String(2000), default="")
    primary_cause: Mapped[str] = mapped_column(String(60), default="")
    codebook: Mapped[int]
    return_likelihood: Mapped[int | None] = mapped_column(SmallInteger)
    competitor: Mapped[str] = mapped_column(String(80), default="")
    offers: Mapped[str] = mapped_column(String(200), default="")
    scores: Mapped[str] = mapped_column(String(200), default="")
    has_text: Mapped[bool] = mapped_column(default=False)
    flag: Mapped[str] = mapped_column(String(10), default="", server_default="")
    document: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)

    __table_args__ = (
        CheckConstraint(
            "return_likelihood IS NULL OR return_likelihood BETWEEN 0 AND 10",
            name="return_likelihood_in_range",
        ),
        # Covers the cause report: groups stream out of the index without a sort.
        Index(
            "ix_answer_report",
            "survey_id",
            "cause_set",
            "primary_cause",
            "opened_on",
            "return_likelihood",
            "channel",
            "language",
            "segment_1",
            "segment_2",
            "segment_3",
            "flag",
        ),
        # Covers who was named and what they offer, whole or narrowed down.
        Index(
            "ix_answer_competitor",
            "survey_id",
            "competitor",
            "offers",
            "opened_on",
            "channel",
            "language",
            "segment_1",
            "segment_2",
            "segment_3",
            "flag",
        ),
        # Covers scores: whole, by month and by what a report can be told apart by.
        Index(
            "ix_answer_scores",
            "survey_id",
            "scores",
            "opened_on",
            "channel",
            "language",
            "segment_1",
            "segment_2",
            "segment_3",
            "flag",
        ),
        # Streams how many answers share each value a report can be narrowed to.
        Index(
            "ix_answer_kind",
            "survey_id",
            "channel",
            "language",
            "segment_1",
            "segment_2",
            "segment_3",
            "flag",
        ),
        {"sqlite_with_rowid": False},
    )


class NamedRespondent(Base):
    """Who gave an answer of a *named* survey. Anonymous surveys never have a row here.

    `consent`: when and before whom it was spoken, for an answer given on the telephone.
    """

    __tablename__ = "named_respondent"
    answer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer.id"), primary_key=True)
    reference: Mapped[str] = mapped_column(String(120))
    consent: Mapped[str] = mapped_column(String(300), default="", server_default="")

    __table_args__ = ({"sqlite_with_rowid": False},)


class SpentFormToken(Base):
    """A form that was already sent, by the hash of its token; forgotten after `purge_on`.

    The day is the first of a month well after the token expires: it dates nobody's answer.
    """

    __tablename__ = "spent_form_token"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    purge_on: Mapped[date] = mapped_column(Date)

    __table_args__ = ({"sqlite_with_rowid": False},)


class ImportedRow(Base):
    """Which rows of other tools' exports are already in, so that a second run adds nothing."""

    __tablename__ = "imported_row"
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    row_key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    content_key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class MaskingCount(Base):
    """How many pieces of personal data of one kind were masked in a survey's free texts."""

    __tablename__ = "masking_count"
    survey_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    pieces: Mapped[int] = mapped_column(default=0)

    __table_args__ = ({"sqlite_with_rowid": False},)
