"""Writes of the outbox: mark a handful of mails in doubt, record what became of them.

Each function is one short transaction's work. A mail is owned by a worker through the exact
end of its lease: whoever lost the lease meanwhile changes nothing.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, exists, func, or_, select, text, update
from sqlalchemy.orm import Session

from feedback_app.customers import actions as customers
from feedback_app.customers.models import Customer, Suppression
from feedback_app.customers.rules import Reason, hash_address
from feedback_app.foundation.among import among
from feedback_app.invitations.models import Invitation, Outbox, Wave
from feedback_app.invitations.queries import DueMail, throttled_since
from feedback_app.invitations.rules import (
    MailState,
    WaveState,
    is_address_at_fault,
    next_try_at,
)
from feedback_app.surveys.models import Survey
from feedback_app.surveys.rules import State


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail.

    `retry`: not for good, to be tried again if tries are left. `never_left`: its text did not
    even begin, so its recipient was not written to.
    """

    mail: DueMail
    state: MailState
    reply: str = ""
    retry: bool = False
    never_left: bool = False


_OUTBOX = cast(Table, Outbox.__table__)
_INVITATION = cast(Table, Invitation.__table__)
_CUSTOMER = cast(Table, Customer.__table__)
_OTHER = _CUSTOMER.alias("other")
_SUPPRESSION = cast(Table, Suppression.__table__)
_WAVE = cast(Table, Wave.__table__)
_SURVEY = cast(Table, Survey.__table__)


def mark(
    session: Session,
    mails: Sequence[DueMail],
    *,
    now: datetime,
    finished: Sequence[Outcome] = (),
) -> list[bool]:
    """Mark a handful of mails in doubt, each unless it is unwanted; which of them may leave.

    Asked here and not when a mail was decided: is the wave still sending, has the person
    neither answered nor unsubscribed, was he not written to by another survey meanwhile.
    `list_wanted` asks all of it once more for each mail. Records `finished` on the way. No two
    of the mails may have one address.
    """
    _give_way(session)
    record_all(session, finished, now=now)
    marked = _mark_wanted(session, mails)
    first = [each for each in mails if each.id in marked and _is_first(each)]
    in_peace = _pass_throttle(session, first, now)
    if in_peace:
        invitations = [each.invitation_id for each in first if each.address in in_peace]
        session.execute(
            update(_INVITATION)
            .where(among(_INVITATION.c.id, invitations))
            .values(sent_on=now.date())
        )
    told = []
    for mail in mails:
        is_in_peace = not _is_first(mail) or mail.address in in_peace
        told.append(mail.id in marked and is_in_peace)
        if mail.id not in marked:
            put_aside(session, mail, now=now)
        elif not is_in_peace:
            record_all(session, [Outcome(mail, MailState.DROPPED)], now=now)
    return told


def _mark_wanted(session: Session, mails: Sequence[DueMail]) -> set[UUID]:
    is_wanted = (
        exists()
        .where(_WAVE.c.id == _OUTBOX.c.wave_id, _WAVE.c.state == WaveState.SENDING)
        .where(_SURVEY.c.id == _WAVE.c.survey_id, _SURVEY.c.state == State.OPEN),
        exists().where(
            _INVITATION.c.id == _OUTBOX.c.invitation_id,
            _INVITATION.c.is_used.is_(False),
            _INVITATION.c.is_unsubscribed.is_(False),
            _INVITATION.c.customer_id.is_not(None),
        ),
    )
    marking = (
        update(_OUTBOX)
        .where(*_owned(mails), _OUTBOX.c.state == MailState.LEASED, *is_wanted)
        .values(state=MailState.IN_DOUBT)
        .returning(_OUTBOX.c.id)
    )
    return set(session.connection().scalars(marking))


def _pass_throttle(session: Session, mails: Sequence[DueMail], now: datetime) -> set[str]:
    """The addresses that may be written to today: of two waves one gets through.

    It is the address that counts, whichever customers have it.
    """
    passed: set[str] = set()
    for days in {each.throttle_days for each in mails}:
        since = throttled_since(days, now.date()) or now.date() + timedelta(days=1)
        passing = (
            update(_CUSTOMER)
            .where(
                among(_CUSTOMER.c.email, [m.address for m in mails if m.throttle_days == days]),
                or_(_CUSTOMER.c.last_invited_on.is_(None), _CUSTOMER.c.last_invited_on < since),
                ~exists().where(
                    _OTHER.c.email == _CUSTOMER.c.email, _OTHER.c.last_invited_on >= since
                ),
            )
            .values(last_invited_on=now.date())
            .returning(_CUSTOMER.c.email)
        )
        passed.update(session.connection().scalars(passing))
    return passed


def record(session: Session, outcome: Outcome, *, now: datetime) -> bool:
    """Write down what became of a mail; False when it is not this worker's any more."""
    return bool(record_all(session, [outcome], now=now))


def record_all(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> set[UUID]:
    """Write down what became of mails; the ids of those that were this worker's still.

    A refusal that blames the address suppresses it.
    """
    _forget_sending(session, [each.mail for each in outcomes if each.never_left], now)
    alike: dict[tuple[Any, ...], list[DueMail]] = defaultdict(list)
    for each in outcomes:
        alike[_new_values(each, now)].append(each.mail)
    told: set[UUID] = set()
    for values, mails in alike.items():
        recording = (
            update(_OUTBOX)
            .where(*_owned(mails), _OUTBOX.c.state.in_((MailState.LEASED, MailState.IN_DOUBT)))
            .values(dict(zip(_RECORDED, values, strict=True)))
            .returning(_OUTBOX.c.id)
        )
        told.update(session.connection().scalars(recording))
    for each in outcomes:
        is_ours = each.mail.id in told
        if is_ours and each.state is MailState.BOUNCED and is_address_at_fault(each.reply):
            customers.suppress(session, each.mail.address, reason=Reason.BOUNCED, by="bounce")
    return told


_RECORDED = ("state", "reply", "attempts", "due_at", "lease_until")


def _new_values(outcome: Outcome, now: datetime) -> tuple[Any, ...]:
    state, due_at, attempts = outcome.state, now, outcome.mail.attempts
    if outcome.retry:
        attempts += 1
        again = next_try_at(now, attempts, secrets.randbelow(1000) / 1000)
        state, due_at = (MailState.FAILED, now) if again is None else (MailState.QUEUED, again)
    # In doubt with a lease that is over: nobody sends it, so a person may settle it.
    lease_until = now if state is MailState.IN_DOUBT else None
    return state, outcome.reply[:40], attempts, due_at, lease_until


def _forget_sending(session: Session, mails: Sequence[DueMail], now: datetime) -> None:
    """Take back what marking did to recipients whom no text left for: nobody wrote to them."""
    first = [each for each in mails if _is_first(each)]
    if not first:
        return
    marked = set(
        session.scalars(select(Outbox.id).where(*_owned(first), Outbox.state == MailState.IN_DOUBT))
    )
    theirs = [each for each in first if each.id in marked]
    if not theirs:
        return
    session.execute(
        update(_INVITATION)
        .where(among(_INVITATION.c.id, [each.invitation_id for each in theirs]))
        .values(sent_on=None)
    )
    last_sent_on = (
        select(func.max(_INVITATION.c.sent_on))
        .where(_INVITATION.c.customer_id == _OTHER.c.id, _OTHER.c.email == _CUSTOMER.c.email)
        .scalar_subquery()
    )
    session.execute(
        update(_CUSTOMER)
        .where(
            among(_CUSTOMER.c.email, [each.address for each in theirs]),
            _CUSTOMER.c.last_invited_on == now.date(),
        )
        .values(last_invited_on=last_sent_on)
    )


def give_back(session: Session, mails: Sequence[tuple[DueMail, datetime]]) -> None:
    """Queue mails again that did not leave, each for its moment; no try is counted."""
    for moment in {due_at for _, due_at in mails}:
        theirs = [mail for mail, due_at in mails if due_at == moment]
        back = [Outcome(each, MailState.QUEUED, never_left=True) for each in theirs]
        record_all(session, back, now=moment)


def put_aside(session: Session, mail: DueMail, *, now: datetime) -> None:
    """A mail that was not wanted a moment ago: dropped if it never will be, else queued again.

    Its wave may have been paused then and go on by now, or its recipient have a new address.
    """
    address = session.scalar(
        select(Customer.email)
        .join(Invitation, Invitation.customer_id == Customer.id)
        .join(Wave, Wave.id == Invitation.wave_id)
        .join(Survey, Survey.id == Wave.survey_id)
        .where(
            Invitation.id == mail.invitation_id,
            Invitation.is_used.is_(False),
            Invitation.is_unsubscribed.is_(False),
            Wave.state.not_in((WaveState.CANCELLED, WaveState.FINISHED)),
            Survey.state == State.OPEN,
        )
    )
    is_hopeless = not address or session.get(Suppression, hash_address(address)) is not None
    state = MailState.DROPPED if is_hopeless else MailState.QUEUED
    record(session, Outcome(mail, state, never_left=True), now=now)


def _give_way(session: Session) -> None:
    """An import may hold customers that a handful waits for, and wait for others of it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL lock_timeout = '300ms'"))


def _is_first(mail: DueMail) -> bool:
    return mail.number == 0 and not mail.was_sent_before


def _owned(mails: Sequence[DueMail]) -> tuple[ColumnElement[bool], ...]:
    """Rows of these mails that their worker's lease still owns."""
    return (
        among(_OUTBOX.c.id, [each.id for each in mails]),
        among(_OUTBOX.c.lease_until, {each.lease_until for each in mails}),
    )
