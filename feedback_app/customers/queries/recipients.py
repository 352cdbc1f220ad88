"""Whom a wave would reach: counts, pages of recipients, and what would travel with answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select, true
from sqlalchemy.orm import Session

from feedback_app.customers.models import Customer, Suppression
from feedback_app.customers.rules import (
    ATTRIBUTE,
    LONGEST_SEGMENT,
    SEGMENT_NAMES,
    Reason,
    RecipientFilter,
    Status,
)


@dataclass(frozen=True, slots=True)
class RecipientCounts:
    """How many customers a filter finds, and why some of them get nothing.

    Everybody is counted once, under the first that applies in this order; the last four
    together are `matching`.
    """

    matching: int
    without_email: int
    suppressed: int
    recently_invited: int
    reachable: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to write to; `segments` in the order in which they were asked for."""

    id: UUID
    email: str
    language: str
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """The values in use, in order; "" among them when some customers have none."""

    languages: tuple[str, ...]
    plans: tuple[str, ...]
    regions: tuple[str, ...]
    value_classes: tuple[str, ...]
    account_managers: tuple[str, ...]


def count_recipients(
    session: Session, wanted: RecipientFilter, *, invited_since: date | None = None
) -> RecipientCounts:
    """How many there are; whoever was invited on `invited_since` or later is left in peace."""
    kind = case(
        (Customer.email == "", "without_email"),
        (_is_suppressed(), "suppressed"),
        (_is_recent(invited_since), "recently_invited"),
        else_="reachable",
    )
    query = select(kind, func.count()).select_from(Customer).where(*conditions(wanted))
    found = {row[0]: int(row[1]) for row in session.execute(query.group_by(kind))}
    parts = ("without_email", "suppressed", "recently_invited", "reachable")
    return RecipientCounts(sum(found.values()), *(found.get(name, 0) for name in parts))


def list_recipients(
    session: Session,
    wanted: RecipientFilter,
    *,
    names: Sequence[str] = (),
    invited_since: date | None = None,
    after: UUID | None = None,
    limit: int = 1000,
) -> tuple[Recipient, ...]:
    """The next `limit` reachable customers by id, following customer `after`.

    `names` of segments as `list_segment_names` gives them; ValueError for another.
    """
    query = (
        select(Customer.id, Customer.email, Customer.language, *map(segment, names))
        .where(*conditions(wanted), *_reachable(invited_since))
        .order_by(Customer.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(Customer.id > after)
    return tuple(
        Recipient(row[0], row[1], row[2], tuple(row[3:])) for row in session.execute(query)
    )


def find_recipient(session: Session, customer_id: UUID) -> Recipient | None:
    """The customer if mail may be sent to him now; None when erased, suppressed, without e-mail."""
    row = session.execute(
        select(Customer.id, Customer.email, Customer.language).where(
            Customer.id == customer_id, *_reachable(None)
        )
    ).one_or_none()
    return None if row is None else Recipient(row.id, row.email, row.language, ())


@dataclass(frozen=True, slots=True)
class CallCounts:
    """How many customers a filter finds, and why some of them can not be called."""

    matching: int
    without_phone: int
    suppressed: int
    recently_invited: int
    reachable: int


def count_to_call(
    session: Session, wanted: RecipientFilter, *, invited_since: date | None
) -> CallCounts:
    """How many could be called; each counted once, under the first that applies."""
    kind = case(
        (Customer.phone == "", "without_phone"),
        (_is_left_alone(), "suppressed"),
        (_is_recent(invited_since), "recently_invited"),
        else_="reachable",
    )
    query = select(kind, func.count()).select_from(Customer).where(*conditions(wanted))
    found = {row[0]: int(row[1]) for row in session.execute(query.group_by(kind))}
    parts = ("without_phone", "suppressed", "recently_invited", "reachable")
    return CallCounts(sum(found.values()), *(found.get(name, 0) for name in parts))


def list_to_call(
    session: Session,
    wanted: RecipientFilter,
    *,
    invited_since: date | None,
    after: UUID | None,
    limit: int,
) -> list[UUID]:
    """The next customers by id who can be called, following `after`; an e-mail is not needed."""
    query = (
        select(Customer.id)
        .where(*conditions(wanted), Customer.phone != "", ~_is_left_alone())
        .order_by(Customer.id)
        .limit(limit)
    )
    if invited_since is not None:
        query = query.where(~_is_recent(invited_since))
    if after is not None:
        query = query.where(Customer.id > after)
    return list(session.scalars(query))


def segment_combinations(
    session: Session,
    wanted: RecipientFilter,
    names: Sequence[str],
    *,
    invited_since: date | None = None,
) -> dict[tuple[str, ...], int]:
    """How many reachable customers share each combination of these segments' values."""
    if not names:
        return {(): count_recipients(session, wanted, invited_since=invited_since).reachable}
    values = [segment(name).label(f"segment_{number}") for number, name in enumerate(names)]
    rows = session.execute(
        select(*values, func.count())
        .select_from(Customer)
        .where(*conditions(wanted), *_reachable(invited_since))
        # By place: an attribute's name is a bound value, which PostgreSQL takes for another one.
        .group_by(*(value.name for value in values))
    )
    return {tuple(map(str, row[:-1])): int(row[-1]) for row in rows}


def list_segment_names(session: Session) -> tuple[str, ...]:
    """What may travel with answers: own fields, then the list's further columns by alphabet."""
    if session.get_bind().dialect.name == "postgresql":
        query = select(func.json_object_keys(Customer.attributes)).distinct()
    else:
        pairs = func.json_each(Customer.attributes).table_valued("key")
        query = select(pairs.c.key).select_from(Customer).join(pairs, true()).distinct()
    found = session.scalars(query)
    return (*SEGMENT_NAMES, *(f"{ATTRIBUTE}{name}" for name in sorted(found)))


def list_filter_choices(session: Session) -> FilterChoices:
    """What the list can be narrowed to."""
    return FilterChoices(
        *(
            tuple(session.scalars(select(column).distinct().order_by(column)))
            for column in (
                Customer.language,
                Customer.plan,
                Customer.region,
                Customer.value_class,
                Customer.account_manager,
            )
        )
    )


def segment(name: str) -> ColumnElement[str]:
    """The value of a segment, cut to what an answer keeps; ValueError for an unknown name."""
    if name.startswith(ATTRIBUTE):
        value: Any = Customer.attributes[name.removeprefix(ATTRIBUTE)].as_string()
        return func.substr(func.coalesce(value, ""), 1, LONGEST_SEGMENT)
    if name not in SEGMENT_NAMES:
        raise ValueError(f"{name!r} is no segment")
    return func.substr(getattr(Customer, name), 1, LONGEST_SEGMENT)


def conditions(wanted: RecipientFilter) -> list[ColumnElement[bool]]:
    """What a filter asks of a customer's row."""
    lists = (
        (Customer.language, wanted.languages),
        (Customer.plan, wanted.plans),
        (Customer.region, wanted.regions),
        (Customer.value_class, wanted.value_classes),
        (Customer.account_manager, wanted.account_managers),
    )
    found: list[ColumnElement[bool]] = [column.in_(values) for column, values in lists if values]
    for name, values in wanted.attributes:
        value = func.coalesce(Customer.attributes[name].as_string(), "")
        found.append(value.in_(values))
    if wanted.status is not None:
        found.append(Customer.status == str(wanted.status))
    if wanted.departed_from is not None or wanted.departed_to is not None:
        found.append(Customer.status == str(Status.DEPARTED))
    if wanted.departed_from is not None:
        found.append(Customer.departed_on >= wanted.departed_from)
    if wanted.departed_to is not None:
        found.append(Customer.departed_on <= wanted.departed_to)
    return found


def _is_suppressed() -> ColumnElement[bool]:
    return select(Suppression.address_hash).where(Suppression.address == Customer.email).exists()


def _is_left_alone() -> ColumnElement[bool]:
    """Who wants to hear nothing; a mailbox that bounces is no reason not to call."""
    return (
        select(Suppression.address_hash)
        .where(Suppression.address == Customer.email, Suppression.reason != Reason.BOUNCED)
        .exists()
    )


def _is_recent(invited_since: date | None) -> ColumnElement[bool]:
    if invited_since is None:
        return Customer.id.is_(None)  # nobody
    return func.coalesce(Customer.last_invited_on >= invited_since, False)


def _reachable(invited_since: date | None) -> list[ColumnElement[bool]]:
    found = [Customer.email != "", ~_is_suppressed()]
    if invited_since is not None:
        found.append(
            or_(Customer.last_invited_on.is_(None), Customer.last_invited_on < invited_since)
        )
    return found
