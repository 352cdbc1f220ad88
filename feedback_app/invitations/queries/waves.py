"""Reads of waves: their plan, whom they would reach, how far they are."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session

from feedback_app.ballots.rules import coarsen
from feedback_app.customers import queries as customers
from feedback_app.customers.queries import RecipientCounts
from feedback_app.customers.rules import RecipientFilter
from feedback_app.foundation.db import utc_now
from feedback_app.foundation.rules import Unable
from feedback_app.invitations.models import Invitation, Outbox, Wave
from feedback_app.invitations.rules import MailState, MailText, Rhythm, WaveKind, WaveState
from feedback_app.surveys.models import Survey
from feedback_app.surveys.rules import Channel, State


class UnableToFindWave(Unable):
    """No wave has this id or name."""


@dataclass(frozen=True, slots=True)
class WaveRow:
    """One wave with what its pages show of its survey."""

    id: UUID
    survey_id: UUID
    survey_slug: str
    survey_name: str
    survey_k: int
    is_demo: bool
    name: str
    kind: WaveKind
    channel: str
    state: WaveState
    recipients: RecipientFilter
    segment_names: tuple[str, ...]
    texts: dict[str, MailText]
    scheduled_at: datetime | None
    started_on: date | None
    is_prepared: bool
    reminder_after_days: int | None
    most_reminders: int
    throttle_days: int
    invite_after_days: int | None
    created_at: datetime
    created_by: str

    @property
    def is_by_phone(self) -> bool:
        """True when its customers are called and nobody is written to."""
        return self.channel == Channel.PHONE

    @property
    def rhythm(self) -> Rhythm:
        """How often people are written to."""
        return Rhythm(
            self.reminder_after_days,
            self.most_reminders,
            self.throttle_days,
            self.invite_after_days,
        )


@dataclass(frozen=True, slots=True)
class Combination:
    """Segments shared by `people` recipients, and what travels with their answers instead."""

    segments: tuple[str, ...]
    people: int
    becomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WavePreview:
    """Whom a wave would reach today."""

    counts: RecipientCounts
    combinations: tuple[Combination, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a wave is, in people. Test invitations count nowhere.

    `answered` and `response_rate` (of the sent) are None while fewer than k have answered,
    but somebody has: so few could be guessed. Reminders that were not needed are counted
    nowhere, for their number would tell who answered.
    """

    invited: int
    queued: int
    sent: int
    in_doubt: int
    bounced: int
    failed: int
    dropped: int
    unsubscribed: int
    answered: int | None
    response_rate: float | None


_SAME = tuple(
    name
    for name in WaveRow.__slots__
    if name
    not in ("survey_slug", "survey_name", "survey_k", "is_demo", "recipients", "texts", "kind")
    and name not in ("state", "segment_names")
)
_WAVES = select(Wave, Survey.slug, Survey.name, Survey.k, Survey.is_demo).join(
    Survey, Survey.id == Wave.survey_id
)


def get_wave(session: Session, wave_id: UUID) -> WaveRow:
    """One wave; raises UnableToFindWave."""
    row = session.execute(_WAVES.where(Wave.id == wave_id)).one_or_none()
    if row is None:
        raise UnableToFindWave("There is no such wave.")
    return _wave(row)


def find_wave(session: Session, named: str) -> WaveRow | None:
    """The wave with this id, or the newest of this name."""
    with suppress(ValueError):
        row = session.execute(_WAVES.where(Wave.id == UUID(named))).one_or_none()
        return None if row is None else _wave(row)
    newest = _WAVES.where(Wave.name == named).order_by(Wave.created_at.desc()).limit(1)
    row = session.execute(newest).one_or_none()
    return None if row is None else _wave(row)


def list_waves(session: Session, *, state: WaveState | None = None) -> list[WaveRow]:
    """Every wave (in `state`), newest first."""
    query = _WAVES.order_by(Wave.created_at.desc(), Wave.id)
    if state is not None:
        query = query.where(Wave.state == state)
    return [_wave(row) for row in session.execute(query)]


def preview_wave(session: Session, wave_id: UUID, *, today: date) -> WavePreview:
    """Who would get it, and which segments would travel: combinations by size."""
    wave = get_wave(session, wave_id)
    since = throttled_since(wave.throttle_days, today)
    counts = customers.count_recipients(session, wave.recipients, invited_since=since)
    found = customers.segment_combinations(
        session, wave.recipients, wave.segment_names, invited_since=since
    )
    people = [values for values, number in found.items() for _ in range(number)]
    becomes = coarsen(people, wave.survey_k)
    by_size = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return WavePreview(
        counts,
        tuple(Combination(each, number, becomes[each]) for each, number in by_size if number),
    )


def throttled_since(throttle_days: int, today: date) -> date | None:
    """Whoever was invited on that day or later is left in peace; None: nobody is."""
    return today - timedelta(days=throttle_days - 1) if throttle_days else None


def is_anybody_invited(session: Session, survey_id: UUID) -> bool:
    """True once a real invitation to this survey exists whose answer carries segments."""
    found = select(Invitation.id).where(*_carry_segments(survey_id))
    return session.scalar(found.limit(1)) is not None


def get_progress(session: Session, wave_id: UUID, *, now: datetime | None = None) -> Progress:
    """How far the wave is. Counted by index, for a page that is looked at now and then.

    A mail that a worker may be sending this moment still counts as queued.
    """
    wave = get_wave(session, wave_id)
    rows = session.execute(
        select(Outbox.state, func.count())
        .where(Outbox.wave_id == wave_id, Outbox.number == 0)
        .group_by(Outbox.state)
    )
    states = {str(state): number for state, number in rows}
    doubtful = select(func.count()).where(
        Outbox.wave_id == wave_id, Outbox.state == MailState.IN_DOUBT
    )
    under_way = session.scalar(
        doubtful.where(Outbox.number == 0, Outbox.lease_until > (now or utc_now()))
    )
    in_doubt = session.scalar(doubtful.where(Outbox.lease_until <= (now or utc_now())))
    people = select(func.count()).where(
        Invitation.wave_id == wave_id, Invitation.is_test.is_(False)
    )
    answered = session.scalar(people.where(Invitation.is_used.is_(True))) or 0
    is_told = answered == 0 or answered >= wave.survey_k
    invited = session.scalar(people) or 0
    is_unmailed = wave.kind is WaveKind.SPLIT or wave.is_by_phone
    sent = invited if is_unmailed else states.get(MailState.SENT, 0)
    return Progress(
        invited=invited,
        queued=states.get(MailState.QUEUED, 0) + states.get(MailState.LEASED, 0) + (under_way or 0),
        sent=sent,
        in_doubt=in_doubt or 0,
        bounced=states.get(MailState.BOUNCED, 0),
        failed=states.get(MailState.FAILED, 0),
        dropped=states.get(MailState.DROPPED, 0),
        unsubscribed=session.scalar(people.where(Invitation.is_unsubscribed.is_(True))) or 0,
        answered=answered if is_told else None,
        response_rate=answered / sent if is_told and sent else None,
    )


def is_survey_open(session: Session, survey_id: UUID) -> bool:
    """True while the survey takes answers."""
    return session.scalar(select(Survey.state).where(Survey.id == survey_id)) == State.OPEN


def count_combinations(
    session: Session, survey_id: UUID, *, wave_id: UUID | None = None
) -> dict[tuple[str, ...], int]:
    """How many real invitations of a survey (of one wave) carry each combination of segments."""
    as_text = cast(Invitation.segments, String)
    query = select(as_text, func.count()).where(*_carry_segments(survey_id))
    if wave_id is not None:
        query = query.where(Invitation.wave_id == wave_id)
    rows = session.execute(query.group_by(as_text))
    return {tuple(json.loads(text)): number for text, number in rows}


def _carry_segments(survey_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Real invitations but those by telephone, whose answers carry no segments."""
    by_phone = select(Wave.id).where(Wave.channel == Channel.PHONE)
    return (
        Invitation.survey_id == survey_id,
        Invitation.is_test.is_(False),
        or_(Invitation.wave_id.is_(None), Invitation.wave_id.not_in(by_phone)),
    )


def _wave(row: Any) -> WaveRow:
    wave, slug, name, k, is_demo = row
    return WaveRow(
        **{each: getattr(wave, each) for each in _SAME},
        survey_slug=slug,
        survey_name=name,
        survey_k=k,
        is_demo=is_demo,
        kind=WaveKind(wave.kind),
        state=WaveState(wave.state),
        recipients=RecipientFilter.from_json(wave.recipients),
        segment_names=tuple(wave.segment_names),
        texts={language: MailText.from_json(text) for language, text in wave.texts.items()},
    )
