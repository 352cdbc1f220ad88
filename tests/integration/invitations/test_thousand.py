"""Hundreds of invitations end to end by a server that misbehaves; ten thousand are a bench."""

from __future__ import annotations

import zlib
from datetime import timedelta

from sqlalchemy import select, update

from feedback_app.customers.models import Customer
from feedback_app.foundation.db import utc_now
from feedback_app.invitations.models import Invitation, Outbox
from feedback_app.invitations.rules import hash_token
from tests.factories.respondents import OpenedSurvey
from tests.factories.waves import plan_mailing, token_of
from tests.smtp_server import Act, running_smtp

PEOPLE = 400


def misbehave(who: str, attempt: int) -> Act:
    """Some for good, some the first time; which ones depends on the address alone."""
    roll = zlib.crc32(who.encode()) % 100
    if roll < 3:
        return Act.RECIPIENT_REFUSED
    if attempt > 1 or roll >= 15:
        return Act.TAKE
    return (Act.RECIPIENT_LATER, Act.TEXT_LATER, Act.HANG_UP_BEFORE_TEXT)[roll % 3]


def test_everybody_gets_exactly_one(survey: OpenedSurvey) -> None:
    with running_smtp(misbehave) as server:
        mailing = plan_mailing(survey, server, people=PEOPLE, segments=("plan", "region"))
        assert mailing.prepare() == PEOPLE
        for _ in range(4):
            mailing.send()
            with mailing.database.writing() as session:
                session.execute(
                    update(Outbox)
                    .where(Outbox.state == "queued")
                    .values(due_at=utc_now() - timedelta(seconds=1))
                )
    refused = {f"c{n}@example.com" for n in range(PEOPLE)}
    refused = {who for who in refused if misbehave(who, 1) is Act.RECIPIENT_REFUSED}
    counts = server.counts()
    assert mailing.states() == {"sent": PEOPLE - len(refused), "bounced": len(refused)}
    assert len(counts) == PEOPLE - len(refused)
    assert set(counts.values()) == {1}
    assert not refused & set(counts)
    with mailing.database.reading() as session:
        rows = session.execute(
            select(Invitation.token_hash, Customer.email).join(
                Customer, Customer.id == Invitation.customer_id
            )
        )
        owner = {bytes(digest): address for digest, address in rows}
    for each in server.received:
        assert owner[hash_token(token_of(each.content))] == each.recipient, "each his own link"
