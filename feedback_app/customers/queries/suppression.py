"""Reads of the addresses that nothing is sent to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.customers.models import Suppression
from feedback_app.customers.rules import Reason, hash_address

SUPPRESSION_PAGE = 50


@dataclass(frozen=True, slots=True)
class SuppressionRow:
    """An address, why and since when; `address` is None for somebody who was erased."""

    key: str
    address: str | None
    reason: Reason
    since_on: date


@dataclass(frozen=True, slots=True)
class SuppressionPage:
    """A page of the list by address, and whether there is more on either side."""

    rows: tuple[SuppressionRow, ...]
    has_earlier: bool
    has_later: bool


@dataclass(frozen=True, slots=True)
class SuppressionCounts:
    """How many addresses are on the list, and how many more are known by their hash alone."""

    named: int
    erased: int


def is_suppressed(session: Session, address: str) -> bool:
    """True when nothing may be sent to `address`, also when its customer was erased."""
    return bool(find_suppressed(session, [address]))


def find_suppressed(session: Session, addresses: Iterable[str]) -> frozenset[str]:
    """Those of `addresses`, as spelled, that nothing may be sent to."""
    by_hash = {hash_address(address): address for address in addresses}
    found = session.scalars(
        select(Suppression.address_hash).where(Suppression.address_hash.in_(by_hash))
    )
    return frozenset(by_hash[bytes(each)] for each in found)


def list_suppressed(
    session: Session, *, search: str = "", after: str = "", before: str = ""
) -> SuppressionPage:
    """A page of addresses by alphabet that hold `search`, following or preceding a row's key."""
    after, before = _address_of(session, after), _address_of(session, before)
    query = select(Suppression).where(Suppression.address.is_not(None))
    for word in search.lower().split():
        query = query.where(Suppression.address.contains(word, autoescape=True))
    if before:
        query = query.where(Suppression.address < before).order_by(Suppression.address.desc())
    else:
        query = query.where(Suppression.address > after).order_by(Suppression.address)
    found = [_row(each) for each in session.scalars(query.limit(SUPPRESSION_PAGE + 1))]
    is_more, rows = len(found) > SUPPRESSION_PAGE, found[:SUPPRESSION_PAGE]
    if before:
        return SuppressionPage(tuple(reversed(rows)), has_earlier=is_more, has_later=True)
    return SuppressionPage(tuple(rows), has_earlier=bool(after), has_later=is_more)


def read_suppression(session: Session) -> Iterator[SuppressionRow]:
    """The whole list, addresses by alphabet, then those known by their hash alone."""
    query = select(Suppression).order_by(
        Suppression.address.is_(None), Suppression.address, Suppression.address_hash
    )
    yield from map(_row, session.scalars(query))


def count_suppressed(session: Session) -> SuppressionCounts:
    """How long the list is."""
    named, everything = session.execute(select(func.count(Suppression.address), func.count())).one()
    return SuppressionCounts(named, everything - named)


def _address_of(session: Session, key: str) -> str:
    try:
        digest = bytes.fromhex(key)
    except ValueError:
        return ""
    query = select(Suppression.address).where(Suppression.address_hash == digest)
    return session.scalar(query) or ""


def _row(found: Suppression) -> SuppressionRow:
    return SuppressionRow(
        bytes(found.address_hash).hex(), found.address, Reason(found.reason), found.since_on
    )
