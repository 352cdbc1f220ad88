"""Writes of the ballot box: start a batch, drop a sealed answer in, open a crowd, discard."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from feedback_app.ballots import keys
from feedback_app.ballots.models import Batch, Box
from feedback_app.ballots.queries import find_taking_batch, newest_version_of, select_box
from feedback_app.ballots.rules import (
    OTHER,
    WAITING,
    BatchState,
    UnableToOpenBatch,
    late_stratum_of,
    may_open,
    stratum_of,
)
from feedback_app.ballots.sealing import Ballot, UnableToUnseal, make_key, seal_ballot, unseal
from feedback_app.foundation.db import changed_rows, insert_if_absent
from feedback_app.foundation.rules import Unable
from feedback_app.surveys.models import Survey

TRIES = 3
BOXES_AT_ONCE = 200
STRAY_SECONDS = 3600


class UnableToDropBallot(Unable):
    """No batch takes boxes: the survey is not open (or its key is still being made)."""


@dataclass(frozen=True, slots=True)
class LockedBatch:
    """A batch that nothing else changes until the transaction ends."""

    id: UUID
    survey_id: UUID
    channel: str
    segments: tuple[str, ...]
    uncounted: int


@dataclass(frozen=True, slots=True)
class OpenedCrowd:
    """What came out of one opening: documents in an order that tells nothing."""

    survey_id: UUID
    channel: str
    segments: tuple[str, ...]
    documents: tuple[dict[str, Any], ...]
    spoiled: int = 0  # boxes that could not be read


def start_batch(
    session: Session,
    *,
    survey_id: UUID,
    channel: str,
    segments: Sequence[str],
    folder: Path,
    ended: UUID | None = None,
) -> UUID | None:
    """Make sure that a batch of this crowd takes boxes; its id. `ended`: for late answers to it.

    The key reaches the disk before the batch does, so a batch without a key can not exist;
    a key without a batch (after a crash) is destroyed by the worker. None where this process
    may not keep keys (a page server of its own): there the worker starts the batch.
    """
    stratum = late_stratum_of(channel, ended) if ended else stratum_of(channel, segments)
    found = _find_taking(session, survey_id, stratum)
    if found is not None or not keys.is_writable(folder):
        return found
    private, public = make_key()
    batch_id = uuid4()
    keys.write_key(folder, survey_id, batch_id, private)
    session.execute(
        insert_if_absent(session, Batch).values(
            id=batch_id,
            survey_id=survey_id,
            version_id=ended or newest_version_of(survey_id),
            channel=channel,
            segments=list(segments),
            stratum=stratum,
            public_key=public,
            state=BatchState.OPEN,
        )
    )
    # Looked up, not counted: the key of a batch that did get in must never be destroyed.
    found = _find_taking(session, survey_id, stratum)
    if found != batch_id:
        keys.destroy_key(folder, survey_id, batch_id)  # another process was faster
    crowd: Any = {"channel": channel, "segments": segments, "ended": ended}
    return found or start_batch(session, survey_id=survey_id, folder=folder, **crowd)


def _find_taking(session: Session, survey_id: UUID, stratum: str) -> UUID | None:
    return session.scalar(
        select(Batch.id).where(
            Batch.survey_id == survey_id,
            Batch.stratum == stratum,
            Batch.state == BatchState.OPEN,
        )
    )


def stop_batch(session: Session, batch_id: UUID) -> bool:
    """Let a batch take no more boxes because its key is missing; False when it was over.

    Its boxes stay: should the key come back (a folder mounted again), they can be opened.
    """
    stopped = (
        update(Batch)
        .where(Batch.id == batch_id, Batch.state == BatchState.OPEN)
        .values(state=BatchState.STOPPED)
    )
    _lock(session, [batch_id])
    return changed_rows(session, stopped) == 1


# Every answer runs it. Building a statement costs more than running it.
_BOX: Table = cast(Table, Box.__table__)
_DROP = insert(_BOX).from_select(["id", "batch_id", "ciphertext"], select_box())


def drop(
    session: Session,
    document: dict[str, Any],
    *,
    survey_id: UUID,
    channel: str,
    segments: Sequence[str] = (),
    box_bytes: int,
    ballot: Ballot | None = None,
    is_counted: bool = True,
) -> None:
    """Seal `document` into the open batch of its crowd.

    A `ballot` sealed before this transaction saves the work inside it, where others wait;
    when its batch was opened meanwhile, `document` is sealed anew. The insert looks at the
    batch once more, see select_box. Not `is_counted`: it does not help to make the crowd.

    Raises UnableToDropBallot when no batch takes boxes, UnableToSeal when it is too long.
    """
    for _ in range(TRIES):
        if ballot is None:
            crowd: Any = {"survey_id": survey_id, "channel": channel, "segments": segments}
            batch = find_taking_batch(session, **crowd, version_id=_version_of(document))
            if batch is None:
                break
            ballot = seal_ballot(document, batch.id, batch.public_key, box_bytes=box_bytes)
        box = {"box": uuid4(), "batch": ballot.batch_id, "sealed": ballot.ciphertext}
        if changed_rows(session, _DROP, box) == 1:
            if not is_counted:
                _count_out(session, ballot.batch_id)
            return
        ballot = None
    raise UnableToDropBallot("This survey does not take answers at the moment.")


def _version_of(document: dict[str, Any]) -> UUID | None:
    """The version of the survey that an answer is to; what is no answer has none."""
    return UUID(document["version"]) if "version" in document else None


def _count_out(session: Session, batch_id: UUID) -> None:
    batch = update(Batch).where(Batch.id == batch_id)
    session.execute(batch.values(uncounted=Batch.uncounted + 1))


def open_crowd(
    session: Session, batch_ids: Sequence[UUID], *, k: int, folder: Path, opened_on: date
) -> OpenedCrowd:
    """Decrypt and shuffle the boxes of `batch_ids`, at least `k` of them, and delete them.

    Several batches of one version and channel may be opened together, as when a survey is
    closed: then none keeps its segments. All in the caller's transaction; `forget_keys`
    follows after its commit. A box that can not be read (it was damaged, or somebody wrote
    into the table) is left out and counted: it must not hold the others back.

    Raises UnableToOpenBatch when there are fewer than `k` or a key is gone.
    """
    batches = _lock(session, batch_ids)
    if len({(each.survey_id, each.channel) for each in batches}) != 1:
        raise UnableToOpenBatch("The batches are not open, or not of one survey and channel.")
    read = [each for batch in batches for each in _unsealed(session, batch, folder)]
    documents = [each for each in read if each is not None]
    counted = len(documents) - sum(batch.uncounted for batch in batches)
    if not may_open(counted, k):
        raise UnableToOpenBatch(f"There are {counted} readable sealed answers; {k} open together.")
    secrets.SystemRandom().shuffle(documents)
    for batch in batches:
        _close_batch(session, batch.id, opened_on)
    segments = max((each.segments for each in batches), key=len)
    return OpenedCrowd(
        survey_id=batches[0].survey_id,
        channel=batches[0].channel,
        segments=segments if len(batches) == 1 else (OTHER,) * len(segments),
        documents=tuple(documents),
        spoiled=len(read) - len(documents),
    )


def discard(session: Session, batch_ids: Sequence[UUID], *, unless_crowd_of: int = 0) -> int:
    """Give up batches that will never be opened; how many sealed answers were lost.

    With `unless_crowd_of` it counts once more under the lock and does nothing when so many
    are there after all: an answer may have arrived since the caller looked.
    """
    locked = _lock(session, batch_ids)
    batches = [each.id for each in locked]
    waiting = session.scalar(select(func.count(Box.id)).where(Box.batch_id.in_(batches))) or 0
    counted = waiting - sum(each.uncounted for each in locked)
    if unless_crowd_of and may_open(counted, unless_crowd_of):
        return 0
    session.execute(delete(Box).where(Box.batch_id.in_(batches)))
    session.execute(update(Batch).where(Batch.id.in_(batches)).values(state=BatchState.DISCARDED))
    return waiting


def forget_keys(session: Session, *, folder: Path) -> int:
    """Destroy every key whose batch is over; how many there were.

    A key that belongs to no batch was left by a start that was rolled back. It is spared
    for an hour, because its batch may be about to be committed by another process; and it
    is left alone when its survey is unknown too: then it belongs to another database.
    """
    found = keys.list_keys(folder)
    rows = session.execute(
        select(Batch.id, Batch.state).where(Batch.id.in_([each.batch_id for each in found]))
    )
    states = {row.id: row.state for row in rows}
    surveys = set(
        session.scalars(select(Survey.id).where(Survey.id.in_({each.survey_id for each in found})))
    )
    over = [
        each
        for each in found
        if (
            states[each.batch_id] not in WAITING
            if each.batch_id in states
            else each.age > STRAY_SECONDS and each.survey_id in surveys
        )
    ]
    for each in over:
        keys.destroy_key(folder, each.survey_id, each.batch_id)
    return len(over)


def _lock(session: Session, batch_ids: Sequence[UUID]) -> list[LockedBatch]:
    """Those of `batch_ids` that wait, in an order all lockers share; drops wait from here on."""
    rows = session.execute(
        select(Batch.id, Batch.survey_id, Batch.channel, Batch.segments, Batch.uncounted)
        .where(Batch.id.in_(batch_ids), Batch.state.in_(WAITING))
        .order_by(Batch.id)
        .with_for_update()
    )
    return [
        LockedBatch(id_, survey, channel, tuple(segments), uncounted)
        for id_, survey, channel, segments, uncounted in rows
    ]


def _unsealed(
    session: Session, batch: LockedBatch, folder: Path
) -> Iterator[dict[str, Any] | None]:
    """What is in every box of `batch`, None for a box that can not be read."""
    private = keys.find_key(folder, batch.survey_id, batch.id)
    # In portions: the boxes of a worker that was away for days need not fit into memory.
    boxes = session.scalars(
        select(Box.ciphertext)
        .where(Box.batch_id == batch.id)
        .execution_options(yield_per=BOXES_AT_ONCE)
    )
    for box in boxes:
        if private is None:
            raise UnableToOpenBatch(f"The key of batch {batch.id} is not in {folder}.")
        try:
            yield unseal(box, private_key=private)
        except UnableToUnseal:
            yield None


def _close_batch(session: Session, batch_id: UUID, opened_on: date) -> None:
    boxes = changed_rows(session, delete(Box).where(Box.batch_id == batch_id))
    session.execute(
        update(Batch)
        .where(Batch.id == batch_id)
        .values(state=BatchState.OPENED, opened_on=opened_on, boxes_opened=boxes)
    )
