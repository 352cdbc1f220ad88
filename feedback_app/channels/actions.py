"""Writes of a survey's ways in."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from feedback_app.ballots import actions as ballots
from feedback_app.channels import queries
from feedback_app.channels.models import Slot
from feedback_app.foundation.db import insert_if_absent
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Channel, Mode, State


def open_slot(session: Session, survey: SurveyRow, channel: Channel, *, folder: Path) -> None:
    """Let answers come in through `channel`. Safe to repeat.

    Answers of a channel wait in a batch of their own. A draft gets it when it is opened, and
    where this process keeps no keys the worker starts it.
    """
    slot = insert_if_absent(session, Slot).values(survey_id=survey.id, channel=channel)
    session.execute(slot)
    if survey.mode is Mode.ANONYMOUS and survey.state is State.OPEN:
        ballots.start_batch(
            session, survey_id=survey.id, channel=channel, segments=(), folder=folder
        )


def start_missing_batches(session: Session, *, folder: Path) -> int:
    """Start a batch behind every slot that lacks one; how many."""
    missing = queries.list_missing_batches(session)
    for survey_id, channel in missing:
        ballots.start_batch(
            session, survey_id=survey_id, channel=channel, segments=(), folder=folder
        )
    return len(missing)
