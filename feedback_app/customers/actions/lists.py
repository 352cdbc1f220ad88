"""Writes of a customer list: some rows at a time, so that respondents never wait for long."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from feedback_app.customers.actions.suppression import recognise
from feedback_app.customers.models import ColumnMapping, Customer
from feedback_app.customers.queries import MADE_FOR, read_known
from feedback_app.customers.rules import BLANK, ColumnMap, Reading, Status, decide, header_key
from feedback_app.foundation.db import utc_today
from feedback_app.staff.audit import record

#: Of the lock that lists queue for on PostgreSQL; any constant, it only has to be ours.
LIST_LOCK = 7_206_171_803


@dataclass
class Tally:
    """What becomes of rows: `departed` counts customers who are so in the file."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    departed: int = 0


def weigh(session: Session, readings: Sequence[Reading], tally: Tally) -> None:
    """Count what storing would do; stores nothing."""
    _decide_all(session, readings, tally)


def store(session: Session, readings: Sequence[Reading], tally: Tally) -> None:
    """Add and update customers by reference; each reference stands in `readings` once."""
    if session.get_bind().dialect.name == "postgresql":
        # Else two lists at once could both find a reference missing and both add it.
        session.execute(select(func.pg_advisory_xact_lock(LIST_LOCK)))
    new, changed = _decide_all(session, readings, tally)
    table = Customer.__table__
    assert isinstance(table, Table)
    if new:
        session.execute(insert(table), new)
    if changed:
        session.execute(_update(table), changed)
    recognise(session, [row["email"] for row in (*new, *changed)])


def _update(table: Table) -> Any:
    columns = (*BLANK, "attributes", "search_text", "updated_on")
    return (
        update(table)
        .where(table.c.id == bindparam("its_id"))
        .values({name: bindparam(name) for name in columns})
    )


def _decide_all(
    session: Session, readings: Sequence[Reading], tally: Tally
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    known = read_known(session, [each.reference for each in readings])
    today = utc_today()
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for reading in readings:
        before = known.get(reading.reference)
        after = decide(before, reading)
        tally.departed += (after or before or {})["status"] == Status.DEPARTED
        if after is None:
            continue
        after["updated_on"] = today
        if before is None:
            same = {"id": make_id(), "reference": reading.reference, "created_on": today}
            new.append(after | same | {"last_invited_on": None})
        else:
            changed.append(after | {"its_id": before["id"]})
    tally.new += len(new)
    tally.updated += len(changed)
    tally.unchanged += len(readings) - len(new) - len(changed)
    return new, changed


def make_id() -> UUID:
    """A random id that begins with the present moment (RFC 9562, version 7).

    Customers of one list then stand side by side in their table: with wholly random ids each
    row of a list costs a page of its own to write.
    """
    moment = time.time_ns() // 1_000_000 << 80
    return UUID(int=moment | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62))


def remember_mapping(
    session: Session, header: Sequence[str], column_map: ColumnMap, *, made_for: str = MADE_FOR
) -> None:
    """Keep what these columns meant, for the next file with the same header."""
    key = header_key(header)
    session.execute(
        delete(ColumnMapping).where(
            ColumnMapping.made_for == made_for, ColumnMapping.header_key == key
        )
    )
    row = ColumnMapping(made_for=made_for, header_key=key, mapping=column_map.to_json())
    session.add(row)
    session.flush()


def record_import(session: Session, *, by: str, counts: dict[str, int]) -> None:
    """Log that a list came in: numbers only, a file's name can be somebody's."""
    record(session, by=by, act="customers.import", subject="list", detail=counts)
