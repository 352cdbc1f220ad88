"""Writes of a survey's ways in."""

from __future__ import annotations

import secrets
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from feedback_app.ballots import actions as ballots
from feedback_app.channels import queries
from feedback_app.channels.models import Embed, Kiosk, Slot
from feedback_app.channels.pins import hash_pin
from feedback_app.channels.rules.embedding import read_origins
from feedback_app.channels.rules.kiosks import UnableToSetUpKiosk, check_name, check_pin
from feedback_app.foundation.db import insert_if_absent
from feedback_app.foundation.rules import N_
from feedback_app.staff import audit
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Channel, Mode, State

CODE_BYTES = 8  # of a kiosk's address


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


def set_up_kiosk(
    session: Session, survey: SurveyRow, *, name: str, pin: str, by: str, folder: Path
) -> str:
    """A kiosk for `survey`; its code. Raises UnableToSetUpKiosk."""
    if survey.state is State.CLOSED:
        raise UnableToSetUpKiosk(N_("The survey is closed."))
    called, pin_hash = check_name(name), hash_pin(check_pin(pin))
    code = secrets.token_hex(CODE_BYTES)
    session.execute(
        insert(Kiosk).values(
            id=uuid4(),
            survey_id=survey.id,
            code=code,
            name=called,
            pin_hash=pin_hash,
            generation=1,
            is_retired=False,
        )
    )
    open_slot(session, survey, Channel.KIOSK, folder=folder)
    detail = {"kiosk": called}
    audit.record(session, by=by, act="kiosk.set-up", subject=survey.slug, detail=detail)
    return code


def change_pin(session: Session, survey: SurveyRow, code: str, *, pin: str, by: str) -> None:
    """Another PIN; devices that were unlocked are locked. Raises UnableToSetUpKiosk."""
    pin_hash = hash_pin(check_pin(pin))
    _change_kiosk(session, survey, code, pin_hash=pin_hash, generation=Kiosk.generation + 1)
    audit.record(session, by=by, act="kiosk.change-pin", subject=survey.slug)


def retire_kiosk(session: Session, survey: SurveyRow, code: str, *, by: str) -> None:
    """Its address shows nothing any more; what still waits in the device is not taken."""
    _change_kiosk(session, survey, code, is_retired=True)
    audit.record(session, by=by, act="kiosk.retire", subject=survey.slug)


def _change_kiosk(session: Session, survey: SurveyRow, code: str, **values: object) -> None:
    change = update(Kiosk).where(Kiosk.survey_id == survey.id, Kiosk.code == code)
    session.execute(change.values(**values))


def allow_embedding(
    session: Session, survey: SurveyRow, *, origins: str, by: str, folder: Path
) -> None:
    """Let pages of `origins` show the survey, and take tickets. Raises UnableToEmbed."""
    allowed = list(read_origins(origins))
    embed = insert_if_absent(session, Embed)
    session.execute(embed.values(survey_id=survey.id, origins=allowed, key_number=1))
    session.execute(update(Embed).where(Embed.survey_id == survey.id).values(origins=allowed))
    open_slot(session, survey, Channel.EMBED, folder=folder)
    detail = {"origins": allowed}
    audit.record(session, by=by, act="embed.allow", subject=survey.slug, detail=detail)


def renew_ticket_key(session: Session, survey: SurveyRow, *, by: str) -> None:
    """Take no ticket any more that the present key has signed."""
    renewed = update(Embed).where(Embed.survey_id == survey.id)
    session.execute(renewed.values(key_number=Embed.key_number + 1))
    audit.record(session, by=by, act="embed.renew-key", subject=survey.slug)
