"""One row of a list read by a map, and what becomes of a customer who is known already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feedback_app.customers.rules.customer import (
    Fault,
    FieldFault,
    Status,
    UnableToReadValue,
    clean,
    fit,
    read_address,
    read_cents,
    read_day,
    read_language,
    read_phone,
    read_status,
    search_text,
)
from feedback_app.customers.rules.mapping import ColumnMap, Field
from feedback_app.imports.rules.mapping import plain_name

#: Columns of a customer that a list can set, with what stands there when nothing is known.
BLANK: dict[str, Any] = {
    "name": "",
    "email": "",
    "phone": "",
    "language": "",
    "status": str(Status.CURRENT),
    "departed_on": None,
    "account_manager": "",
    "plan": "",
    "region": "",
    "value_class": "",
    "monthly_revenue_cents": None,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one row says. `values` holds only columns that the file has."""

    reference: str
    values: dict[str, Any]
    attributes: dict[str, str]


class UnableToReadRow(Exception):
    """A row can not be taken; `faults` says why, field by field."""

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


class RowReader:
    """Reads rows of a file with `header` by a map that was checked against it."""

    def __init__(self, column_map: ColumnMap, header: Sequence[str]) -> None:
        place = {plain_name(name): number for number, name in enumerate(header)}
        at = {name: place[column] for name, column in column_map.columns.items()}
        self._form = column_map.date_format
        self._everybody = column_map.everybody
        self._reference = at[Field.REFERENCE]
        self._status = at.get(Field.STATUS)
        self._departed_on = at.get(Field.DEPARTED_ON)
        self._attributes = tuple((name, place[name]) for name in column_map.attributes)
        self._plain: tuple[tuple[Field, int, str, Callable[[str], Any]], ...] = tuple(
            (name, at[name], column, read) for name, column, read in _READERS if name in at
        )

    def reference(self, cells: Sequence[str]) -> str:
        """The row's reference as it would be stored, "" when there is none."""
        return clean(cells[self._reference])

    def read(self, cells: Sequence[str]) -> Reading:
        """What the row says. Raises UnableToReadRow with everything that is wrong with it."""
        faults: list[FieldFault] = []
        reference = self._read(Field.REFERENCE, _read_reference, cells[self._reference], faults)
        values: dict[str, Any] = {}
        for name, place, column, read in self._plain:
            try:
                values[column] = read(cells[place])
            except UnableToReadValue as error:
                faults.append(FieldFault(name, error.fault, error.facts))
        self._read_status(cells, values, faults)
        attributes = {}
        for extra, place in self._attributes:
            try:
                attributes[extra] = fit(cells[place], "attribute")
            except UnableToReadValue as error:
                faults.append(FieldFault(extra, error.fault, error.facts))
        if faults:
            raise UnableToReadRow(faults)
        return Reading(reference, values, attributes)

    def _read(
        self, name: Field, read: Callable[[str], Any], cell: str, faults: list[FieldFault]
    ) -> Any:
        try:
            return read(cell)
        except UnableToReadValue as error:
            faults.append(FieldFault(name, error.fault, error.facts))
            return None

    def _read_status(
        self, cells: Sequence[str], values: dict[str, Any], faults: list[FieldFault]
    ) -> None:
        """Status and day of leaving: a column of states has the last word on who has left."""
        status, day = self._everybody, None
        if self._departed_on is not None:
            cell = cells[self._departed_on]
            day = self._read(Field.DEPARTED_ON, lambda it: read_day(it, self._form), cell, faults)
            status = status or (Status.DEPARTED if day else Status.CURRENT)
        if self._status is not None and self._everybody is None:
            told = self._read(
                Field.STATUS, lambda it: read_status(it, self._form), cells[self._status], faults
            )
            if told is None:
                return
            if told == (None, None) and self._departed_on is None:
                faults.append(FieldFault(Field.STATUS, Fault.MISSING))
                return
            status, day = told[0] or status, day or told[1]
        values["status"] = str(status)
        if status is Status.CURRENT:
            values["departed_on"] = None
        elif day is not None or self._departed_on is not None:
            values["departed_on"] = day


def _read_reference(cell: str) -> str:
    reference = fit(cell, "reference")
    if not reference:
        raise UnableToReadValue(Fault.MISSING)
    return reference


def _fitting(column: str) -> Callable[[str], str]:
    return lambda cell: fit(cell, column) if cell else ""


#: Field, the customer's column, how a cell is read.
_READERS: tuple[tuple[Field, str, Callable[[str], Any]], ...] = (
    (Field.NAME, "name", _fitting("name")),
    (Field.EMAIL, "email", read_address),
    (Field.PHONE, "phone", read_phone),
    (Field.LANGUAGE, "language", read_language),
    (Field.ACCOUNT_MANAGER, "account_manager", _fitting("account_manager")),
    (Field.PLAN, "plan", _fitting("plan")),
    (Field.REGION, "region", _fitting("region")),
    (Field.VALUE_CLASS, "value_class", _fitting("value_class")),
    (Field.MONTHLY_REVENUE, "monthly_revenue_cents", read_cents),
)


def merge(earlier: Reading, later: Reading) -> Reading:
    """Two rows of one file about one customer: the later wins where it says something."""
    values = dict(earlier.values)
    values |= {name: value for name, value in later.values.items() if value not in ("", None)}
    attributes = dict(earlier.attributes)
    attributes |= {name: text for name, text in later.attributes.items() if text}
    if values.get("status") == Status.CURRENT and "departed_on" in values:
        values["departed_on"] = None
    return Reading(earlier.reference, values, attributes)


def decide(known: Mapping[str, Any] | None, reading: Reading) -> dict[str, Any] | None:
    """All columns of a customer as a reading leaves them; None when nothing changes.

    `known` holds the stored columns of BLANK and the attributes, None for a new customer.
    What the file has no column for stays.
    """
    before = {**BLANK, "attributes": {}} if known is None else known
    after = {name: before[name] for name in BLANK} | reading.values
    if after["status"] == Status.CURRENT:
        after["departed_on"] = None
    kept = {**before["attributes"], **reading.attributes}
    after["attributes"] = {name: text for name, text in kept.items() if text}
    if known is not None and all(after[name] == known[name] for name in after):
        return None
    after["search_text"] = search_text(
        reading.reference, after["name"], after["email"], after["phone"]
    )
    return after


def format_cents(cents: int | None) -> str:
    """An amount with two decimals, "" for none."""
    return "" if cents is None else f"{cents // 100}.{cents % 100:02d}"
