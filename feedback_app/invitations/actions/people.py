"""What recipients do: unsubscribe, and addresses that bounce."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback_app.customers import actions as customers
from feedback_app.customers.actions import UnableToSuppress
from feedback_app.customers.rules import Reason
from feedback_app.foundation.db import changed_rows
from feedback_app.invitations import queries
from feedback_app.invitations.models import Invitation, Outbox
from feedback_app.invitations.rules import MailState, hash_token
from feedback_app.invitations.rules.bounces import Bounce


def unsubscribe(session: Session, secret: str) -> bool:
    """Send nothing more to whoever holds this secret; False when nobody does.

    At once and for all waves. Repeating it changes nothing.
    """
    person = queries.find_unsubscriber(session, hash_token(secret))
    if person is None:
        return False
    session.execute(
        update(Invitation).where(Invitation.id == person.invitation_id).values(is_unsubscribed=True)
    )
    if person.address:
        customers.suppress(
            session, person.address, reason=Reason.UNSUBSCRIBED, by="unsubscribe link"
        )
    return True


def take_bounce(session: Session, bounce: Bounce) -> bool:
    """Write down one bounce; False when it names no mail of ours.

    A hard one suppresses the address and marks the mail as bounced; a soft one is counted.
    What was said about an address that the customer has no more changes nothing.
    """
    person = queries.find_by_invitation(session, bounce.invitation_id)
    if person is None:
        return False
    if not bounce.is_hard:
        session.execute(
            update(Invitation)
            .where(Invitation.id == person.invitation_id)
            .values(soft_bounces=Invitation.soft_bounces + 1)
        )
        return True
    newest = (
        select(Outbox.number)
        .where(
            Outbox.invitation_id == person.invitation_id,
            Outbox.state.in_((MailState.SENT, MailState.IN_DOUBT)),
        )
        .order_by(Outbox.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    changed_rows(
        session,
        update(Outbox)
        .where(Outbox.invitation_id == person.invitation_id, Outbox.number == newest)
        .values(state=MailState.BOUNCED, reply=bounce.status[:40], lease_until=None),
    )
    if person.address and person.address == (bounce.recipient or person.address):
        try:
            customers.suppress(session, person.address, reason=Reason.BOUNCED, by="bounce")
        except UnableToSuppress:
            return True
    return True
