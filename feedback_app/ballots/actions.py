"""Writes of the ballot box: start a batch, drop a sealed answer in, open a crowd, discard."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.orm import Session

from feedback_app.ballots import keys
from feedback_app.ballots.models import Batch, Box
from feedback_app.ballots.rules import OTHER, UnableToOpenBatch, may_open, stratum_of
from feedback_app.ballots.sealing import make_key, seal, unseal
from feedback_app.foundation.db import changed_rows, insert_if_absent
from feedback_app.foundation.rules import Unable

TRIES = 3
STRAY_SECONDS = 3600


class UnableToDropBallot(Unable):
    """No batch takes boxes: the survey is not open (or its key is still being made)."""


@dataclass(frozen=True, slots=True)
class OpenedCrowd:
    """What came out of one opening: documents in an order that tells nothing."""

    survey_id: UUID
    channel: str
    segments: tuple[str, ...]
    documents: tuple[dict[str, Any], ...]


def start_batch(
    session: Session, *, survey_id: UUID, channel: str, segments: Sequence[str], folder: Path
) -> UUID:
    """Make sure that a batch of this crowd takes boxes; its id.

    The key reaches the disk before the batch does, so a batch without a key can not exist;
    a key without a batch (after a crash) is destroyed by the worker.
    """
    stratum = stratum_of(channel, segments)
    found = session.scalar(
        select(Batch.id).where(
            Batch.survey_id == survey_id, Batch.stratum == stratum, Batch.state == "open"
        )
    )
    if found is not None:
        return found
    private, public = make_key()
    batch_id = uuid4()
    keys.write_key(folder, batch_id, private)
    batch = insert_if_absent(session, Batch).values(
        id=batch_id,
        survey_id=survey_id,
        channel=channel,
        segments=list(segments),
        stratum=stratum,
        public_key=public,
        state="open",
    )
    if changed_rows(session, batch) == 1:
        return batch_id
    keys.destroy_key(folder, batch_id)  # another process was faster
    return start_batch(
        session, survey_id=survey_id, channel=channel, segments=segments, folder=folder
    )


def drop(
    session: Session,
    document: dict[str, Any],
    *,
    survey_id: UUID,
    channel: str,
    segments: Sequence[str] = (),
    box_bytes: int,
) -> None:
    """Seal `document` into the open batch of its crowd.

    The insert looks at the batch once more under a lock that its opening must wait for:
    a box can never be left behind in a batch whose key is gone.

    Raises UnableToDropBallot when no batch takes boxes, UnableToSeal when it is too long.
    """
    stratum = stratum_of(channel, segments)
    for _ in range(TRIES):
        row = session.execute(
            select(Batch.id, Batch.public_key).where(
                Batch.survey_id == survey_id, Batch.stratum == stratum, Batch.state == "open"
            )
        ).one_or_none()
        if row is None:
            break
        sealed = seal(document, public_key=row.public_key, box_bytes=box_bytes)
        still_open = (
            select(literal(uuid4(), Box.id.type), Batch.id, literal(sealed, Box.ciphertext.type))
            .where(Batch.id == row.id, Batch.state == "open")
            .with_for_update(read=True, key_share=True)
        )
        box = insert(Box).from_select(["id", "batch_id", "ciphertext"], still_open)
        if changed_rows(session, box) == 1:
            return
    raise UnableToDropBallot("This survey does not take answers at the moment.")


def open_crowd(
    session: Session, batch_ids: Sequence[UUID], *, k: int, folder: Path, opened_on: date
) -> OpenedCrowd:
    """Decrypt and shuffle the boxes of `batch_ids`, at least `k` of them, and delete them.

    Several batches of one survey and channel may be opened together, as when a survey is
    closed: then none keeps its segments. All in the caller's transaction; `forget_keys`
    follows after its commit.

    Raises UnableToOpenBatch when there are fewer than `k` or a key is gone.
    """
    batches = session.execute(
        select(Batch.id, Batch.survey_id, Batch.channel, Batch.segments)
        .where(Batch.id.in_(batch_ids), Batch.state == "open")
        .order_by(Batch.id)
        .with_for_update()
    ).all()
    if len({(each.survey_id, each.channel) for each in batches}) != 1:
        raise UnableToOpenBatch("The batches are not open, or not of one survey and channel.")
    documents: list[dict[str, Any]] = []
    for batch in batches:
        documents += _unsealed(session, batch.id, folder)
    if not may_open(len(documents), k):
        raise UnableToOpenBatch(f"There are {len(documents)} sealed answers; {k} open together.")
    secrets.SystemRandom().shuffle(documents)
    for batch in batches:
        _close_batch(session, batch.id, opened_on)
    segments = tuple(batches[0].segments)
    return OpenedCrowd(
        survey_id=batches[0].survey_id,
        channel=batches[0].channel,
        segments=segments if len(batches) == 1 else (OTHER,) * len(segments),
        documents=tuple(documents),
    )


def _unsealed(session: Session, batch_id: UUID, folder: Path) -> list[dict[str, Any]]:
    private = keys.find_key(folder, batch_id)
    boxes = list(session.scalars(select(Box.ciphertext).where(Box.batch_id == batch_id)))
    if private is None and boxes:
        raise UnableToOpenBatch(f"The key of batch {batch_id} is not in {folder}.")
    return [unseal(box, private_key=private or b"") for box in boxes]


def _close_batch(session: Session, batch_id: UUID, opened_on: date) -> None:
    boxes = changed_rows(session, delete(Box).where(Box.batch_id == batch_id))
    session.execute(
        update(Batch)
        .where(Batch.id == batch_id)
        .values(state="opened", opened_on=opened_on, boxes_opened=boxes)
    )


def discard_batch(session: Session, batch_id: UUID) -> int:
    """Give up a batch that will never be a crowd; how many sealed answers were lost with it."""
    session.execute(select(Batch.id).where(Batch.id == batch_id).with_for_update())
    lost = changed_rows(session, delete(Box).where(Box.batch_id == batch_id))
    session.execute(
        update(Batch).where(Batch.id == batch_id, Batch.state == "open").values(state="discarded")
    )
    return lost


def forget_keys(session: Session, *, folder: Path) -> int:
    """Destroy every key whose batch is over; how many there were.

    A key that belongs to no batch was left by a start that was rolled back. It is spared
    for an hour, because its batch may be about to be committed by another process.
    """
    ages = keys.list_keys(folder)
    rows = session.execute(select(Batch.id, Batch.state).where(Batch.id.in_(ages)))
    states = {row.id: row.state for row in rows}
    over = [
        batch_id
        for batch_id, age in ages.items()
        if states.get(batch_id, "open" if age < STRAY_SECONDS else "gone") != "open"
    ]
    for batch_id in over:
        keys.destroy_key(folder, batch_id)
    return len(over)
