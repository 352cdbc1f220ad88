"""Writes of the outbox: claim mails, mark one in doubt before its text, record what became of it.

Each function is one short transaction's work. A mail is owned by a worker through the exact
end of its lease: whoever lost the lease meanwhile changes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from feedback_app.customers import actions as customers
from feedback_app.customers.models import Customer, Suppression
from feedback_app.customers.rules import Reason, hash_address
from feedback_app.foundation.db import changed_rows, utc_now
from feedback_app.foundation.rules import N_, Unable
from feedback_app.foundation.statements import CompiledChange, run_together
from feedback_app.invitations import queries
from feedback_app.invitations.models import Invitation, Outbox, Wave
from feedback_app.invitations.queries import DueMail, throttled_since
from feedback_app.invitations.rules import (
    MailState,
    WaveState,
    is_address_at_fault,
    next_try_at,
)
from feedback_app.staff import audit
from feedback_app.surveys.models import Survey
from feedback_app.surveys.rules import State


class UnableToSettle(Unable):
    """A mail is not in doubt, or may still be under way."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail. `retry`: not for good, to be tried again if tries are left."""

    mail: DueMail
    state: MailState
    reply: str = ""
    retry: bool = False


_OUTBOX = cast(Table, Outbox.__table__)
_INVITATION = cast(Table, Invitation.__table__)
_CUSTOMER = cast(Table, Customer.__table__)
_OTHER = _CUSTOMER.alias("other")
_SUPPRESSION = cast(Table, Suppression.__table__)
_WAVE = cast(Table, Wave.__table__)
_SURVEY = cast(Table, Survey.__table__)

_OURS = (
    _OUTBOX.c.id == bindparam("mail"),
    _OUTBOX.c.lease_until == bindparam("lease"),
)
# Built once: every mail runs these, and building a statement costs more than running it.
_MARK = CompiledChange(
    update(_OUTBOX)
    .where(
        *_OURS,
        _OUTBOX.c.state == str(MailState.LEASED),
        exists()
        .where(_WAVE.c.id == bindparam("wave"), _WAVE.c.state == str(WaveState.SENDING))
        .where(_SURVEY.c.id == _WAVE.c.survey_id, _SURVEY.c.state == str(State.OPEN)),
        exists().where(
            _INVITATION.c.id == bindparam("invitation"),
            _INVITATION.c.is_used.is_(False),
            _INVITATION.c.is_unsubscribed.is_(False),
            _INVITATION.c.customer_id == bindparam("customer"),
        ),
        exists().where(
            _CUSTOMER.c.id == bindparam("customer"), _CUSTOMER.c.email == bindparam("address")
        ),
        ~exists().where(_SUPPRESSION.c.address_hash == bindparam("address_hash")),
    )
    .values(state=str(MailState.IN_DOUBT))
)
_IS_MARKED = exists().where(*_OURS, _OUTBOX.c.state == str(MailState.IN_DOUBT))
# One statement for all customers of this address: of two waves one gets through.
_PASS_THROTTLE = CompiledChange(
    update(_CUSTOMER)
    .where(
        _IS_MARKED,
        _CUSTOMER.c.email == bindparam("address"),
        or_(
            _CUSTOMER.c.last_invited_on.is_(None),
            _CUSTOMER.c.last_invited_on < bindparam("since"),
        ),
        ~exists().where(
            _OTHER.c.email == bindparam("address"),
            _OTHER.c.last_invited_on >= bindparam("since"),
        ),
    )
    .values(last_invited_on=bindparam("today"))
)
_SENT_ON = CompiledChange(
    update(_INVITATION)
    .where(_IS_MARKED, _INVITATION.c.id == bindparam("invitation"))
    .values(sent_on=bindparam("today"))
)
_RECORD = CompiledChange(
    update(_OUTBOX)
    .where(
        *_OURS,
        or_(_OUTBOX.c.state == str(MailState.LEASED), _OUTBOX.c.state == str(MailState.IN_DOUBT)),
    )
    .values(
        state=bindparam("new_state"),
        reply=bindparam("new_reply"),
        attempts=bindparam("new_attempts"),
        due_at=bindparam("new_due_at"),
        lease_until=None,
    )
)


def claim(
    session: Session, wave_id: UUID, *, limit: int, now: datetime, lease_seconds: float
) -> list[DueMail]:
    """Lease up to `limit` mails of a wave that are due, or whose worker is gone.

    On PostgreSQL rows that another worker looks at are passed over; on SQLite there is one
    writer at a time. A mail in doubt is never claimed.
    """
    due = _claimable(session, wave_id, limit, queued_until=now)
    if len(due) < limit:
        due += _claimable(session, wave_id, limit - len(due), leased_until=now)
    if not due:
        return []
    lease_until = now + timedelta(seconds=lease_seconds)
    session.execute(
        update(Outbox)
        .where(Outbox.id.in_(due))
        .values(state=MailState.LEASED, lease_until=lease_until)
    )
    return queries.list_due_mails(session, due)


def _claimable(
    session: Session,
    wave_id: UUID,
    limit: int,
    *,
    queued_until: datetime | None = None,
    leased_until: datetime | None = None,
) -> list[UUID]:
    query = select(Outbox.id).where(Outbox.wave_id == wave_id)
    if queued_until is not None:
        query = query.where(Outbox.state == MailState.QUEUED, Outbox.due_at <= queued_until)
    else:
        query = query.where(Outbox.state == MailState.LEASED, Outbox.lease_until < leased_until)
    query = query.order_by(Outbox.due_at).limit(limit).with_for_update(skip_locked=True)
    return list(session.scalars(query))


def mark_in_doubt(
    session: Session, mail: DueMail, *, now: datetime, finished: Sequence[Outcome] = ()
) -> bool:
    """The last question before the text leaves; True when it may. Records `finished` on the way.

    Asked here and not when the mail was decided: is the wave still sending, is the person
    still a customer at this address, not suppressed, not answered, not written to by
    another survey meanwhile. True marks the mail as in doubt.
    """
    is_first = mail.number == 0 and not mail.was_sent_before
    asked = _questions(mail, now)
    steps = [(_RECORD, _outcome_values(each, now)) for each in finished]
    if mail.address:
        steps.append((_MARK, asked))
        # Both change nothing unless the mail was marked.
        steps += [(_PASS_THROTTLE, asked), (_SENT_ON, asked)] if is_first else []
    counts = run_together(session, steps) if steps else []
    for each, count in zip(finished, counts, strict=False):
        _suppress_if_at_fault(session, each, is_ours=count == 1)
    told = counts[len(finished) :]
    if not told or not told[0]:
        _settle_unsendable(session, mail, now=now)
        return False
    if is_first and not told[1]:
        session.execute(
            update(Invitation).where(Invitation.id == mail.invitation_id).values(sent_on=None)
        )
        record(session, Outcome(mail, MailState.DROPPED), now=now)
        return False
    return True


def record(session: Session, outcome: Outcome, *, now: datetime) -> bool:
    """Write down what became of a mail; False when it is not this worker's any more.

    A refusal that blames the address suppresses it.
    """
    is_ours = _RECORD.run(session, _outcome_values(outcome, now)) == 1
    _suppress_if_at_fault(session, outcome, is_ours=is_ours)
    return is_ours


def _outcome_values(outcome: Outcome, now: datetime) -> dict[str, Any]:
    state, due_at, attempts = outcome.state, now, outcome.mail.attempts
    if outcome.retry:
        attempts += 1
        again = next_try_at(now, attempts, secrets.randbelow(1000) / 1000)
        state, due_at = (MailState.FAILED, now) if again is None else (MailState.QUEUED, again)
    return {
        **_owner(outcome.mail),
        "new_state": str(state),
        "new_reply": outcome.reply[:40],
        "new_attempts": attempts,
        "new_due_at": due_at,
    }


def _suppress_if_at_fault(session: Session, outcome: Outcome, *, is_ours: bool) -> None:
    if is_ours and outcome.state is MailState.BOUNCED and is_address_at_fault(outcome.reply):
        customers.suppress(session, outcome.mail.address, reason=Reason.BOUNCED, by="bounce")


def give_back(session: Session, mails: Sequence[tuple[DueMail, datetime]]) -> None:
    """Queue leased mails again, each for its moment; no try is counted."""
    for mail, due_at in mails:
        values = _outcome_values(Outcome(mail, MailState.QUEUED), due_at)
        _RECORD.run(session, values)


def send_again(session: Session, mail_id: UUID, *, by: str) -> None:
    """A person decides that a mail in doubt did not arrive. Raises UnableToSettle."""
    _settle(session, mail_id, MailState.QUEUED, act="mail.send-again", by=by)


def treat_as_sent(session: Session, mail_id: UUID, *, by: str) -> None:
    """A person decides that a mail in doubt arrived. Raises UnableToSettle."""
    _settle(session, mail_id, MailState.SENT, act="mail.treat-as-sent", by=by)


def _settle(session: Session, mail_id: UUID, state: MailState, *, act: str, by: str) -> None:
    now = utc_now()
    settled = (
        update(Outbox)
        .where(Outbox.id == mail_id, Outbox.state == MailState.IN_DOUBT, Outbox.lease_until < now)
        .values(state=state, lease_until=None, due_at=now, reply="")
    )
    if not changed_rows(session, settled):
        raise UnableToSettle(
            N_(
                "This mail is not in doubt, or a worker may be sending it this moment: "
                "look again in a few minutes."
            )
        )
    wave_id = session.scalar(select(Outbox.wave_id).where(Outbox.id == mail_id))
    if state is MailState.QUEUED:
        session.execute(
            update(Wave)
            .where(Wave.id == wave_id, Wave.state == WaveState.FINISHED)
            .values(state=WaveState.SENDING)
        )
    audit.record(session, by=by, act=act, subject=str(wave_id))


def _settle_unsendable(session: Session, mail: DueMail, *, now: datetime) -> None:
    """A mail that may not be sent: back to the queue while its wave rests, else dropped."""
    if not mail.address:
        record(session, Outcome(mail, MailState.DROPPED), now=now)
        return
    is_resting = session.scalar(
        select(exists().where(Wave.id == mail.wave_id, Wave.state != WaveState.SENDING))
    )
    is_changed = session.scalar(
        select(exists().where(Customer.id == mail.customer_id, Customer.email != mail.address))
    )
    if is_resting or is_changed:
        give_back(session, [(mail, now)])
    else:
        record(session, Outcome(mail, MailState.DROPPED), now=now)


def _questions(mail: DueMail, now: datetime) -> dict[str, Any]:
    return {
        **_owner(mail),
        "wave": mail.wave_id,
        "invitation": mail.invitation_id,
        "customer": mail.customer_id,
        "address": mail.address,
        "address_hash": hash_address(mail.address),
        "since": throttled_since(mail.throttle_days, now.date()) or now.date() + timedelta(days=1),
        "today": now.date(),
    }


def _owner(mail: DueMail) -> dict[str, Any]:
    return {"mail": mail.id, "lease": mail.lease_until}
