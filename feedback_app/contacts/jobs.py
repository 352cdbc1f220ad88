"""What the worker does for contact slips."""

from __future__ import annotations

import logging

from config import Settings
from feedback_app.ballots import actions as ballots
from feedback_app.ballots import keys
from feedback_app.contacts import actions, queries
from feedback_app.contacts.queries import SealedSlips
from feedback_app.foundation.db import Database, utc_today

log = logging.getLogger(__name__)


def open_slips(database: Database, settings: Settings) -> int:
    """Open the slips whose crowd has opened; looks first, so that an idle worker never writes."""
    if not keys.is_kept_here(settings.keys):
        return 0  # the worker beside the keys does it
    with database.reading() as session:
        sealed = queries.list_sealed(session)
    opened = sum(_deal_with(database, settings, each) for each in sealed)
    with database.reading() as session:
        missing = queries.list_offers_without_batch(session)
    for survey_id in missing:
        with database.writing() as session:
            actions.start_batch(session, survey_id, folder=settings.keys)
    if opened:
        database.forget_old_pages()
        with database.reading() as session:
            ballots.forget_keys(session, folder=settings.keys)
    return opened


def _deal_with(database: Database, settings: Settings, sealed: SealedSlips) -> int:
    if keys.find_key(settings.keys, sealed.survey_id, sealed.batch_id) is None:
        with database.writing() as session:
            lost = actions.give_up(session, sealed.batch_id)
        log.warning("batch %s has no key: %d contact slips given up", sealed.batch_id, lost)
        return 0
    if not sealed.may_open:
        return 0
    if not sealed.waiting and not sealed.survey_is_closed:
        # Kept, for a slip may be under way for its key; it waits for the crowd after this one.
        with database.writing() as session:
            actions.wait_on(session, sealed.batch_id, openings=sealed.openings)
        return 0
    with database.writing() as session:
        return actions.open_slips(
            session,
            sealed.batch_id,
            sealed.survey_id,
            folder=settings.keys,
            opened_on=utc_today(),
        )
