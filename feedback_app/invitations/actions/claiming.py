"""Claiming mails: a worker leases what is due, with turns to send where a rate is set."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from feedback_app.foundation.among import among
from feedback_app.foundation.db import insert_if_absent
from feedback_app.invitations import queries
from feedback_app.invitations.models import MailPace, Outbox
from feedback_app.invitations.queries import DueMail
from feedback_app.invitations.rules import MailState, Pace

OVER_ALL = ""
_OUTBOX = cast(Table, Outbox.__table__)


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
    session.connection().execute(
        update(_OUTBOX)
        .where(among(_OUTBOX.c.id, due))
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


def take_turns(
    session: Session, pace: Pace, domains: Sequence[str], *, now: datetime
) -> list[datetime | None]:
    """A turn for a mail to each of these domains: None when it may leave now, else when to ask.

    The turns of all workers come out of one table, whose first row is locked meanwhile. Once
    the rate over all is used up the list ends, and `pace` knows how long the others wait.
    """
    names = {each: _name(each) for each in set(domains)}
    wanted = [OVER_ALL, *sorted(names.values() if pace.has_domain_rate else ())]
    for name in wanted:
        session.execute(insert_if_absent(session, MailPace), {"name": name, "next_at": now})
    locked = select(MailPace.next_at).where(MailPace.name == OVER_ALL).with_for_update()
    over_all = session.scalar(locked)
    known = session.execute(
        select(MailPace.name, MailPace.next_at).where(MailPace.name.in_(wanted))
    )
    pace.know({name: next_at for name, next_at in known if name}, over_all)
    turns: list[datetime | None] = []
    for domain in domains:
        if pace.seconds_to_wait(now):
            break
        later = pace.find_deferral(names[domain], now)
        turns.append(later)
        if later is None:
            pace.note_sent(names[domain], now)
    for name, next_at in pace.moments().items():
        session.execute(update(MailPace).where(MailPace.name == name).values(next_at=next_at))
    return turns


def forget_paces(session: Session, *, now: datetime) -> None:
    """Domains that nobody was written to for a day need no row."""
    long_ago = now - timedelta(days=1)
    session.execute(delete(MailPace).where(MailPace.name != OVER_ALL, MailPace.next_at < long_ago))


def _name(domain: str) -> str:
    """A domain can be a person's own, so it is kept as a hash."""
    return hashlib.sha256(domain.encode()).hexdigest()
