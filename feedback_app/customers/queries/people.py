"""Reads of customers: pages of the list, one customer, what a list file meets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from feedback_app.customers.models import ColumnMapping, Customer, Suppression
from feedback_app.customers.queries.recipients import conditions
from feedback_app.customers.rules import BLANK, RecipientFilter, Status
from feedback_app.foundation.rules import N_, Unable

PAGE = 50
MADE_FOR = "customers"


class UnableToFindCustomer(Unable):
    """No customer has this id; he may have been erased."""


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer as the list shows him."""

    id: UUID
    reference: str
    name: str
    email: str
    status: Status
    departed_on: date | None
    plan: str
    region: str
    is_suppressed: bool


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A page of the list, and whether there is more on either side."""

    rows: tuple[CustomerRow, ...]
    has_earlier: bool
    has_later: bool


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """All that is known of one customer; `suppressed_since` when nothing is sent to him."""

    id: UUID
    reference: str
    name: str
    email: str
    phone: str
    language: str
    status: Status
    departed_on: date | None
    account_manager: str
    plan: str
    region: str
    value_class: str
    monthly_revenue_cents: int | None
    attributes: Mapping[str, str]
    last_invited_on: date | None
    created_on: date
    updated_on: date
    suppressed_since: date | None
    suppressed_because: str | None


def list_customers(
    session: Session,
    wanted: RecipientFilter,
    *,
    search: str = "",
    after: UUID | None = None,
    before: UUID | None = None,
) -> CustomerPage:
    """PAGE customers by name, following customer `after` or preceding `before`.

    `search`: words that all must occur in reference, name, e-mail or phone, in any case.
    """
    query = _matching(wanted, search)
    place = (Customer.name, Customer.id)
    if before is not None and (edge := _place(session, before)):
        query = query.where(tuple_(*place) < edge)
        query = query.order_by(Customer.name.desc(), Customer.id.desc())
    else:
        before = None
        if after is not None and (edge := _place(session, after)):
            query = query.where(tuple_(*place) > edge)
        query = query.order_by(*place)
    found = [
        CustomerRow(
            row.id,
            row.reference,
            row.name,
            row.email,
            Status(row.status),
            row.departed_on,
            row.plan,
            row.region,
            row.address is not None,
        )
        for row in session.execute(query.limit(PAGE + 1))
    ]
    is_more = len(found) > PAGE
    rows = found[:PAGE]
    if before is not None:
        return CustomerPage(tuple(reversed(rows)), has_earlier=is_more, has_later=True)
    return CustomerPage(tuple(rows), has_earlier=after is not None, has_later=is_more)


def count_customers(session: Session, wanted: RecipientFilter, *, search: str = "") -> int:
    """How many customers there are of this kind."""
    query = select(func.count()).select_from(Customer).where(*_narrowing(wanted, search))
    return session.scalar(query) or 0


def get_customer(session: Session, customer_id: UUID) -> CustomerCard:
    """One customer; raises UnableToFindCustomer."""
    row = session.execute(
        select(Customer, Suppression.since_on, Suppression.reason)
        .outerjoin(Suppression, Suppression.address == func.nullif(Customer.email, ""))
        .where(Customer.id == customer_id)
    ).one_or_none()
    if row is None:
        raise UnableToFindCustomer(N_("There is no such customer: perhaps erased."))
    customer, since_on, reason = row
    same = {
        name: getattr(customer, name)
        for name in CustomerCard.__slots__
        if not name.startswith(("suppressed", "status"))
    }
    return CustomerCard(
        **same,
        status=Status(customer.status),
        suppressed_since=since_on,
        suppressed_because=reason,
    )


def read_known(session: Session, references: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What a list can set of these customers, and their id, by reference."""
    columns = [getattr(Customer, name) for name in ("id", "reference", "attributes", *BLANK)]
    rows = session.execute(select(*columns).where(Customer.reference.in_(references)))
    return {row.reference: dict(row._mapping) for row in rows}


def find_mapping(
    session: Session, header_key: str, *, made_for: str = MADE_FOR
) -> dict[str, Any] | None:
    """What the columns under this header meant last time."""
    return session.scalar(
        select(ColumnMapping.mapping).where(
            ColumnMapping.header_key == header_key, ColumnMapping.made_for == made_for
        )
    )


def _matching(wanted: RecipientFilter, search: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Customer.id,
            Customer.reference,
            Customer.name,
            Customer.email,
            Customer.status,
            Customer.departed_on,
            Customer.plan,
            Customer.region,
            Suppression.address,
        )
        .outerjoin(Suppression, Suppression.address == func.nullif(Customer.email, ""))
        .where(*_narrowing(wanted, search))
    )


def _narrowing(wanted: RecipientFilter, search: str) -> list[Any]:
    words = search.casefold().split()
    found = [Customer.search_text.contains(word, autoescape=True) for word in words]
    return [*conditions(wanted), *found]


def _place(session: Session, customer_id: UUID) -> tuple[str, UUID] | None:
    name = session.scalar(select(Customer.name).where(Customer.id == customer_id))
    return None if name is None else (name, customer_id)


def list_names(session: Session) -> list[str]:
    """The names of all customers and of those who look after them, each once."""
    columns = (Customer.name, Customer.account_manager)
    found = (session.scalars(select(each).where(each != "").distinct()) for each in columns)
    return sorted({name for names in found for name in names})
