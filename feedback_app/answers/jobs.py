"""What the worker does for answers."""

from __future__ import annotations

import logging
from collections.abc import Callable

from config import Settings
from feedback_app.answers import actions
from feedback_app.answers.rules import Tagger
from feedback_app.ballots import actions as ballots
from feedback_app.ballots.queries import list_open_batches
from feedback_app.ballots.rules import UnableToOpenBatch
from feedback_app.foundation.db import Database, utc_today

log = logging.getLogger(__name__)


def open_batches_job(tagger: Tagger) -> Callable[[Database, Settings], int]:
    """The job that opens crowds; looks first, so that an idle worker never writes."""

    def run(database: Database, settings: Settings) -> int:
        with database.reading() as session:
            batches = list_open_batches(session)
        opened = 0
        # Each crowd in a transaction of its own: one with a lost key must not stop the others.
        for crowd in actions.list_crowds(batches):
            try:
                with database.writing() as session:
                    opened += actions.open_crowd(
                        session, crowd, folder=settings.keys, tagger=tagger
                    )
            except UnableToOpenBatch as refusal:
                log.warning("%s", refusal)
        if any(batch.survey_is_closed for batch in batches):
            with database.writing() as session:
                actions.discard_leftovers(session)
        if opened:
            database.forget_old_pages()
        with database.reading() as session:
            ballots.forget_keys(session, folder=settings.keys)
        return opened

    return run


def forget_spent_forms(database: Database, _settings: Settings) -> int:
    """The job that forgets forms nobody can send any more."""
    with database.writing() as session:
        return actions.forget_spent_forms(session, today=utc_today())
