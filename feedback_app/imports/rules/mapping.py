"""The map: which column holds which of our fields, and what each of their reasons means.

It is written by hand, so everything in it is checked and every refusal says what would do.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from feedback_app.causes.rules import NONE, Catalogue
from feedback_app.foundation.rules import Unable

#: What a reason of theirs can mean beside a cause code or NONE: the row is left out.
SKIP = "skip"

ONE_COLUMN = ("id", "date", "primary", "channel", "language", "competitor", "return_likelihood")
SEVERAL_COLUMNS = ("reason", "text")
SEGMENT = "segment"
MOST_SEGMENTS = 3
LONGEST_SEGMENT_NAME = 40
OPTIONS = ("separator", "date_format", "sheet", "encoding")
TABLES = ("columns", "reasons", "options")

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ´`′", "'"))


class UnableToReadMap(Unable):
    """The map is not one, or does not fit the file or the catalogue; the message says where."""


@dataclass(frozen=True)
class ImportMap:
    """A checked map. `columns`: our field -> their columns, in the order given.

    `segments`: the segment's name -> their column. `reasons`: their reason -> cause code,
    NONE or SKIP, as written; `meaning` looks one up.
    """

    columns: Mapping[str, tuple[str, ...]]
    segments: Mapping[str, str]
    reasons: Mapping[str, str]
    unified: Mapping[str, str]
    separator: str = ""
    date_format: str = ""
    sheet: str = ""
    encoding: str = ""

    def column(self, field: str) -> str | None:
        """The column of a field that takes one, None when the map has none."""
        named = self.columns.get(field)
        return named[0] if named else None

    def list_columns(self) -> tuple[str, ...]:
        """Every column the map names, each once, by alphabet."""
        named = {column for columns in self.columns.values() for column in columns}
        return tuple(sorted(named | set(self.segments.values())))

    def meaning(self, reason: str) -> str | None:
        """What `reason` means; spelling counts only where two reasons differ by it alone."""
        found = self.reasons.get(reason)
        return self.unified.get(unify_spelling(reason)) if found is None else found


def unify_spelling(text: str) -> str:
    """`text` without outer spaces, in composed letters (NFC), with one kind of apostrophe."""
    return unicodedata.normalize("NFC", text).translate(_APOSTROPHES).strip()


def plain_name(column: str) -> str:
    """A column's name as it is compared: composed letters, no outer spaces."""
    return unicodedata.normalize("NFC", column).strip()


def read_map(document: Mapping[str, Any], catalogue: Catalogue) -> ImportMap:
    """The map in a parsed TOML document. Raises UnableToReadMap with what is wrong."""
    _refuse_unknown(document, TABLES, "The map")
    tables = {name: _table(document, name) for name in TABLES}
    columns, segments = _read_columns(tables["columns"])
    reasons = _read_reasons(tables["reasons"], catalogue)
    if "reason" not in columns:
        reasons.setdefault("", NONE)  # reviews: what they are about is read from their words
    unified: dict[str, str] = {}
    for reason, meaning in reasons.items():
        unified.setdefault(unify_spelling(reason), meaning)
    return ImportMap(columns, segments, reasons, unified, **_read_options(tables["options"]))


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise UnableToReadMap(f"[{name}] in the map must be a table.")
    return table


def _read_columns(
    table: Mapping[str, Any],
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    _refuse_unknown(table, (*ONE_COLUMN, *SEVERAL_COLUMNS, SEGMENT), "[columns]")
    columns: dict[str, tuple[str, ...]] = {}
    for field in ONE_COLUMN:
        if field in table:
            columns[field] = (_column_name(table[field], field),)
    for field in SEVERAL_COLUMNS:
        if field in table:
            named = table[field] if isinstance(table[field], list) else [table[field]]
            columns[field] = tuple(dict.fromkeys(_column_name(each, field) for each in named))
    if not columns.get("reason") and (not columns.get("text") or "reason" in columns):
        raise UnableToReadMap(
            '[columns] must name the reason, such as reason = "reason", or else the text.'
        )
    segments = table.get(SEGMENT, {})
    if not isinstance(segments, dict):
        raise UnableToReadMap('A segment needs a name, such as segment.plan = "plan".')
    if len(segments) > MOST_SEGMENTS:
        raise UnableToReadMap(
            f"At most {MOST_SEGMENTS} segments are kept, the map names {len(segments)}."
        )
    for name in segments:
        if not name.strip() or len(name) > LONGEST_SEGMENT_NAME:
            raise UnableToReadMap(
                f"A segment's name has 1 to {LONGEST_SEGMENT_NAME} characters: {name!r}."
            )
    return columns, {
        name: _column_name(column, f"segment.{name}") for name, column in segments.items()
    }


def _column_name(value: object, field: str) -> str:
    if not isinstance(value, str) or not value.strip():
        expected = "column names" if field in SEVERAL_COLUMNS else "one column's name"
        raise UnableToReadMap(f"{field} in [columns] must be {expected}, got {value!r}.")
    return plain_name(value)


def _read_reasons(table: Mapping[str, Any], catalogue: Catalogue) -> dict[str, str]:
    for reason, meaning in table.items():
        if not isinstance(meaning, str):
            raise UnableToReadMap(
                f'{reason!r} in [reasons] must be a cause code, "{NONE}" or "{SKIP}".'
            )
    if unknown := catalogue.unknown(set(table.values()) - {NONE, SKIP}):
        raise UnableToReadMap(
            f"No cause has the code {', '.join(map(repr, unknown))}. "
            f"Codes: {', '.join(catalogue.codes())}, {NONE}, {SKIP}."
        )
    return dict(table)


def _read_options(table: Mapping[str, Any]) -> dict[str, str]:
    _refuse_unknown(table, OPTIONS, "[options]")
    for name, value in table.items():
        if not isinstance(value, str) or not value:
            raise UnableToReadMap(f"{name} in [options] must be a text, got {value!r}.")
    if "encoding" in table:
        try:
            codecs.lookup(table["encoding"])
        except LookupError as error:
            raise UnableToReadMap(f"encoding in [options]: {error}.") from error
    return dict(table)


def _refuse_unknown(table: Mapping[str, Any], known: Collection[str], where: str) -> None:
    if unknown := sorted(set(table) - set(known)):
        raise UnableToReadMap(
            f"{where} has no {', '.join(map(repr, unknown))}; it may hold {', '.join(known)}."
        )
