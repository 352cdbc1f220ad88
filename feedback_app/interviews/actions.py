"""Writes of calls: make a list, take the next customer, say what came of it, store an answer."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import case, insert, or_, select, update
from sqlalchemy.orm import Session

from feedback_app.answers.actions import FormToken
from feedback_app.answers.forms import first_of_next_month
from feedback_app.answers.rules import Envelope, Tagger
from feedback_app.channels import actions as channels
from feedback_app.customers.models import Customer
from feedback_app.customers.rules import RecipientFilter
from feedback_app.foundation.db import changed_rows, utc_now, utc_today
from feedback_app.foundation.rules import N_
from feedback_app.interviews import queries
from feedback_app.interviews.models import PhoneCall
from feedback_app.interviews.queries import CallRow
from feedback_app.interviews.rules import CLAIMED_FOR, Outcome, UnableToCall, next_step
from feedback_app.invitations import actions as invitations
from feedback_app.invitations.models import Invitation
from feedback_app.invitations.queries import get_wave
from feedback_app.invitations.rules import WaveKind
from feedback_app.staff import audit
from feedback_app.surveys.queries import SurveyRow, get_survey
from feedback_app.surveys.rules import Channel, State

ROWS_AT_ONCE = 1000
REMEMBERED_DAYS = 60


def start_list(session: Session, wave_id: UUID, *, by: str, folder: Path) -> int:
    """Put everybody of a wave who has a telephone on its call list; how many are new.

    Whoever answered is put there too: the list must not tell who did not. Safe to repeat.
    Raises UnableToCall for a wave that knows no customers or whose survey is not open.
    """
    wave = get_wave(session, wave_id)
    survey = get_survey(session, str(wave.survey_id))
    if wave.kind is WaveKind.SPLIT or not wave.is_prepared:
        raise UnableToCall(N_("Only a wave whose customers have been invited can be called."))
    if survey.state is not State.OPEN:
        raise UnableToCall(N_("The survey is not open: nobody can be asked."))
    listed = select(PhoneCall.invitation_id).where(PhoneCall.wave_id == wave_id)
    found = session.scalars(
        select(Invitation.id)
        .join(Customer, Customer.id == Invitation.customer_id)
        .where(
            Invitation.wave_id == wave_id,
            Invitation.is_test.is_(False),
            Customer.phone != "",
            Invitation.id.not_in(listed),
        )
    ).all()
    now = utc_now()
    rows = [
        {"id": uuid4(), "wave_id": wave_id, "invitation_id": each, "outcome": "", "due_at": now}
        for each in found
    ]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        session.execute(insert(PhoneCall), rows[start : start + ROWS_AT_ONCE])
    channels.open_slot(session, survey, Channel.PHONE, folder=folder)
    detail = {"calls": len(rows)}
    audit.record(session, by=by, act="interview.list", subject=str(wave_id), detail=detail)
    return len(rows)


def start_campaign(
    session: Session,
    *,
    survey_id: UUID,
    name: str,
    wanted: RecipientFilter,
    by: str,
    folder: Path,
) -> tuple[UUID, int]:
    """A wave of calls alone, and its list: the wave's id, and how many are on it.

    Raises UnableToPlanWave or UnableToCall.
    """
    wave_id = invitations.plan_phone_wave(
        session, survey_id=survey_id, name=name, wanted=wanted, by=by, today=utc_today()
    )
    return wave_id, start_list(session, wave_id, by=by, folder=folder)


def take_next(session: Session, wave_id: UUID, *, by: str) -> UUID | None:
    """The customer to call now: one that `by` has taken already, else calls back first.

    None when nobody is due. Two operators never get the same customer.
    """
    now = utc_now()
    is_mine = case((PhoneCall.claimed_by == by, 0), else_=1)
    is_call_back = case((PhoneCall.outcome == Outcome.CALL_BACK, 0), else_=1)
    call_id = session.scalar(
        select(PhoneCall.id)
        .join(Invitation, Invitation.id == PhoneCall.invitation_id)
        .join(Customer, Customer.id == Invitation.customer_id)
        .where(PhoneCall.wave_id == wave_id, *queries.may_be_called(now, by))
        .order_by(is_mine, is_call_back, PhoneCall.due_at, PhoneCall.id)
        .limit(1)
        .with_for_update(of=PhoneCall, skip_locked=True)
    )
    if call_id is not None:
        claim = update(PhoneCall).where(PhoneCall.id == call_id)
        session.execute(claim.values(claimed_by=by, claimed_until=now + CLAIMED_FOR))
    return call_id


def end_call(
    session: Session,
    call_id: UUID,
    outcome: Outcome,
    *,
    by: str,
    call_back_at: datetime | None = None,
) -> None:
    """What came of a call that brought no answer. Raises UnableToCall."""
    if outcome is Outcome.ANSWERED:
        raise UnableToCall(N_("An answer is stored by its form."))
    _end(session, queries.get_call(session, call_id), outcome, by=by, call_back_at=call_back_at)


def take_interview(
    session: Session,
    survey: SurveyRow,
    call_id: UUID,
    envelope: Envelope,
    *,
    by: str,
    has_consent: bool,
    tagger: Tagger,
) -> bool:
    """Store the answer of a customer on the telephone; False when one came in another way.

    The invitation is used up in the same transaction, as by its link. A named survey keeps
    whose answer it is, and that consent was spoken. Raises UnableToDropBallot, UnableToSeal.
    """
    call = queries.get_call(session, call_id)
    token_hash = hashlib.sha256(f"interview {call.invitation.id}".encode()).digest()
    spoken = f"spoken on {utc_today().isoformat()}, heard by {by}" if has_consent else ""
    is_stored = invitations.submit(
        session,
        survey,
        call.invitation,
        envelope,
        token=FormToken(token_hash, first_of_next_month(utc_today(), days=REMEMBERED_DAYS)),
        respondent=call.reference,
        tagger=tagger,
        channel=Channel.PHONE,
        consent=spoken,
    )
    _end(session, call, Outcome.ANSWERED, by=by)
    return is_stored


def _end(
    session: Session,
    call: CallRow,
    outcome: Outcome,
    *,
    by: str,
    call_back_at: datetime | None = None,
) -> None:
    step = next_step(outcome, attempts=call.attempts + 1, now=utc_now(), call_back_at=call_back_at)
    ended = (
        update(PhoneCall)
        .where(
            PhoneCall.id == call.id,
            PhoneCall.is_over.is_(False),
            or_(PhoneCall.claimed_by == by, PhoneCall.claimed_by == ""),
        )
        .values(
            outcome=outcome,
            is_over=step.is_over,
            due_at=step.due_at,
            attempts=PhoneCall.attempts + 1,
            claimed_by="",
            claimed_until=None,
        )
    )
    if not changed_rows(session, ended):
        raise UnableToCall(N_("Somebody else has taken this call, or it is over."))
