"""Reads of mails: what a worker needs to send one, what is in doubt, who was written to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, exists, func, or_, select
from sqlalchemy.orm import Session

from feedback_app.customers.models import Customer
from feedback_app.customers.rules import ContactRow
from feedback_app.foundation.among import among
from feedback_app.foundation.db import utc_now
from feedback_app.invitations.models import Invitation, Outbox, Wave
from feedback_app.invitations.rules import MailState, WaveState
from feedback_app.surveys.models import Survey
from feedback_app.surveys.rules import State

_OUTBOX = cast(Table, Outbox.__table__)


@dataclass(frozen=True, slots=True)
class DueMail:
    """A leased mail with all that is needed to write it. `address` "" once erased."""

    id: UUID
    wave_id: UUID
    invitation_id: UUID
    number: int
    attempts: int
    lease_until: datetime
    customer_id: UUID | None
    address: str
    name: str
    language: str
    was_sent_before: bool
    throttle_days: int


@dataclass(frozen=True, slots=True)
class DoubtfulRow:
    """A mail of which nobody knows whether it arrived."""

    id: UUID
    wave_id: UUID
    wave_name: str
    address: str


def list_due_mails(session: Session, ids: Sequence[UUID]) -> list[DueMail]:
    """What the worker needs to write these leased mails."""
    rows = session.execute(
        select(
            Outbox.id,
            Outbox.wave_id,
            Outbox.invitation_id,
            Outbox.number,
            Outbox.attempts,
            Outbox.lease_until,
            Customer.id,
            func.coalesce(Customer.email, ""),
            func.coalesce(Customer.name, ""),
            func.coalesce(Customer.language, ""),
            Invitation.sent_on.is_not(None),
            Wave.throttle_days,
        )
        .join(Invitation, Invitation.id == Outbox.invitation_id)
        .join(Wave, Wave.id == Outbox.wave_id)
        .outerjoin(Customer, Customer.id == Invitation.customer_id)
        .where(among(_OUTBOX.c.id, ids))
    )
    return [DueMail(*tuple(row)) for row in rows]


def list_sending_waves(session: Session) -> list[UUID]:
    """Waves that send to an open survey, the first made first."""
    return list(
        session.scalars(
            select(Wave.id)
            .join(Survey, Survey.id == Wave.survey_id)
            .where(Wave.state == WaveState.SENDING, Survey.state == State.OPEN)
            .order_by(Wave.created_at)
        )
    )


def is_anything_due(session: Session, wave_id: UUID, *, now: datetime) -> bool:
    """True when a worker would find a mail of this wave to send."""
    due = select(Outbox.id).where(
        Outbox.wave_id == wave_id,
        or_(
            (Outbox.state == MailState.QUEUED) & (Outbox.due_at <= now),
            (Outbox.state == MailState.LEASED) & (Outbox.lease_until < now),
        ),
    )
    return session.scalar(due.limit(1)) is not None


def has_unfinished_mail(session: Session, wave_id: UUID) -> bool:
    """True while mails of the wave wait, are being sent, or are in doubt."""
    states = (MailState.QUEUED, MailState.LEASED, MailState.IN_DOUBT)
    return (
        session.scalar(select(exists().where(Outbox.wave_id == wave_id, Outbox.state.in_(states))))
        is True
    )


def list_doubtful(
    session: Session, *, wave_id: UUID | None = None, now: datetime | None = None
) -> list[DoubtfulRow]:
    """Mails in doubt, by wave; neither the kind nor the time, which could tell who answered.

    A mail that a worker may be sending this moment is none of them.
    """
    query = (
        select(
            Outbox.id,
            Outbox.wave_id,
            Wave.name,
            func.coalesce(Customer.email, ""),
        )
        .join(Wave, Wave.id == Outbox.wave_id)
        .join(Invitation, Invitation.id == Outbox.invitation_id)
        .outerjoin(Customer, Customer.id == Invitation.customer_id)
        .where(Outbox.state == MailState.IN_DOUBT, Outbox.lease_until <= (now or utc_now()))
        .order_by(Wave.created_at, Customer.email, Outbox.id)
    )
    if wave_id is not None:
        query = query.where(Outbox.wave_id == wave_id)
    return [DoubtfulRow(*row) for row in session.execute(query)]


def list_contact_history(session: Session, customer_id: UUID) -> tuple[ContactRow, ...]:
    """The waves a customer was invited to, newest first.

    Reminders are left out: that somebody got none would tell that an answer came.
    """
    rows = session.execute(
        select(Wave.name, Invitation.sent_on)
        .join(Wave, Wave.id == Invitation.wave_id)
        .where(Invitation.customer_id == customer_id, Invitation.sent_on.is_not(None))
        .order_by(Invitation.sent_on.desc(), Wave.name)
    )
    return tuple(
        ContactRow(name, None, (("invitation", sent_on),)) for name, sent_on in rows if sent_on
    )


@dataclass(frozen=True, slots=True)
class Unsubscriber:
    """Whose link it is. `address` "" when the customer was erased; `language` "" unknown."""

    invitation_id: UUID
    address: str
    language: str


def find_unsubscriber(session: Session, unsubscribe_hash: bytes) -> Unsubscriber | None:
    """Who unsubscribes by the link with this hash."""
    return _find_person(session, Invitation.unsubscribe_hash == unsubscribe_hash)


def find_by_invitation(session: Session, invitation_id: UUID) -> Unsubscriber | None:
    """Whose invitation it is (a bounce names it)."""
    return _find_person(session, Invitation.id == invitation_id)


def _find_person(session: Session, condition: object) -> Unsubscriber | None:
    row = session.execute(
        select(
            Invitation.id, func.coalesce(Customer.email, ""), func.coalesce(Customer.language, "")
        )
        .outerjoin(Customer, Customer.id == Invitation.customer_id)
        .where(condition)  # type: ignore[arg-type]
    ).one_or_none()
    return None if row is None else Unsubscriber(*row)


def count_pending_reminders(session: Session, wave_id: UUID, *, most: int, today: date) -> int:
    """People of a wave who may still get a reminder; `today` counts for links that run out."""
    return (
        session.scalar(
            select(func.count()).where(
                Invitation.wave_id == wave_id,
                Invitation.is_test.is_(False),
                Invitation.is_used.is_(False),
                Invitation.is_unsubscribed.is_(False),
                Invitation.customer_id.is_not(None),
                Invitation.sent_on.is_not(None),
                Invitation.reminders_sent < most,
                or_(Invitation.expires_on.is_(None), Invitation.expires_on > today),
                exists().where(
                    Outbox.invitation_id == Invitation.id,
                    Outbox.number == 0,
                    Outbox.state == MailState.SENT,
                ),
            )
        )
        or 0
    )
