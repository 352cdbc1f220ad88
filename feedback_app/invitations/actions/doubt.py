"""Mails in doubt: what a person decides about them, and what a killed worker's logbook tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback_app.foundation.db import changed_rows, utc_now
from feedback_app.foundation.rules import N_, Unable
from feedback_app.invitations import queries
from feedback_app.invitations.actions.outbox import Outcome, record
from feedback_app.invitations.models import Outbox, Wave
from feedback_app.invitations.rules import MailState, WaveState
from feedback_app.staff import audit

AT_ONCE = 500


class UnableToSettle(Unable):
    """A mail is not in doubt, or may still be under way."""


@dataclass(frozen=True, slots=True)
class LeftMail:
    """A mail in the hand of a worker that is gone.

    `state`, `reply` and `retry` say what became of it; `state` None: nobody wrote that down.
    `may_have_left`: its text began, or nobody knows.
    """

    id: UUID
    lease_until: datetime
    may_have_left: bool = False
    state: MailState | None = None
    reply: str = ""
    retry: bool = False


def take_over(session: Session, left: Sequence[LeftMail], *, now: datetime) -> int:
    """Write down what a worker that is gone could not; how many mails go back to the queue.

    What has left for certain is recorded, what never began is queued again, and the one
    whose text was on its way stays in doubt, to be settled by a person at once.
    """
    queued = 0
    for start in range(0, len(left), AT_ONCE):
        part = {each.id: each for each in left[start : start + AT_ONCE]}
        for mail in queries.list_due_mails(session, list(part)):
            each = part[mail.id]
            if mail.lease_until != each.lease_until:
                continue  # it is another worker's by now, or settled
            if each.state is not None:
                record(session, Outcome(mail, each.state, each.reply, retry=each.retry), now=now)
            elif each.may_have_left:
                _end_lease(session, each, now)
            else:
                queued += record(session, Outcome(mail, MailState.QUEUED, never_left=True), now=now)
    return queued


def _end_lease(session: Session, left: LeftMail, now: datetime) -> None:
    session.execute(
        update(Outbox)
        .where(
            Outbox.id == left.id,
            Outbox.state == MailState.IN_DOUBT,
            Outbox.lease_until == left.lease_until,
        )
        .values(lease_until=min(now, left.lease_until))
    )


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
        .where(Outbox.id == mail_id, Outbox.state == MailState.IN_DOUBT, Outbox.lease_until <= now)
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
