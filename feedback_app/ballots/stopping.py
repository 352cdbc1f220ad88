"""Ending every running batch of a survey at once, because its questions change."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback_app.ballots.models import Batch, Box
from feedback_app.ballots.rules import SLIPS, BatchState


@dataclass(frozen=True, slots=True)
class StoppedBatch:
    """A batch that takes no boxes any more, and the crowd it was for."""

    id: UUID
    channel: str
    segments: tuple[str, ...]


def stop_batches(session: Session, survey_id: UUID) -> list[StoppedBatch]:
    """Let no batch of the survey take answers any more; which ones did. Slips stay.

    Empty ones are over at once; the others wait to be opened or given up. Whoever drops a box
    holds its batch, so that no box comes in after this.
    """
    rows = session.execute(
        select(Batch.id, Batch.channel, Batch.segments)
        .where(Batch.survey_id == survey_id, Batch.state == BatchState.OPEN)
        .where(Batch.channel != SLIPS)
        .order_by(Batch.id)
        .with_for_update()
    )
    stopped = [StoppedBatch(id_, channel, tuple(segments)) for id_, channel, segments in rows]
    ids = [each.id for each in stopped]
    filled = set(session.scalars(select(Box.batch_id).where(Box.batch_id.in_(ids)).distinct()))
    for state, which in (
        (BatchState.STOPPED, filled),
        (BatchState.DISCARDED, set(ids) - filled),
    ):
        session.execute(update(Batch).where(Batch.id.in_(which)).values(state=state))
    return stopped
