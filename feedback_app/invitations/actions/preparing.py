"""Making the invitations of a wave: customer after customer, then all crowds at once.

No mail of a wave leaves before all of its invitations are made. So their segments can be
made coarse over everybody at the end, and a preparation that was interrupted goes on.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import String, cast, insert, select, update
from sqlalchemy.orm import Session

from feedback_app.ballots import actions as ballots
from feedback_app.ballots.rules import OTHER, coarsen
from feedback_app.customers import queries as customers
from feedback_app.customers.queries import Recipient
from feedback_app.customers.rules import RecipientFilter, Status
from feedback_app.foundation.db import changed_rows
from feedback_app.invitations import queries
from feedback_app.invitations.models import Invitation, Outbox, Wave
from feedback_app.invitations.queries import WaveRow, throttled_since
from feedback_app.invitations.rules import (
    MailState,
    WaveKind,
    WaveState,
    derive_secret,
    fit_segments,
    hash_token,
)
from feedback_app.staff import audit
from feedback_app.surveys import queries as surveys
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Channel, Mode

AT_ONCE = 1000
WORKER = "worker"
#: An always-on wave learns from the last year's departures which crowds are large enough.
YEAR = timedelta(days=365)
#: Departures that were noticed late are still invited, this many days after their day.
GRACE_DAYS = 30


def begin_preparing(session: Session, wave_id: UUID, *, today: date) -> bool:
    """A scheduled wave whose time has come begins; False when another worker was faster."""
    begun = (
        update(Wave)
        .where(Wave.id == wave_id, Wave.state == WaveState.SCHEDULED)
        .values(state=WaveState.PREPARING, started_on=today)
    )
    return changed_rows(session, begun) == 1


def prepare_some(
    session: Session, wave_id: UUID, *, key: bytes, now: datetime, limit: int = AT_ONCE
) -> int:
    """Invite the next `limit` recipients; how many there were."""
    if not _lock(session, wave_id, WaveState.PREPARING):
        return 0
    wave = queries.get_wave(session, wave_id)
    survey = surveys.get_survey(session, str(wave.survey_id))
    until = session.scalar(select(Wave.prepared_until).where(Wave.id == wave_id))
    found = customers.list_recipients(
        session,
        wave.recipients,
        names=wave.segment_names,
        invited_since=throttled_since(wave.throttle_days, now.date()),
        after=until,
        limit=limit,
    )
    if found:
        _invite(session, wave, survey, found, key=key, now=now)
        session.execute(update(Wave).where(Wave.id == wave_id).values(prepared_until=found[-1].id))
    return len(found)


def finish_preparing(session: Session, wave_id: UUID, *, folder: Path, today: date) -> None:
    """All are invited: make segments coarse, start a batch for every crowd, begin to send."""
    if not _lock(session, wave_id, WaveState.PREPARING):
        return
    wave = queries.get_wave(session, wave_id)
    survey = surveys.get_survey(session, str(wave.survey_id))
    if wave.kind is WaveKind.ALWAYS:
        strata = _strata_of_departures(session, wave, survey, today)
    else:
        strata = _coarsen_invitations(session, wave, survey)
    if survey.mode is Mode.ANONYMOUS:
        _start_batches(session, survey, strata, folder)
    session.execute(
        update(Wave)
        .where(Wave.id == wave_id)
        .values(
            state=WaveState.SENDING,
            is_prepared=True,
            strata=[list(each) for each in strata],
        )
    )
    detail = {"crowds": len(strata)}
    audit.record(session, by=WORKER, act="wave.prepared", subject=str(wave_id), detail=detail)


def invite_newcomers(session: Session, wave_id: UUID, *, key: bytes, now: datetime) -> int:
    """Invite whoever left so many days ago and was not invited by this wave; how many.

    Somebody noticed late is invited up to GRACE_DAYS later. Those whose day was before the
    wave began are left in peace.
    """
    if not _lock(session, wave_id, WaveState.SENDING):
        return 0
    wave = queries.get_wave(session, wave_id)
    survey = surveys.get_survey(session, str(wave.survey_id))
    allowed = session.scalar(select(Wave.strata).where(Wave.id == wave_id)) or []
    invited, after = 0, None
    while True:
        found = customers.list_recipients(
            session,
            _newcomers(wave, now.date()),
            names=wave.segment_names,
            invited_since=throttled_since(wave.throttle_days, now.date()),
            after=after,
            limit=AT_ONCE,
        )
        if not found:
            return invited
        known = set(
            session.scalars(
                select(Invitation.customer_id).where(
                    Invitation.wave_id == wave_id,
                    Invitation.customer_id.in_([each.id for each in found]),
                )
            )
        )
        fresh = [each for each in found if each.id not in known]
        crowds = {tuple(each) for each in allowed}
        _invite(session, wave, survey, fresh, key=key, now=now, crowds=crowds)
        invited += len(fresh)
        after = found[-1].id


def _newcomers(wave: WaveRow, today: date) -> RecipientFilter:
    wait = timedelta(days=wave.invite_after_days or 0)
    earliest = max(
        (wave.started_on or today) - wait,
        today - wait - timedelta(days=GRACE_DAYS),
        wave.recipients.departed_from or date.min,
    )
    latest = min(today - wait, wave.recipients.departed_to or date.max)
    return replace(
        wave.recipients, status=Status.DEPARTED, departed_from=earliest, departed_to=latest
    )


def _invite(
    session: Session,
    wave: WaveRow,
    survey: SurveyRow,
    found: Sequence[Recipient],
    *,
    key: bytes,
    now: datetime,
    crowds: set[tuple[str, ...]] | None = None,
) -> None:
    """Invitations and their mails, in the caller's transaction. `crowds`: others are "other"."""
    if not found:
        return
    nobody = (OTHER,) * len(survey.segment_names)
    invitations: list[dict[str, object]] = []
    ids = [uuid4() for _ in found]
    for id_, person in zip(ids, found, strict=True):
        segments = fit_segments(
            person.segments, names=wave.segment_names, survey_names=survey.segment_names
        )
        invitations.append(
            {
                "id": id_,
                "survey_id": survey.id,
                "token_hash": hash_token(derive_secret(key, "link", id_)),
                "is_used": False,
                "is_test": False,
                "segments": list(segments if crowds is None or segments in crowds else nobody),
                "wave_id": wave.id,
                "customer_id": person.id,
                "unsubscribe_hash": hash_token(derive_secret(key, "unsubscribe", id_)),
            }
        )
    session.execute(insert(Invitation), invitations)
    _queue(session, wave.id, ids, now)


def _queue(session: Session, wave_id: UUID, invitations: Sequence[UUID], now: datetime) -> None:
    mails = [
        {
            "id": uuid4(),
            "wave_id": wave_id,
            "invitation_id": invitation_id,
            "number": 0,
            "state": MailState.QUEUED,
            "due_at": now,
        }
        for invitation_id in invitations
    ]
    session.execute(insert(Outbox), mails)


def _coarsen_invitations(
    session: Session, wave: WaveRow, survey: SurveyRow
) -> list[tuple[str, ...]]:
    """Combinations too few invited people share become "other"; the crowds of this wave."""
    own = queries.count_combinations(session, survey.id, wave_id=wave.id)
    everybody = queries.count_combinations(session, survey.id)
    becomes = coarsen(_people(everybody), survey.k)
    for combination in own:
        if becomes[combination] == combination:
            continue
        session.execute(
            update(Invitation)
            .where(
                Invitation.wave_id == wave.id,
                cast(Invitation.segments, String) == json.dumps(list(combination)),
            )
            .values(segments=list(becomes[combination]))
        )
    return sorted({becomes[each] for each in own})


def _strata_of_departures(
    session: Session, wave: WaveRow, survey: SurveyRow, today: date
) -> list[tuple[str, ...]]:
    last_year = replace(
        wave.recipients, status=Status.DEPARTED, departed_from=today - YEAR, departed_to=None
    )
    found = customers.segment_combinations(session, last_year, wave.segment_names)
    fitted: Counter[tuple[str, ...]] = Counter()
    for each, number in found.items():
        names = survey.segment_names
        fitted[fit_segments(each, names=wave.segment_names, survey_names=names)] += number
    nobody = (OTHER,) * len(survey.segment_names)
    return sorted({*coarsen(_people(fitted), survey.k).values(), nobody})


def _people(counts: Mapping[tuple[str, ...], int]) -> Iterable[tuple[str, ...]]:
    return (each for each, number in counts.items() for _ in range(number))


def _start_batches(
    session: Session, survey: SurveyRow, strata: Iterable[tuple[str, ...]], folder: Path
) -> None:
    for segments in strata:
        ballots.start_batch(
            session,
            survey_id=survey.id,
            channel=Channel.INVITATION,
            segments=segments,
            folder=folder,
        )


def _lock(session: Session, wave_id: UUID, state: WaveState) -> bool:
    """Own the wave until the transaction ends; False when it is not in `state` (any more)."""
    found = session.scalar(
        select(Wave.id)
        .where(Wave.id == wave_id, Wave.state == state)
        .with_for_update(key_share=True)
    )
    return found is not None
