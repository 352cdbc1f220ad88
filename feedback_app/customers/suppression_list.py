"""The list of suppressed addresses as a file: read from others' tools, written for them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from feedback_app.customers.importing import read_samples
from feedback_app.customers.queries import SuppressionRow
from feedback_app.customers.rules import (
    Fault,
    Field,
    FieldFault,
    Reason,
    UnableToMapColumns,
    UnableToReadValue,
    find_address_fault,
    guess_map,
    hash_address,
    normalise_address,
    read_day,
)
from feedback_app.imports.rejects import FORMULA_STARTS, defuse
from feedback_app.imports.rules.mapping import plain_name
from feedback_app.imports.sources import Source, SourceRow

HEADER = ("address", "reason", "since")
HASH = "sha256:"  # before the hash of an address that was erased
_HASH = re.compile(rf"{HASH}([0-9a-f]{{64}})")
SAMPLES = 20
MOST_TOLD = 100


@dataclass
class Addresses:
    """What a file holds: (hash, address or None, reason, since) once each, and faulty lines."""

    rows: dict[bytes, tuple[bytes, str | None, Reason, date]] = field(default_factory=dict)
    read: int = 0
    rejected: int = 0
    faulty: list[tuple[int, FieldFault]] = field(default_factory=list)


def read_addresses(source: Source, *, today: date) -> Addresses:
    """Every address of a file, whatever else it holds.

    Columns named reason and since, as `write_addresses` names them, are read too; other
    reasons mean by hand. Raises UnableToMapColumns when no column holds addresses.
    """
    names = [plain_name(name).casefold() for name in source.header]
    place = _find_address_column(source, names)
    reason_at, since_at = _place(names, "reason"), _place(names, "since")
    found = Addresses()
    for row in source.rows():
        found.read += 1
        try:
            digest, address = _read_address(row, place)
        except UnableToReadValue as error:
            found.rejected += 1
            if len(found.faulty) < MOST_TOLD:
                found.faulty.append((row.line, FieldFault("email", error.fault, error.facts)))
            continue
        reason = _read_reason("" if reason_at is None else row.cells[reason_at])
        since = _read_since("" if since_at is None else row.cells[since_at], today)
        found.rows.setdefault(digest, (digest, address, reason, since))
    return found


def write_addresses(rows: Iterable[SuppressionRow]) -> Iterator[str]:
    """CSV lines that a spreadsheet takes for text; erased addresses go out as their hash."""
    yield "\ufeff" + _line(HEADER)
    for row in rows:
        address = f"{HASH}{row.key}" if row.address is None else defuse(row.address)
        yield _line((address, str(row.reason), row.since_on.isoformat()))


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _find_address_column(source: Source, names: list[str]) -> int:
    if "address" in names:
        return names.index("address")
    named = guess_map(source.header, read_samples(source, SAMPLES)).columns.get(Field.EMAIL)
    if named is None and len(source.header) == 1:
        return 0
    if named is None:
        raise UnableToMapColumns(
            "No column holds e-mail addresses: its first row must be called address or e-mail."
        )
    return [plain_name(name) for name in source.header].index(named)


def _read_address(row: SourceRow, place: int) -> tuple[bytes, str | None]:
    """Hash and address of a cell, also of one that was defused or holds a hash."""
    if row.fault:
        raise UnableToReadValue(Fault.BROKEN_ROW, row.fault)
    text = row.cells[place].strip()
    if text.startswith("'") and text[1:].startswith(FORMULA_STARTS):
        text = text[1:]
    if known := _HASH.fullmatch(text.lower()):
        return bytes.fromhex(known[1]), None
    address = normalise_address(text)
    if fault := find_address_fault(address):
        raise UnableToReadValue(fault, text)
    return hash_address(address), address


def _place(names: list[str], name: str) -> int | None:
    return names.index(name) if name in names else None


def _read_reason(text: str) -> Reason:
    written = text.strip().lower()
    return Reason(written) if written in tuple(Reason) else Reason.BY_HAND


def _read_since(text: str, today: date) -> date:
    try:
        return read_day(text) or today
    except UnableToReadValue:
        return today
