"""Deciding reminders, and that a wave is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import exists, insert, or_, select, update
from sqlalchemy.orm import Session

from feedback_app.foundation.db import changed_rows
from feedback_app.invitations import queries
from feedback_app.invitations.models import Invitation, Outbox, Wave
from feedback_app.invitations.queries import WaveRow
from feedback_app.invitations.rules import MailState, WaveKind, WaveState
from feedback_app.staff import audit

AT_ONCE = 1000
WORKER = "worker"
WAITING = (MailState.QUEUED, MailState.LEASED, MailState.IN_DOUBT)


def remind(session: Session, wave_id: UUID, *, now: datetime, limit: int = AT_ONCE) -> int:
    """Queue the reminders that are due today; how many.

    Due is who got the invitation so many days ago, has no mail waiting, and neither
    answered nor unsubscribed. The mail is decided once: its number is unique in the
    database. Whether the answer came meanwhile is asked again at the moment of sending.
    """
    wave = queries.get_wave(session, wave_id)
    if wave.state is not WaveState.SENDING or wave.reminder_after_days is None:
        return 0
    due = [
        (id_, sent + 1)
        for number in range(wave.most_reminders)
        for id_, sent in _list_due(session, wave, number, now.date(), limit)
    ]
    if not due:
        return 0
    session.execute(
        insert(Outbox),
        [
            {
                "id": uuid4(),
                "wave_id": wave_id,
                "invitation_id": id_,
                "number": number,
                "state": MailState.QUEUED,
                "due_at": now,
            }
            for id_, number in due
        ],
    )
    session.execute(
        update(Invitation)
        .where(Invitation.id.in_([id_ for id_, _number in due]))
        .values(reminders_sent=Invitation.reminders_sent + 1)
    )
    return len(due)


def end_if_over(session: Session, wave_id: UUID, *, now: datetime) -> bool:
    """Finish a wave that has nothing left to send, or whose survey takes no answers any more.

    Mails in doubt keep a wave open until a person settles them.
    """
    wave = queries.get_wave(session, wave_id)
    if wave.state is not WaveState.SENDING:
        return False
    if queries.is_survey_open(session, wave.survey_id) and (
        wave.kind is WaveKind.ALWAYS or _is_owed_something(session, wave, now.date())
    ):
        return False
    ended = (
        update(Wave)
        .where(Wave.id == wave_id, Wave.state == WaveState.SENDING)
        .values(state=WaveState.FINISHED)
    )
    if not changed_rows(session, ended):
        return False
    session.execute(
        update(Outbox)
        .where(Outbox.wave_id == wave_id, Outbox.state.in_((MailState.QUEUED, MailState.LEASED)))
        .values(state=MailState.DROPPED, lease_until=None)
    )
    audit.record(session, by=WORKER, act="wave.finish", subject=str(wave_id))
    return True


def _is_owed_something(session: Session, wave: WaveRow, today: date) -> bool:
    if queries.has_unfinished_mail(session, wave.id):
        return True
    if wave.reminder_after_days is None:
        return False
    most = wave.most_reminders
    return queries.count_pending_reminders(session, wave.id, most=most, today=today) > 0


def _list_due(
    session: Session, wave: WaveRow, number: int, today: date, limit: int
) -> list[tuple[UUID, int]]:
    """Invitations that got `number` reminders and are due for the next."""
    assert wave.reminder_after_days is not None
    sent_by = today - timedelta(days=wave.reminder_after_days * (number + 1))
    has_arrived = exists().where(
        Outbox.invitation_id == Invitation.id, Outbox.number == 0, Outbox.state == MailState.SENT
    )
    is_waiting = exists().where(Outbox.invitation_id == Invitation.id, Outbox.state.in_(WAITING))
    rows = session.execute(
        select(Invitation.id, Invitation.reminders_sent)
        .where(
            Invitation.wave_id == wave.id,
            Invitation.is_test.is_(False),
            Invitation.is_used.is_(False),
            Invitation.is_unsubscribed.is_(False),
            Invitation.customer_id.is_not(None),
            Invitation.reminders_sent == number,
            Invitation.sent_on <= sent_by,
            or_(Invitation.expires_on.is_(None), Invitation.expires_on > today),
            has_arrived,
            ~is_waiting,
        )
        .limit(limit)
        # Two workers must not remind the same people; answers need not wait for this.
        .with_for_update(skip_locked=True, of=Invitation, key_share=True)
    )
    return [(id_, sent) for id_, sent in rows]
