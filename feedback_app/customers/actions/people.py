"""Writes about single customers: correct, erase, note an invitation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from feedback_app.answers.models import NamedRespondent
from feedback_app.customers.actions.suppression import recognise
from feedback_app.customers.models import Customer, Suppression
from feedback_app.customers.queries import UnableToFindCustomer
from feedback_app.customers.rules import BLANK, Status, search_text
from feedback_app.foundation.db import utc_today
from feedback_app.foundation.rules import N_
from feedback_app.staff.audit import record

LARGEST_IN = 1000  # ids per statement


def correct(session: Session, customer_id: UUID, values: Mapping[str, Any], *, by: str) -> bool:
    """Set columns of BLANK by hand; False when all stood so already.

    The log keeps the names of the changed fields, never what stood in them.
    Raises UnableToFindCustomer.
    """
    customer = _get(session, customer_id)
    after = {name: getattr(customer, name) for name in BLANK} | dict(values)
    if after["status"] != Status.DEPARTED:
        after["departed_on"] = None
    changed = sorted(name for name in after if getattr(customer, name) != after[name])
    if not changed:
        return False
    for name in changed:
        setattr(customer, name, after[name])
    customer.updated_on = utc_today()
    customer.search_text = search_text(
        customer.reference, customer.name, customer.email, customer.phone
    )
    if "email" in changed:
        recognise(session, [customer.email])
    record(
        session,
        by=by,
        act="customers.correct",
        subject=str(customer_id),
        detail={"fields": changed},
    )
    return True


def erase(session: Session, customer_id: UUID, *, by: str) -> None:
    """Delete what is known of a customer, as he may ask.

    What was counted stays counted: invitations lose their customer, answers of named surveys
    lose his name. His address stays suppressed if it was, as a hash alone.
    Raises UnableToFindCustomer.
    """
    customer = _get(session, customer_id)
    names = [each for each in (customer.reference, customer.email) if each]
    session.execute(delete(NamedRespondent).where(NamedRespondent.reference.in_(names)))
    email = customer.email
    session.delete(customer)
    session.flush()
    is_shared = email and session.scalar(select(Customer.id).where(Customer.email == email))
    if email and not is_shared:
        session.execute(
            update(Suppression).where(Suppression.address == email).values(address=None)
        )
    record(session, by=by, act="customers.erase", subject=str(customer_id))


def note_invited(session: Session, customer_ids: Sequence[UUID], *, on: date) -> None:
    """Remember that these customers were written to, so that others leave them in peace."""
    for start in range(0, len(customer_ids), LARGEST_IN):
        part = customer_ids[start : start + LARGEST_IN]
        session.execute(update(Customer).where(Customer.id.in_(part)).values(last_invited_on=on))


def _get(session: Session, customer_id: UUID) -> Customer:
    customer = session.get(Customer, customer_id)
    if customer is None:
        raise UnableToFindCustomer(N_("There is no such customer: perhaps erased."))
    return customer
