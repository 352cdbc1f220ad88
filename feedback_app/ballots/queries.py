"""Reads of the ballot box: what waits, never what is inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from feedback_app.ballots.models import Batch, Box
from feedback_app.ballots.rules import SLIPS, WAITING, BatchState, late_stratum_of, stratum_of
from feedback_app.surveys.models import Survey, SurveyVersion
from feedback_app.surveys.rules import Mode, State


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch that was not opened yet, and how many boxes wait in it.

    `boxes` are those that count towards k: one whose sender may still give the answer away
    (to be called about it) hides nobody. `takes_boxes` is False for a batch that was stopped
    because its key was missing or its version was replaced; `is_superseded` only in the latter
    case.
    """

    id: UUID
    survey_id: UUID
    channel: str
    segments: tuple[str, ...]
    k: int
    boxes: int
    survey_is_closed: bool
    takes_boxes: bool = True
    version_id: UUID | None = None
    is_superseded: bool = False

    @property
    def is_late(self) -> bool:
        """True for the batch of answers to an ended version that devices kept until now."""
        return self.is_superseded and self.takes_boxes

    @property
    def gets_no_more(self) -> bool:
        """True when nobody can answer into it any more."""
        return self.survey_is_closed or (self.is_superseded and not self.takes_boxes)


@dataclass(frozen=True, slots=True)
class TakingBatch:
    """The batch that takes the boxes of one crowd now."""

    id: UUID
    public_key: bytes
    version_id: UUID | None


# Every answer runs it. Building a statement costs more than running it.
_TAKING = select(
    Batch.__table__.c.id, Batch.__table__.c.public_key, Batch.__table__.c.version_id
).where(
    Batch.survey_id == bindparam("survey"),
    Batch.stratum == bindparam("stratum"),
    Batch.state == BatchState.OPEN,
)


def find_taking_batch(
    session: Session,
    *,
    survey_id: UUID,
    channel: str,
    segments: Sequence[str] = (),
    version_id: UUID | None = None,
) -> TakingBatch | None:
    """The batch that takes answers of this crowd, None when none does.

    With `version_id` only one that takes answers to that version of the survey; of an ended
    version that is the batch of what devices kept until now.
    """
    crowd = {"survey": survey_id, "stratum": stratum_of(channel, segments)}
    row = session.connection().execute(_TAKING, crowd).one_or_none()
    if version_id is not None and (row is None or row.version_id != version_id):
        crowd["stratum"] = late_stratum_of(channel, version_id)
        row = session.connection().execute(_TAKING, crowd).one_or_none()
    return None if row is None else TakingBatch(row.id, row.public_key, row.version_id)


def select_box() -> Select[Any]:
    """The box to insert (binds `box`, `batch`, `sealed`), while its batch takes boxes.

    Holds the batch: its opening must wait until the caller's transaction has ended, so that a
    box is never left behind in a batch whose key is gone.
    """
    box, batch = Box.__table__, Batch.__table__
    return (
        select(
            bindparam("box", type_=box.c.id.type).label("id"),
            batch.c.id.label("batch_id"),
            bindparam("sealed", type_=box.c.ciphertext.type).label("ciphertext"),
        )
        .where(batch.c.id == bindparam("batch"), batch.c.state == BatchState.OPEN.value)
        .where(batch.c.survey_id.in_(select(Survey.id).where(Survey.state == State.OPEN.value)))
        .with_for_update(read=True, key_share=True, of=batch)
    )


def list_open_batches(session: Session) -> list[OpenBatch]:
    """Every batch that was not opened yet with its count of boxes, surveys together."""
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
            (waiting - Batch.uncounted).label("boxes"),
            Survey.state.label("survey_state"),
            Batch.state,
            Batch.version_id,
            newest_version_of(Batch.survey_id).label("newest"),
        )
        .join(Survey, Survey.id == Batch.survey_id)
        .where(Batch.state.in_(WAITING), Batch.channel != SLIPS)
        .order_by(Batch.survey_id, Batch.id)
    )
    return [_open_batch(row) for row in rows]


def _open_batch(row: Any) -> OpenBatch:
    return OpenBatch(
        id=row.id,
        survey_id=row.survey_id,
        channel=row.channel,
        segments=tuple(row.segments),
        k=row.k,
        boxes=row.boxes,
        survey_is_closed=row.survey_state == State.CLOSED,
        takes_boxes=row.state == BatchState.OPEN,
        version_id=row.version_id,
        is_superseded=row.version_id != row.newest,
    )


def newest_version_of(survey_id: Any) -> Any:
    """The newest published version of the survey whose id this expression gives."""
    version = SurveyVersion.__table__
    return (
        select(version.c.id)
        .where(version.c.survey_id == survey_id, version.c.published_at.is_not(None))
        .order_by(version.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def list_surveys_without_batch(session: Session, channel: str) -> list[UUID]:
    """Open anonymous surveys in which nobody can answer through `channel` (no segments)."""
    taking = select(Batch.survey_id).where(
        Batch.state == BatchState.OPEN, Batch.stratum == stratum_of(channel, ())
    )
    return list(
        session.scalars(
            select(Survey.id)
            .where(
                Survey.state == State.OPEN,
                Survey.mode == Mode.ANONYMOUS,
                Survey.id.not_in(taking),
            )
            .order_by(Survey.id)
        )
    )


def count_waiting(session: Session, survey_id: UUID) -> int:
    """How many sealed answers of a survey wait to be opened."""
    return (
        session.scalar(select(func.count(Box.id)).join(Batch).where(Batch.survey_id == survey_id))
        or 0
    )


def count_boxes(session: Session, batch_ids: Sequence[UUID]) -> int:
    """How many sealed answers these batches hold."""
    return session.scalar(select(func.count(Box.id)).where(Box.batch_id.in_(batch_ids))) or 0
