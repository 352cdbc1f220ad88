"""Tables of surveys, their versions, and the staff-kept list of competitors."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.foundation.db import Base, UtcDateTime


class Survey(Base):
    """One survey over all its versions.

    `k` is how many sealed answers a batch needs before it opens and the smallest group a
    report shows. `answers_revision` grows whenever answers appear, so that a computed
    report is known to be fresh. `segment_names` name the (at most three) coarse segments.
    """

    __tablename__ = "survey"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    template: Mapped[str] = mapped_column(String(30))
    mode: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(6), default="draft")
    language: Mapped[str] = mapped_column(String(5))
    k: Mapped[int] = mapped_column(default=10)
    box_bytes: Mapped[int] = mapped_column(default=8192)
    segment_names: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_demo: Mapped[bool] = mapped_column(default=False)
    answers_revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("mode IN ('anonymous', 'named', 'import')", name="mode_is_known"),
        CheckConstraint("state IN ('draft', 'open', 'closed')", name="state_is_known"),
        CheckConstraint("k >= 5 OR mode <> 'anonymous'", name="k_keeps_the_promise"),
        CheckConstraint("k >= 1", name="k_is_positive"),
    )


class SurveyVersion(Base):
    """One wording of a survey; never edited once published. Answers point at it.

    A survey has at most one version that is not published yet, its draft. `revision` grows
    with every change of a draft, so that two who edit at once do not overwrite each other.
    `publish_when` says that a finished draft waits for its turn: "opened" = when no sealed
    answer waits any more, "now" = as soon as the worker comes to it.
    """

    __tablename__ = "survey_version"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"))
    number: Mapped[int]
    definition: Mapped[dict[str, object]] = mapped_column(JSON)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    publish_when: Mapped[str] = mapped_column(String(6), default="", server_default="")

    __table_args__ = (UniqueConstraint("survey_id", "number"),)


class Competitor(Base):
    """A competitor that staff named; respondents are offered only these as suggestions."""

    __tablename__ = "competitor"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    is_retired: Mapped[bool] = mapped_column(default=False)
