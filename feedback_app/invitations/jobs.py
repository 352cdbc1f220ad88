"""What the worker does for waves: prepare, invite newcomers, remind, send, end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from config import Settings
from feedback_app.ballots import keys
from feedback_app.foundation.db import Database, utc_now
from feedback_app.foundation.rules import Unable
from feedback_app.invitations import actions, queries, wave_keys
from feedback_app.invitations.rules import WaveKind, WaveState
from feedback_app.invitations.sending import SendingDesk

log = logging.getLogger(__name__)

Run = Callable[[Database, Settings], int]


def prepare_waves(database: Database, settings: Settings) -> int:
    """Begin the waves whose time has come and make their invitations; how many people."""
    if not keys.is_kept_here(settings.keys):
        return 0  # the worker beside the keys does it
    now = utc_now()
    with database.reading() as session:
        waiting = queries.list_waves(session, state=WaveState.SCHEDULED)
        begun = queries.list_waves(session, state=WaveState.PREPARING)
    due = [each for each in waiting if each.scheduled_at is None or each.scheduled_at <= now]
    invited = 0
    for wave in [*begun, *due]:
        try:
            invited += _prepare(database, settings, wave.id, wave.kind)
        except Unable as refusal:
            log.warning("wave %s: %s", wave.id, refusal)
    return invited


def _prepare(database: Database, settings: Settings, wave_id: UUID, kind: WaveKind) -> int:
    key = wave_keys.ensure_key(wave_keys.find_folder(settings), wave_id)
    with database.writing() as session:
        actions.begin_preparing(session, wave_id, today=utc_now().date())
    invited = 0
    if kind is not WaveKind.ALWAYS:
        while True:
            # Portions: respondents who want to write meanwhile wait for one, not for all.
            with database.writing() as session:
                found = actions.prepare_some(session, wave_id, key=key, now=utc_now())
            invited += found
            if not found:
                break
    with database.writing() as session:
        actions.finish_preparing(session, wave_id, folder=settings.keys, today=utc_now().date())
    return invited


def invite_newcomers(database: Database, settings: Settings) -> int:
    """Always-on waves: invite whoever left N days ago; how many people."""
    return _for_each_wave(database, settings, _invite_newcomers)


def remind(database: Database, settings: Settings) -> int:
    """Decide the reminders that are due; how many."""
    return _for_each_wave(database, settings, _remind)


def end_waves(database: Database, settings: Settings) -> int:
    """Finish waves that have nothing left to send; how many."""
    return _for_each_wave(database, settings, _end)


def send_mails_job() -> Run:
    """The job that sends what is due; its connection lives from run to run."""
    desks: dict[Settings, SendingDesk] = {}

    def run(database: Database, settings: Settings) -> int:
        if settings not in desks:
            desks[settings] = SendingDesk(settings)
        return desks[settings].run(database)

    return run


def _for_each_wave(
    database: Database, settings: Settings, work: Callable[[Database, Settings, UUID], int]
) -> int:
    """One wave that fails must not stop the others."""
    with database.reading() as session:
        waves = queries.list_waves(session, state=WaveState.SENDING)
    done = 0
    for wave in waves:
        try:
            done += work(database, settings, wave.id)
        except Unable as refusal:
            log.warning("wave %s: %s", wave.id, refusal)
    return done


def _invite_newcomers(database: Database, settings: Settings, wave_id: UUID) -> int:
    with database.reading() as session:
        wave = queries.get_wave(session, wave_id)
    if wave.kind is not WaveKind.ALWAYS:
        return 0
    key = wave_keys.get_key(wave_keys.find_folder(settings), wave_id)
    with database.writing() as session:
        return actions.invite_newcomers(session, wave_id, key=key, now=utc_now())


def _remind(database: Database, _settings: Settings, wave_id: UUID) -> int:
    done = 0
    while True:
        with database.reading() as session:
            wave = queries.get_wave(session, wave_id)
        if wave.reminder_after_days is None:
            return done
        with database.writing() as session:
            some = actions.remind(session, wave_id, now=utc_now())
        if not some:
            return done
        done += some


def _end(database: Database, _settings: Settings, wave_id: UUID) -> int:
    with database.writing() as session:
        return int(actions.end_if_over(session, wave_id, now=utc_now()))
