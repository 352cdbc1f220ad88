"""A new version of an open survey takes its turn: running batches end, others begin."""

from __future__ import annotations

import logging
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from config import Settings
from feedback_app.ballots import actions as ballots
from feedback_app.ballots.queries import count_boxes
from feedback_app.ballots.stopping import stop_batches
from feedback_app.foundation.db import Database
from feedback_app.foundation.rules import Unable
from feedback_app.surveys import actions as survey_actions
from feedback_app.surveys.queries import list_scheduled
from feedback_app.surveys.rules import Channel, PublishWhen

BY = "worker"
log = logging.getLogger(__name__)


class UnableToPublishYet(Unable):
    """Sealed answers to the version before wait for their crowd."""


def publish_version(session: Session, survey_id: UUID, *, when: str, folder: Path) -> None:
    """Publish the scheduled draft, stop every running batch and start its successor.

    A batch holds answers to one version: an answer carries its version, which among answers to
    another one would tell when it was given. What waits in a stopped batch opens if it is a
    crowd; the worker gives the rest up. Kiosks may have kept answers to the version that ends:
    these get a batch of their own. Unless `when` is "now": then nothing may wait, or
    UnableToPublishYet is raised and nothing has changed.
    """
    stopped = stop_batches(session, survey_id)
    if when != PublishWhen.NOW and count_boxes(session, [each.id for each in stopped]):
        raise UnableToPublishYet("Sealed answers to the version before still wait.")
    survey_actions.publish_version(session, survey_id, by=BY)
    for batch in stopped:
        ballots.start_batch(
            session,
            survey_id=survey_id,
            channel=batch.channel,
            segments=batch.segments,
            folder=folder,
        )
        if batch.channel == Channel.KIOSK and batch.version_id is not None:
            take_late_answers(session, survey_id, batch.version_id, folder=folder)


def take_late_answers(session: Session, survey_id: UUID, version_id: UUID, *, folder: Path) -> None:
    """Take answers to an ended version that a device kept; in a crowd of their own.

    Among answers to another version theirs would tell when they were given. Safe to repeat.
    """
    ballots.start_batch(
        session,
        survey_id=survey_id,
        channel=Channel.KIOSK,
        segments=(),
        folder=folder,
        ended=version_id,
    )


def publish_scheduled(database: Database, settings: Settings) -> int:
    """Publish every scheduled version whose turn has come; how many. Beside the keys only."""
    with database.reading() as session:
        scheduled = list_scheduled(session)
    published = 0
    for survey_id, when in scheduled:
        try:
            with database.writing() as session:
                publish_version(session, survey_id, when=when, folder=settings.keys)
        except UnableToPublishYet:
            continue
        except Unable as refusal:
            log.warning("survey %s: no new version: %s", survey_id, refusal)
        else:
            published += 1
    return published
