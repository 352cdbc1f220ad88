"""Which column of a customer list holds what: read from a form or TOML, guessed from the header."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from feedback_app.customers.rules.customer import (
    Status,
    find_address_fault,
    normalise_address,
)
from feedback_app.customers.rules.words import COLUMN_WORDS, plain_words
from feedback_app.foundation.rules import N_, Unable
from feedback_app.imports.rules.mapping import plain_name

MOST_ATTRIBUTES = 30
LONGEST_ATTRIBUTE_NAME = 100
OPTIONS = ("everybody", "date_format", "extra", "sheet", "encoding")
TABLES = ("columns", "options")


class Field(StrEnum):
    """What a column of a list can be."""

    REFERENCE = "reference"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    LANGUAGE = "language"
    STATUS = "status"
    DEPARTED_ON = "departed_on"
    ACCOUNT_MANAGER = "account_manager"
    PLAN = "plan"
    REGION = "region"
    VALUE_CLASS = "value_class"
    MONTHLY_REVENUE = "monthly_revenue"


class UnableToMapColumns(Unable):
    """The columns of a list do not say enough, or not what the map says."""


@dataclass(frozen=True)
class ColumnMap:
    """Our field -> their column; `attributes` are further columns that are kept.

    `everybody` is the status of all rows where no column tells it. `date_format` is a strptime
    format, "" for what can be read for sure.
    """

    columns: Mapping[Field, str]
    attributes: tuple[str, ...] = ()
    everybody: Status | None = None
    date_format: str = ""
    sheet: str = field(default="", compare=False)
    encoding: str = field(default="", compare=False)

    def to_json(self) -> dict[str, Any]:
        """A document for a JSON column; file options are not remembered."""
        return {
            "columns": {str(name): column for name, column in self.columns.items()},
            "attributes": list(self.attributes),
            "everybody": str(self.everybody or ""),
            "date_format": self.date_format,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> ColumnMap:
        """What `to_json` gave."""
        return cls(
            {Field(name): column for name, column in document["columns"].items()},
            tuple(document["attributes"]),
            Status(document["everybody"]) if document["everybody"] else None,
            document["date_format"],
        )

    def check(self, header: Sequence[str]) -> None:
        """Raises UnableToMapColumns when rows of a file with this header can not be read by it."""
        check_header(header)
        there = {plain_name(name) for name in header}
        missing = {*self.columns.values(), *self.attributes} - there
        if missing:
            raise UnableToMapColumns(
                N_("The file has no column %(missing)s. Its columns: %(there)s."),
                missing=", ".join(map(repr, sorted(missing))),
                there=", ".join(filter(None, map(plain_name, header))),
            )
        if Field.REFERENCE not in self.columns:
            raise UnableToMapColumns(
                N_(
                    "No column is the reference: choose what tells your customers apart, "
                    "such as the customer number or the e-mail address."
                )
            )
        told_by = {Field.STATUS, Field.DEPARTED_ON} & set(self.columns)
        if not told_by and self.everybody is None:
            raise UnableToMapColumns(
                N_(
                    "Nothing says who has left: choose the column of the status or of the day of "
                    "leaving, or say that everybody in the file is departed or current."
                )
            )
        if len(self.attributes) > MOST_ATTRIBUTES:
            raise UnableToMapColumns(
                N_(
                    "%(many)s further columns are to be kept, at most %(most)s can be: "
                    "leave some out."
                ),
                many=len(self.attributes),
                most=MOST_ATTRIBUTES,
            )


def check_header(header: Sequence[str]) -> None:
    """Raises UnableToMapColumns when two columns share a name or one is too long."""
    names = [plain_name(name) for name in header if plain_name(name)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnableToMapColumns(
            N_("The column “%(column)s” stands in the file twice: rename one."), column=twice[0]
        )
    for name in names:
        if len(name) > LONGEST_ATTRIBUTE_NAME:
            raise UnableToMapColumns(
                N_(
                    "A column's name has %(length)s characters, at most %(most)s are read: "
                    "the first row must name the columns."
                ),
                length=len(name),
                most=LONGEST_ATTRIBUTE_NAME,
            )


def header_key(header: Sequence[str]) -> str:
    """By which a header is recognised, whatever the order of its columns; 64 hex digits."""
    names = sorted(plain_name(name) for name in header)
    return hashlib.sha256("\x1e".join(names).encode()).hexdigest()


def guess_map(header: Sequence[str], samples: Sequence[Sequence[str]] = ()) -> ColumnMap:
    """What the columns probably are, by their names, and by `samples` of rows for addresses.

    Columns that are nothing known are kept as attributes. Without any column that tells
    apart, the e-mail address does. Without one that tells who left, everybody has.
    """
    names = [plain_name(name) for name in header]
    columns = _guess_by_name(names)
    if Field.EMAIL not in columns:
        place = _find_addresses(names, columns, samples)
        if place is not None:
            columns[Field.EMAIL] = names[place]
    if Field.REFERENCE not in columns and Field.EMAIL in columns:
        columns[Field.REFERENCE] = columns[Field.EMAIL]
    rest = [name for name in names if name and name not in columns.values()]
    is_told = Field.STATUS in columns or Field.DEPARTED_ON in columns
    return ColumnMap(
        columns,
        tuple(dict.fromkeys(rest))[:MOST_ATTRIBUTES],
        everybody=None if is_told else Status.DEPARTED,
    )


def _guess_by_name(names: Sequence[str]) -> dict[Field, str]:
    """The surest head of each field first: `client id` before `id`."""
    by_words: dict[str, str] = {}
    for name in names:
        by_words.setdefault(plain_words(name), name)
    by_words.pop("", None)
    candidates = sorted(
        (rank, place, word)
        for place, name in enumerate(Field)
        for rank, word in enumerate(COLUMN_WORDS[name])
        if word in by_words
    )
    fields = tuple(Field)
    columns: dict[Field, str] = {}
    for _rank, place, word in candidates:
        if fields[place] not in columns and by_words[word] not in columns.values():
            columns[fields[place]] = by_words[word]
    return {name: columns[name] for name in Field if name in columns}


def _find_addresses(
    names: Sequence[str], columns: Mapping[Field, str], samples: Sequence[Sequence[str]]
) -> int | None:
    for place, name in enumerate(names):
        cells = [row[place] for row in samples if place < len(row) and row[place].strip()]
        if not name or name in columns.values() or not cells:
            continue
        if all(find_address_fault(normalise_address(cell)) is None for cell in cells):
            return place
    return None


def read_map(document: Mapping[str, Any], header: Sequence[str]) -> ColumnMap:
    """The map in a parsed TOML document. Raises UnableToMapColumns with what is wrong."""
    options = _table(document, "options")
    for table, known, where in ((document, TABLES, "The map"), (options, OPTIONS, "[options]")):
        if unknown := sorted(set(table) - set(known)):
            raise UnableToMapColumns(
                f"{where} has no {unknown[0]!r}; it may hold {', '.join(known)}."
            )
    columns = read_columns(_table(document, "columns"))
    for name in ("date_format", "sheet", "encoding"):
        if not isinstance(options.get(name, ""), str):
            raise UnableToMapColumns(f"{name} in [options] must be a text.")
    made = ColumnMap(
        columns,
        _read_extra(options.get("extra", True), columns, header),
        everybody=read_everybody(options.get("everybody")),
        date_format=options.get("date_format", ""),
        sheet=options.get("sheet", ""),
        encoding=options.get("encoding", ""),
    )
    made.check(header)
    return made


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = document.get(name, {})
    if not isinstance(table, Mapping):
        raise UnableToMapColumns(f"[{name}] in the map must be a table.")
    return table


def read_columns(named: Mapping[str, object]) -> dict[Field, str]:
    """Our fields and their columns. Raises UnableToMapColumns for a field that is none."""
    columns: dict[Field, str] = {}
    for name, column in named.items():
        if name not in tuple(Field):
            raise UnableToMapColumns(f"There is no field {name!r}; there are {', '.join(Field)}.")
        if not isinstance(column, str) or not column.strip():
            raise UnableToMapColumns(f"{name} must be one column's name, got {column!r}.")
        columns[Field(name)] = plain_name(column)
    return columns


def read_everybody(value: object) -> Status | None:
    """The status of all rows, None for none. Raises UnableToMapColumns."""
    if value in (None, ""):
        return None
    if value not in tuple(Status):
        raise UnableToMapColumns(f"everybody must be {' or '.join(Status)}, got {value!r}.")
    return Status(str(value))


def _read_extra(
    extra: object, columns: Mapping[Field, str], header: Sequence[str]
) -> tuple[str, ...]:
    if extra is True:
        named = (plain_name(name) for name in header)
        return tuple(name for name in named if name and name not in columns.values())
    if extra is False:
        return ()
    if not isinstance(extra, list) or not all(isinstance(name, str) for name in extra):
        raise UnableToMapColumns("extra in [options] must be true, false or a list of columns.")
    return tuple(dict.fromkeys(plain_name(name) for name in extra))
