"""Writes of the list of addresses that nothing is sent to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from feedback_app.customers.models import Suppression
from feedback_app.customers.rules import (
    Reason,
    find_address_fault,
    hash_address,
    normalise_address,
)
from feedback_app.foundation.db import changed_rows, insert_if_absent, utc_today
from feedback_app.foundation.rules import Unable
from feedback_app.staff.audit import record


class UnableToSuppress(Unable):
    """What shall be suppressed is no address."""


def suppress(session: Session, address: str, *, reason: Reason, by: str) -> bool:
    """Send nothing to `address` any more; False when that was so already.

    The log says that and why, not whom. Raises UnableToSuppress.
    """
    normal = normalise_address(address)
    if find_address_fault(normal):
        raise UnableToSuppress("This is not an e-mail address.")
    added = add_suppressed(session, [(hash_address(normal), normal, reason, utc_today())])
    if added:
        record(session, by=by, act="suppression.add", subject=str(reason))
    return bool(added)


def unsuppress(session: Session, key: str, *, by: str) -> bool:
    """Allow mail to an address again; False when it was allowed. `key`: its hash in hex."""
    try:
        digest = bytes.fromhex(key)
    except ValueError:
        return False
    gone = changed_rows(session, delete(Suppression).where(Suppression.address_hash == digest))
    if gone:
        record(session, by=by, act="suppression.remove", subject="address")
    return bool(gone)


def add_suppressed(session: Session, rows: Iterable[tuple[bytes, str | None, Reason, date]]) -> int:
    """Store (hash, address or None, reason, since); those there already stay; how many are new."""
    statement = insert_if_absent(session, Suppression)
    added = 0
    for digest, address, reason, since_on in rows:
        new = changed_rows(
            session,
            statement.values(
                address_hash=digest, address=address, reason=str(reason), since_on=since_on
            ),
        )
        added += new
        if not new and address:
            _give_back(session, [(digest, address)])
    return added


def import_suppressed(
    session: Session, rows: Collection[tuple[bytes, str | None, Reason, date]], *, by: str
) -> int:
    """Add the addresses of a list; how many of them are new."""
    added = add_suppressed(session, rows)
    counts = {"rows": len(rows), "new": added}
    record(session, by=by, act="suppression.import", subject="list", detail=counts)
    return added


def recognise(session: Session, addresses: Sequence[str]) -> None:
    """Give suppressed addresses of erased customers back when they come in again.

    So whoever was suppressed stays so when a list brings him back.
    """
    if not session.scalar(select(exists().where(Suppression.address.is_(None)))):
        return
    _give_back(session, [(hash_address(address), address) for address in addresses if address])


def _give_back(session: Session, pairs: Sequence[tuple[bytes, str]]) -> None:
    by_hash = dict(pairs)
    nameless = session.scalars(
        select(Suppression.address_hash).where(
            Suppression.address_hash.in_(by_hash), Suppression.address.is_(None)
        )
    )
    for digest in map(bytes, nameless):
        session.execute(
            update(Suppression)
            .where(Suppression.address_hash == digest)
            .values(address=by_hash[digest])
        )
