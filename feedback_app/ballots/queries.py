"""Reads of the ballot box: what waits, never what is inside."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.ballots.models import Batch, Box
from feedback_app.surveys.models import Survey


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch that takes boxes, and how many wait in it."""

    id: UUID
    survey_id: UUID
    channel: str
    segments: tuple[str, ...]
    k: int
    boxes: int
    survey_is_closed: bool


def list_open_batches(session: Session) -> list[OpenBatch]:
    """Every open batch with its count of boxes, surveys together."""
    waiting = (
        select(func.count(Box.id))
        .where(Box.batch_id == Batch.id)
        .correlate(Batch)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Batch.id,
            Batch.survey_id,
            Batch.channel,
            Batch.segments,
            Survey.k,
            waiting,
            Survey.state,
        )
        .join(Survey, Survey.id == Batch.survey_id)
        .where(Batch.state == "open")
        .order_by(Batch.survey_id, Batch.id)
    )
    return [
        OpenBatch(id_, survey, channel, tuple(segments), k, boxes, state == "closed")
        for id_, survey, channel, segments, k, boxes, state in rows
    ]


def count_waiting(session: Session, survey_id: UUID) -> int:
    """How many sealed answers of a survey wait to be opened."""
    return (
        session.scalar(select(func.count(Box.id)).join(Batch).where(Batch.survey_id == survey_id))
        or 0
    )
