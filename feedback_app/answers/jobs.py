"""What the worker does for answers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy.orm import Session

from config import Settings
from feedback_app.answers import actions
from feedback_app.answers.masking import NOBODY, Mask, NameList, mask_values
from feedback_app.answers.publishing import publish_scheduled
from feedback_app.answers.rules import Tagger
from feedback_app.ballots import actions as ballots
from feedback_app.ballots import keys
from feedback_app.ballots.queries import OpenBatch, list_open_batches, list_surveys_without_batch
from feedback_app.ballots.rules import UnableToOpenBatch
from feedback_app.foundation.db import Database, utc_today
from feedback_app.surveys.rules import Channel

log = logging.getLogger(__name__)


#: Reads whose names are masked in free text; the room of customers provides it.
ListNames = Callable[[Session], NameList]


def open_batches_job(
    tagger: Tagger, list_names: ListNames = lambda _session: NOBODY
) -> Callable[[Database, Settings], int]:
    """The job that opens crowds; looks first, so that an idle worker never writes.

    `list_names` is asked only when there is a crowd to open, and nothing of it is kept.
    """

    def run(database: Database, settings: Settings) -> int:
        if not keys.is_kept_here(settings.keys):
            return 0  # the worker beside the keys does it
        if not keys.is_writable(settings.keys):
            raise keys.UnableToUseKeys(f"FEEDBACK_KEYS: {settings.keys} can not be written.")
        readable, keyless = _look(database, settings)
        _replace(database, settings, [each for each in keyless if each.takes_boxes])
        crowds = actions.list_crowds(readable)
        mask = _make_mask(database, list_names) if crowds else mask_values
        opened = _open(database, settings, crowds, tagger, mask=mask)
        publish_scheduled(database, settings)
        _discard(database, actions.list_hopeless(readable) + actions.list_hopeless(keyless))
        _start_missing(database, settings)
        if opened:
            database.forget_old_pages()
        with database.reading() as session:
            ballots.forget_keys(session, folder=settings.keys)
        return opened

    return run


def _make_mask(database: Database, list_names: ListNames) -> Mask:
    with database.reading() as session:
        return partial(mask_values, names=list_names(session))


def forget_spent_forms(database: Database, _settings: Settings) -> int:
    """The job that forgets forms nobody can send any more."""
    with database.writing() as session:
        return actions.forget_spent_forms(session, today=utc_today())


def _look(database: Database, settings: Settings) -> tuple[list[OpenBatch], list[OpenBatch]]:
    """Batches whose key is here, and those whose key is missing.

    Keys are listed after the batches: a key is older than its batch, so a batch that was
    seen without one has lost it (or was opened by another worker meanwhile).
    """
    with database.reading() as session:
        batches = list_open_batches(session)
    present = {each.batch_id for each in keys.list_keys(settings.keys)}
    readable = [each for each in batches if each.id in present]
    return readable, [each for each in batches if each.id not in present]


def _replace(database: Database, settings: Settings, batches: Sequence[OpenBatch]) -> None:
    """No answer may be sealed for a key that is gone (after a restored backup, say)."""
    for batch in batches:
        with database.writing() as session:
            was_replaced = actions.replace_batch(session, batch, folder=settings.keys)
        if was_replaced:
            log.warning("batch %s has no key in %s: stopped", batch.id, settings.keys)


def _open(
    database: Database,
    settings: Settings,
    crowds: Sequence[Sequence[OpenBatch]],
    tagger: Tagger,
    *,
    mask: Mask = mask_values,
) -> int:
    """Each crowd in a transaction of its own: one that fails must not stop the others."""
    answers = 0
    for crowd in crowds:
        try:
            with database.writing() as session:
                opened = actions.open_crowd(
                    session, crowd, folder=settings.keys, tagger=tagger, mask=mask
                )
        except UnableToOpenBatch as refusal:
            log.warning("%s", refusal)
        except Exception as error:  # noqa: BLE001  stays sealed and is tried again
            # The type only: a message can carry what was in the box.
            log.error("batch %s: %s", crowd[0].id, type(error).__name__)  # noqa: TRY400
        else:
            answers += opened.answers
            if opened.spoiled:
                log.warning("batch %s: %d boxes not readable", crowd[0].id, opened.spoiled)
    return answers


def _discard(database: Database, hopeless: Sequence[Sequence[OpenBatch]]) -> None:
    for batches in hopeless:
        with database.writing() as session:
            lost = ballots.discard(
                session, [each.id for each in batches], unless_crowd_of=batches[0].k
            )
        if lost:
            log.warning("closed survey %s: %d answers given up", batches[0].survey_id, lost)


def _start_missing(database: Database, settings: Settings) -> None:
    with database.reading() as session:
        is_missing = bool(list_surveys_without_batch(session, Channel.LINK))
    if is_missing:
        with database.writing() as session:
            actions.start_missing_batches(session, folder=settings.keys)
