"""Excel workbooks (.xlsx), read as a stream and never unpacked beyond a limit."""

from __future__ import annotations

import json
import tempfile
import warnings
import weakref
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from feedback_app.foundation.rules import N_
from feedback_app.imports.sources import (
    MOST_COLUMNS,
    Note,
    Source,
    SourceRow,
    UnableToReadSource,
    check_header,
)

SHEETS = "xl/worksheets/"
LARGEST_SHEETS = 1 << 30  # bytes unpacked; they are read as a stream
LARGEST_REST = 64 << 20  # bytes unpacked; shared texts and styles are held in memory
MOST_PARTS = 2000
MOST_ROWS = 1_048_576  # as many as Excel has
HEAD = 4096

#: What the workbook library raises on files that are broken in their many ways.
BROKEN = (
    *(OSError, ValueError, KeyError, TypeError, AttributeError, IndexError),
    *(zipfile.BadZipFile, ParseError, EOFError, NotImplementedError),
)


class WorkbookSource(Source):
    """One sheet of a workbook. Raises UnableToReadSource when it is none or too large."""

    def __init__(self, path: Path, *, sheet: str = "") -> None:
        self._path = path
        self._line = 0
        self._kept: IO[str] | None = None
        _check_size(path)
        with self._opened(sheet) as (worksheet, others):
            self._sheet = worksheet.title
            self._rows = max(1, min(worksheet.max_row or 1, MOST_ROWS))
            worksheet.reset_dimensions()
            first = next(
                (
                    (line, cells)
                    for line, cells in _read_rows(worksheet, MOST_COLUMNS + 1)
                    if any(cells)
                ),
                (1, []),
            )
        self._header_line = first[0]
        self.header = check_header(first[1], path)
        if others and not sheet:
            note = N_("Only the sheet “%(sheet)s” was read. There are others: %(others)s.")
            facts = {"sheet": self._sheet, "others": ", ".join(others)}
            self.notes = (Note(note, facts, "The map's [options] can name one of them."),)

    def rows(self) -> Iterator[SourceRow]:
        """Every row after the header that is not blank; `line` is the row's number in Excel."""
        return self._read_sheet() if self._kept is None else self._read_kept(self._kept)

    def _read_sheet(self) -> Iterator[SourceRow]:
        """From the workbook; once it is through, its rows are kept in a nameless file.

        Reading them back costs a tenth of parsing the workbook a second time.
        """
        kept = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - lives as long as self
        weakref.finalize(self, kept.close)
        with self._opened(self._sheet) as (worksheet, _others):
            # A claimed size may be wrong, and one far cell would make every row as wide.
            worksheet.reset_dimensions()
            for line, cells in _read_rows(worksheet, len(self.header) + 1):
                self._line = line
                if line > self._header_line and any(cells):
                    row = self.make_row(line, cells)
                    kept.write(json.dumps(row) + "\n")
                    yield row
        self._kept = kept

    def _read_kept(self, kept: IO[str]) -> Iterator[SourceRow]:
        kept.seek(0)
        for text in kept:
            row = SourceRow(*json.loads(text))
            self._line = row.line
            yield row

    def fraction_read(self) -> float:
        """By rows."""
        return min(1.0, self._line / self._rows)

    @contextmanager
    def _opened(self, sheet: str) -> Iterator[tuple[Any, list[str]]]:
        import openpyxl

        try:
            # Given a name the library would insist on its ending.
            with self._path.open("rb") as file, warnings.catch_warnings():
                # The library tells of styles and validations it will not keep: nor do we.
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(
                    file, read_only=True, data_only=True, keep_links=False
                )
                try:
                    names = [each.title for each in book.worksheets]
                    chosen = sheet or (names[0] if names else "")
                    if chosen not in names:
                        raise UnableToReadSource(
                            f"{self._path.name} has no sheet {chosen!r}. "
                            f"Its sheets: {', '.join(names) or 'none'}."
                        )
                    yield book[chosen], [name for name in names if name != chosen]
                finally:
                    book.close()
        except BROKEN as error:
            raise UnableToReadSource(
                f"{self._path.name} is a damaged workbook or none: {error}."
            ) from error


def _read_rows(worksheet: Any, columns: int) -> Iterator[tuple[int, list[str]]]:
    rows = worksheet.iter_rows(max_col=columns, values_only=True)
    for line, values in enumerate(rows, start=1):
        if line > MOST_ROWS:
            raise UnableToReadSource(f"The sheet has more than {MOST_ROWS} rows.")
        yield line, [_as_text(value) for value in values]


def _as_text(value: object) -> str:
    """A cell as CSV exports write it, so that the same answers stay the same rows."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _check_size(path: Path) -> None:
    """Refuse what unpacks to more than is read, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            sheets = sum(each.file_size for each in parts if each.filename.startswith(SHEETS))
            rest = sum(each.file_size for each in parts) - sheets
            if sheets > LARGEST_SHEETS or rest > LARGEST_REST or len(parts) > MOST_PARTS:
                raise UnableToReadSource(
                    f"{path.name} unpacks to {(sheets + rest) >> 20} MB in {len(parts)} parts, "
                    "more than is read from a workbook: save the sheet as CSV."
                )
            for each in parts:
                if not each.filename.endswith((".xml", ".rels")):
                    continue
                with archive.open(each) as part:
                    if b"<!DOCTYPE" in part.read(HEAD):
                        raise UnableToReadSource(
                            f"{path.name} holds XML definitions, which no workbook needs."
                        )
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise UnableToReadSource(f"{path.name} is a damaged workbook or none: {error}.") from error
