"""One row of an export, read by the map."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from feedback_app.causes.rules import NONE
from feedback_app.foundation.rules import Unable
from feedback_app.imports.rules.dates import parse_date
from feedback_app.imports.rules.identity import RowKeys
from feedback_app.imports.rules.mapping import SKIP, ImportMap, UnableToReadMap, plain_name

#: As wide as the columns of an answer.
LONGEST = {"channel": 40, "segment": 60, "competitor": 80, "causes": 1000}
CHANNEL = "import"
LIKELIHOODS = {str(number): number for number in range(11)}
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?")


class UnableToReadRow(Unable):
    """This row can not be taken; the others can."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one row says. `causes` in the order named; "" and None where nothing is said."""

    on: date
    causes: tuple[str, ...]
    primary: str
    channel: str
    language: str
    segments: tuple[str, ...]
    competitor: str
    return_likelihood: int | None
    text: str

    @property
    def cause_set(self) -> str:
        """The codes sorted and joined by one space, as an answer's column holds them."""
        return " ".join(sorted(self.causes))

    def document(self) -> dict[str, Any]:
        """As the values of a survey's questions of the same meaning."""
        values: dict[str, Any] = {
            "reasons": {"ticked": list(self.causes), "decided": self.primary or None}
        }
        if self.competitor:
            values["competitor"] = {"name": self.competitor}
        if self.return_likelihood is not None:
            values["return"] = self.return_likelihood
        if self.text:
            values["more"] = self.text
        return values


class RowReader:
    """Reads the rows of one file by a map. `unmapped` says what unknown reasons mean.

    Raises UnableToReadMap when the file lacks a column of the map, or has it twice.
    """

    def __init__(
        self, import_map: ImportMap, header: Sequence[str], *, unmapped: str | None, today: date
    ) -> None:
        self._map = import_map
        self._unmapped = unmapped
        self._today = today
        named = [plain_name(each) for each in header]
        _check_columns(import_map, named)
        place = {name: number for number, name in enumerate(named)}
        self._reasons = [place[each] for each in import_map.columns.get("reason", ())]
        self._texts = [place[each] for each in import_map.columns.get("text", ())]
        self._segments = [place[each] for each in import_map.segments.values()]
        self._segment_names = list(import_map.segments)
        self._single = {
            field: place[columns[0]]
            for field, columns in import_map.columns.items()
            if field not in ("reason", "text")
        }
        self._content = [
            (f"{name}\x1f", place[name])
            for name in import_map.list_columns()
            if name != import_map.column("id")
        ]

    def list_reasons(self, cells: Sequence[str]) -> list[str]:
        """The reasons of a row as written, in order, each once; [""] when it has none."""
        found = [reason for each in self._reasons if (reason := cells[each].strip())]
        if self._map.separator:
            parts = (part.strip() for each in found for part in each.split(self._map.separator))
            found = [part for part in parts if part]
        return list(dict.fromkeys(found)) or [""]

    def list_unmapped(self, cells: Sequence[str]) -> list[str]:
        """Those reasons of a row, and of its primary column, that the map does not know."""
        named = self.list_reasons(cells)
        if primary := self._cell(cells, "primary"):
            named = [*named, primary]
        return [reason for reason in named if self._map.meaning(reason) is None]

    def is_left_out(self, cells: Sequence[str]) -> bool:
        """True when the map says "skip" to every reason, or there is neither reason nor text."""
        if not self._reasons and not any(cells[each].strip() for each in self._texts):
            return True
        return all(self._meaning(reason) == SKIP for reason in self.list_reasons(cells))

    def keys(self, survey: bytes, cells: Sequence[str]) -> RowKeys:
        """What the row is known by. Content: the cells of the map's columns that hold something."""
        content = "\x1e".join(
            f"{name}{cell}" for name, place in self._content if (cell := cells[place].strip())
        )
        return RowKeys.of(survey, self._cell(cells, "id"), content)

    def read(self, cells: Sequence[str]) -> Reading:
        """What the row says. Raises UnableToReadRow, saying what is wrong with which cell."""
        causes = self._causes(self.list_reasons(cells))
        primary = self._primary(cells, causes)
        if primary and primary not in causes:
            causes = (*causes, primary)
        if sum(map(len, causes)) + len(causes) > LONGEST["causes"]:
            raise UnableToReadRow(f"{len(causes)} causes are more than one answer can hold")
        return Reading(
            on=self.day(cells),
            causes=causes,
            primary=primary,
            channel=self._short(cells, "channel") or CHANNEL,
            language=self._language(cells),
            segments=tuple(
                _fit(cells[place].strip(), "segment", f"segment {name}")
                for name, place in zip(self._segment_names, self._segments, strict=True)
            ),
            competitor=self._short(cells, "competitor"),
            return_likelihood=self._likelihood(cells),
            text=self._text(cells),
        )

    def day(self, cells: Sequence[str]) -> date:
        """The row's date; today where the map names no column for it."""
        place = self._single.get("date")
        if place is None:
            return self._today
        try:
            return parse_date(cells[place], self._map.date_format)
        except ValueError as error:
            raise UnableToReadRow(str(error)) from error

    def _meaning(self, reason: str) -> str:
        meaning = self._map.meaning(reason) or self._unmapped
        if meaning is None:
            raise UnableToReadRow(f"the reason {reason[:60]!r} is not in the map")
        return meaning

    def _causes(self, reasons: list[str]) -> tuple[str, ...]:
        meanings = dict.fromkeys(self._meaning(reason) for reason in reasons)
        return tuple(meaning for meaning in meanings if meaning not in (NONE, SKIP))

    def _primary(self, cells: Sequence[str], causes: tuple[str, ...]) -> str:
        """Their own column's where the map names one, else the only cause or the first named."""
        if "primary" not in self._single:
            return causes[0] if causes else ""
        if named := self._cell(cells, "primary"):
            meaning = self._meaning(named)
            return "" if meaning in (NONE, SKIP) else meaning
        return causes[0] if len(causes) == 1 else ""

    def _cell(self, cells: Sequence[str], field: str) -> str:
        place = self._single.get(field)
        return "" if place is None else cells[place].strip()

    def _short(self, cells: Sequence[str], field: str) -> str:
        return _fit(" ".join(self._cell(cells, field).split()), field, field)

    def _language(self, cells: Sequence[str]) -> str:
        written = self._cell(cells, "language")
        found = _LANGUAGE.fullmatch(written.lower())
        if written and found is None:
            raise UnableToReadRow(f"the language {written[:40]!r} is no code such as en or uk-UA")
        return found[1] if found else ""

    def _likelihood(self, cells: Sequence[str]) -> int | None:
        written = self._cell(cells, "return_likelihood")
        if written and written not in LIKELIHOODS:
            raise UnableToReadRow(
                f"the likelihood to return {written[:40]!r} is no whole number from 0 to 10"
            )
        return LIKELIHOODS.get(written)

    def _text(self, cells: Sequence[str]) -> str:
        texts = dict.fromkeys(_clean(cells[place]) for place in self._texts)
        return "\n\n".join(text for text in texts if text)


def _check_columns(import_map: ImportMap, header: list[str]) -> None:
    there = ", ".join(name for name in header if name) or "none"
    missing = [name for name in import_map.list_columns() if name not in header]
    if missing:
        raise UnableToReadMap(
            f"The file has no column {', '.join(map(repr, missing))}. Its columns: {there}."
        )
    twice = [name for name in import_map.list_columns() if header.count(name) > 1]
    if twice:
        raise UnableToReadMap(f"The column {twice[0]!r} stands in the file twice: rename one.")


def _fit(text: str, width: str, what: str) -> str:
    if len(text) > LONGEST[width]:
        raise UnableToReadRow(
            f"the {what} has {len(text)} characters, at most {LONGEST[width]} are kept"
        )
    return _clean(text)


def _clean(text: str) -> str:
    """Plain line ends, no control characters (PostgreSQL refuses NUL), no outer spaces."""
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        text = _CONTROL.sub("", text)
    return text.strip()
