"""Ending every running batch of a survey at once, because its questions change."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from feedback_app.ballots.models import Batch, Box
from feedback_app.ballots.queries import newest_version_of
from feedback_app.ballots.rules import SLIPS, BatchState


@dataclass(frozen=True, slots=True)
class StoppedBatch:
    """A batch that takes no boxes any more, and the crowd it was for."""

    id: UUID
    channel: str
    segments: tuple[str, ...]
    version_id: UUID | None


def stop_batches(session: Session, survey_id: UUID) -> list[StoppedBatch]:
    """Let no batch take answers to the survey's present version any more; which ones did.

    Slips stay, and so do batches for late answers to versions that ended before.

    Empty ones are over at once; the others wait to be opened or given up. Whoever drops a box
    holds its batch, so that no box comes in after this.
    """
    rows = session.execute(
        select(Batch.id, Batch.channel, Batch.segments, Batch.version_id)
        .where(Batch.survey_id == survey_id, Batch.state == BatchState.OPEN)
        .where(Batch.channel != SLIPS)
        .where(or_(Batch.version_id.is_(None), Batch.version_id == newest_version_of(survey_id)))
        .order_by(Batch.id)
        .with_for_update()
    )
    stopped = [StoppedBatch(row[0], row[1], tuple(row[2]), row[3]) for row in rows]
    ids = [each.id for each in stopped]
    filled = set(session.scalars(select(Box.batch_id).where(Box.batch_id.in_(ids)).distinct()))
    for state, which in (
        (BatchState.STOPPED, filled),
        (BatchState.DISCARDED, set(ids) - filled),
    ):
        session.execute(update(Batch).where(Batch.id.in_(which)).values(state=state))
    return stopped
