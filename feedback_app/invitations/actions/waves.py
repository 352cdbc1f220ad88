"""Writes of waves: plan one, choose whom and what, schedule, pause, resume, end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from feedback_app.customers import queries as customers
from feedback_app.customers.rules import RecipientFilter
from feedback_app.foundation.db import changed_rows, utc_now, utc_today
from feedback_app.foundation.rules import N_
from feedback_app.invitations import queries
from feedback_app.invitations.models import Invitation, Outbox, Wave
from feedback_app.invitations.queries import WaveRow
from feedback_app.invitations.rules import (
    USUAL_MOST_REMINDERS,
    USUAL_THROTTLE_DAYS,
    MailState,
    MailText,
    Rhythm,
    UnableToPlanWave,
    UnableToRunWave,
    WaveKind,
    WaveState,
    check_move,
    check_name,
    check_segments,
    check_text,
    default_text,
)
from feedback_app.staff import audit
from feedback_app.surveys import actions as survey_actions
from feedback_app.surveys import queries as surveys
from feedback_app.surveys.rules import Mode, State
from feedback_app.surveys.rules.survey import STATE_WORDS

OWED = (MailState.QUEUED, MailState.LEASED)


def create_wave(
    session: Session, *, survey_id: UUID, name: str, kind: WaveKind = WaveKind.ONCE, by: str
) -> UUID:
    """A draft with default texts in the survey's languages; its id.

    Raises UnableToPlanWave for a survey of imported answers or a closed one.
    """
    survey = surveys.get_survey(session, str(survey_id))
    if survey.mode is Mode.IMPORT or survey.state is State.CLOSED:
        raise UnableToPlanWave(
            N_("%(survey)s takes no answers: choose another survey."), survey=survey.slug
        )
    definition = surveys.get_definition(session, survey.id)
    wave_id = uuid4()
    session.execute(
        insert(Wave).values(
            id=wave_id,
            survey_id=survey.id,
            name=check_name(name),
            kind=kind,
            state=WaveState.DRAFT,
            recipients={},
            segment_names=[],
            texts={
                each: default_text(each, definition.subject).to_json()
                for each in definition.languages
            },
            is_prepared=False,
            most_reminders=USUAL_MOST_REMINDERS,
            throttle_days=USUAL_THROTTLE_DAYS,
            invite_after_days=0 if kind is WaveKind.ALWAYS else None,
            created_at=utc_now(),
            created_by=by,
        )
    )
    detail = {"survey": survey.slug, "kind": str(kind)}
    audit.record(session, by=by, act="wave.create", subject=str(wave_id), detail=detail)
    return wave_id


def choose_recipients(session: Session, wave_id: UUID, wanted: RecipientFilter, *, by: str) -> None:
    """Whom a draft will be sent to."""
    _change(session, wave_id, "change", by=by, what="recipients", recipients=wanted.to_json())


def choose_segments_of(session: Session, wave_id: UUID, names: Sequence[str], *, by: str) -> None:
    """Which properties of a recipient travel with the answer, three at most.

    They become the survey's segments. Once somebody was invited to the survey, only a
    choice among those it carries is possible. Raises UnableToPlanWave.
    """
    wave = queries.get_wave(session, wave_id)
    survey = surveys.get_survey(session, str(wave.survey_id))
    names_of_survey = check_segments(
        names,
        known=customers.list_segment_names(session),
        survey_names=survey.segment_names,
        is_fixed=queries.is_anybody_invited(session, survey.id),
    )
    _change(session, wave_id, "change", by=by, what="segments", segment_names=list(names))
    if names_of_survey != survey.segment_names:
        survey_actions.name_segments(session, survey.id, names_of_survey)


def write_texts(session: Session, wave_id: UUID, texts: Mapping[str, MailText], *, by: str) -> None:
    """What the mails say, by language. Raises UnableToWriteMail, UnableToPlanWave."""
    if not texts:
        raise UnableToPlanWave(N_("Write the mail in one language at least."))
    checked = {code: check_text(text, code).to_json() for code, text in texts.items()}
    _change(session, wave_id, "write", by=by, what="texts", texts=checked)


def plan_wave(
    session: Session,
    wave_id: UUID,
    *,
    reminder_after_days: int | None,
    most_reminders: int = USUAL_MOST_REMINDERS,
    throttle_days: int = USUAL_THROTTLE_DAYS,
    invite_after_days: int | None = None,
    scheduled_at: datetime | None = None,
    by: str,
) -> None:
    """How often people are written to, and when it is to start (None: once confirmed).

    Raises UnableToPlanWave.
    """
    wave = queries.get_wave(session, wave_id)
    rhythm = Rhythm(reminder_after_days, most_reminders, throttle_days, invite_after_days)
    rhythm.check(wave.kind)
    values = {name: getattr(rhythm, name) for name in rhythm.__slots__}
    _change(session, wave_id, "change", by=by, what="rhythm", scheduled_at=scheduled_at, **values)


def schedule(session: Session, wave_id: UUID, *, at: datetime | None = None, by: str) -> None:
    """Start at that moment (None: now). The worker makes the invitations, then sends.

    Raises UnableToRunWave when the survey is not open or the wave is planned wrongly.
    """
    wave = queries.get_wave(session, wave_id)
    survey = surveys.get_survey(session, str(wave.survey_id))
    if survey.state is not State.OPEN:
        raise UnableToRunWave(
            N_("Open the survey %(survey)s first: it is %(state)s."),
            survey=survey.slug,
            state=STATE_WORDS[survey.state],
        )
    if wave.kind is WaveKind.SPLIT:
        raise UnableToRunWave(N_("The links of a split mailing are sent by your own system."))
    wave.rhythm.check(wave.kind)
    for code, text in wave.texts.items():
        check_text(text, code)
    is_narrowed = set(wave.segment_names) <= set(survey.segment_names)
    if not is_narrowed:
        raise UnableToRunWave(N_("Choose again what travels with answers: the survey was changed."))
    _move(session, wave, "schedule", WaveState.SCHEDULED, by=by, scheduled_at=at or utc_now())


def pause(session: Session, wave_id: UUID, *, by: str) -> None:
    """Send nothing until resumed; a mail that is on its way arrives."""
    _move(session, queries.get_wave(session, wave_id), "pause", WaveState.PAUSED, by=by)


def resume(session: Session, wave_id: UUID, *, by: str) -> None:
    """Go on where it was paused."""
    wave = queries.get_wave(session, wave_id)
    if wave.is_prepared:
        state = WaveState.SENDING
    else:
        state = WaveState.PREPARING if wave.started_on else WaveState.SCHEDULED
    _move(session, wave, "resume", state, by=by)


def cancel(session: Session, wave_id: UUID, *, by: str) -> None:
    """End it: what was not sent yet never will be. Links that went out stay good."""
    _end(session, queries.get_wave(session, wave_id), "cancel", WaveState.CANCELLED, by=by)


def finish(session: Session, wave_id: UUID, *, by: str) -> None:
    """End it, no more reminders either. Links that went out stay good."""
    _end(session, queries.get_wave(session, wave_id), "finish", WaveState.FINISHED, by=by)


def close_split(session: Session, wave_id: UUID) -> None:
    """The links of a split mailing are made: nothing is left for us to do."""
    session.execute(
        update(Wave)
        .where(Wave.id == wave_id, Wave.kind == WaveKind.SPLIT)
        .values(state=WaveState.FINISHED, started_on=utc_today(), is_prepared=True)
    )


def delete_draft(session: Session, wave_id: UUID, *, by: str) -> None:
    """Forget a draft and its test invitations."""
    wave = queries.get_wave(session, wave_id)
    check_move("change", wave.state)
    session.execute(delete(Invitation).where(Invitation.wave_id == wave_id))
    session.execute(delete(Wave).where(Wave.id == wave_id))
    audit.record(session, by=by, act="wave.delete", subject=str(wave_id))


def _end(session: Session, wave: WaveRow, act: str, state: WaveState, *, by: str) -> None:
    _move(session, wave, act, state, by=by)
    session.execute(
        update(Outbox)
        .where(Outbox.wave_id == wave.id, Outbox.state.in_(OWED))
        .values(state=MailState.DROPPED, lease_until=None)
    )


def _move(
    session: Session, wave: WaveRow, act: str, state: WaveState, *, by: str, **values: object
) -> None:
    check_move(act, wave.state)
    moved = changed_rows(
        session,
        update(Wave)
        .where(Wave.id == wave.id, Wave.state == wave.state)
        .values(state=state, **values),
    )
    if not moved:
        raise UnableToRunWave(N_("Somebody else changed this wave just now: look at it again."))
    detail = {"on": utc_today().isoformat()}
    audit.record(session, by=by, act=f"wave.{act}", subject=str(wave.id), detail=detail)


def _change(
    session: Session, wave_id: UUID, act: str, *, by: str, what: str, **values: object
) -> None:
    check_move(act, queries.get_wave(session, wave_id).state)
    session.execute(update(Wave).where(Wave.id == wave_id).values(**values))
    audit.record(session, by=by, act="wave.change", subject=str(wave_id), detail={"changed": what})
