"""Reads of call lists: which there are, how far they are, whom to call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from feedback_app.customers.models import Customer, Suppression
from feedback_app.customers.rules import Reason
from feedback_app.foundation.rules import Unable
from feedback_app.interviews.models import PhoneCall
from feedback_app.invitations.models import Invitation
from feedback_app.invitations.queries import InvitationRow, WaveRow, list_waves
from feedback_app.invitations.rules import WaveKind


class UnableToFindCall(Unable):
    """There is no such call."""


@dataclass(frozen=True, slots=True)
class CallList:
    """A wave with its calls by outcome; `outcomes` holds "" for those not called yet."""

    wave: WaveRow
    calls: int
    outcomes: dict[str, int]
    next_call_back_at: datetime | None


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call with whom to call. `language` "" when it is not known."""

    id: UUID
    wave_id: UUID
    invitation: InvitationRow
    name: str
    phone: str
    language: str
    reference: str
    outcome: str
    attempts: int
    is_over: bool
    claimed_by: str


def list_call_lists(session: Session) -> list[CallList]:
    """Every prepared wave that knows its customers, newest first, with its calls (if any)."""
    counts: dict[UUID, dict[str, int]] = {}
    for wave_id, outcome, number in session.execute(
        select(PhoneCall.wave_id, PhoneCall.outcome, func.count()).group_by(
            PhoneCall.wave_id, PhoneCall.outcome
        )
    ):
        counts.setdefault(wave_id, {})[outcome] = number
    return [
        CallList(
            wave,
            sum(counts.get(wave.id, {}).values()),
            counts.get(wave.id, {}),
            _next_call_back_at(session, wave.id),
        )
        for wave in list_waves(session)
        if wave.is_prepared and wave.kind is not WaveKind.SPLIT
    ]


def get_call(session: Session, call_id: UUID) -> CallRow:
    """One call; raises UnableToFindCall, also when its customer was erased."""
    row = session.execute(
        select(PhoneCall, Invitation, Customer)
        .join(Invitation, Invitation.id == PhoneCall.invitation_id)
        .join(Customer, Customer.id == Invitation.customer_id)
        .where(PhoneCall.id == call_id)
    ).one_or_none()
    if row is None:
        raise UnableToFindCall("There is no such call.")
    call, invitation, customer = row
    return CallRow(
        id=call.id,
        wave_id=call.wave_id,
        invitation=InvitationRow(
            invitation.id,
            invitation.survey_id,
            invitation.is_used,
            invitation.is_test,
            tuple(invitation.segments),
            invitation.expires_on,
        ),
        name=customer.name,
        phone=customer.phone,
        language=customer.language,
        reference=customer.reference,
        outcome=call.outcome,
        attempts=call.attempts,
        is_over=call.is_over,
        claimed_by=call.claimed_by,
    )


def may_be_called(now: datetime, by: str) -> list[ColumnElement[bool]]:
    """What makes a call the next one for `by`, in a query that joins call, invitation, customer.

    Whoever has answered meanwhile, was erased or wants no more mail is passed over quietly.
    """
    is_left_alone = exists().where(
        Suppression.address == Customer.email, Suppression.reason != Reason.BOUNCED
    )
    return [
        PhoneCall.is_over.is_(False),
        PhoneCall.due_at <= now,
        or_(
            PhoneCall.claimed_until.is_(None),
            PhoneCall.claimed_until < now,
            PhoneCall.claimed_by == by,
        ),
        Invitation.is_used.is_(False),
        Invitation.is_unsubscribed.is_(False),
        Customer.phone != "",
        ~is_left_alone,
    ]


def _next_call_back_at(session: Session, wave_id: UUID) -> datetime | None:
    return session.scalar(
        select(func.min(PhoneCall.due_at)).where(
            PhoneCall.wave_id == wave_id,
            PhoneCall.is_over.is_(False),
            PhoneCall.outcome == "call-back",
        )
    )
