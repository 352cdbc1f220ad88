"""Files of other tools, read row by row: the first row names the columns.

A source can be read several times and never holds the file in memory. Cells are text; a row
that can not be read is given with its fault instead of being dropped.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from feedback_app.foundation.rules import N_, Unable

MOST_COLUMNS = 1000
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"


class UnableToReadSource(Unable):
    """The file is none that answers can be read from; the message says what would do."""


class SourceRow(NamedTuple):
    """One row. `line`: where it begins, as an editor or Excel counts. `fault`: "" or why not.

    A row without fault has as many cells as the file has columns.
    """

    line: int
    cells: list[str]
    fault: str = ""


class Note(NamedTuple):
    """What the person who imports should know: a sentence with %(name)s places and what fills
    them, for pages to translate. `advice` is for who works with a map of a command.
    """

    sentence: str
    facts: dict[str, str]
    advice: str = ""

    def __str__(self) -> str:
        """As the command line says it."""
        return f"{self.sentence % self.facts} {self.advice}".strip()


class Source(ABC):
    """A file of answers. `notes` are for the person who imports, one line each."""

    header: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @abstractmethod
    def rows(self) -> Iterator[SourceRow]:
        """Every row after the header that is not blank, from the beginning."""

    @abstractmethod
    def fraction_read(self) -> float:
        """How much of the file the present reading has passed, 0 to 1."""

    def make_row(self, line: int, cells: list[str]) -> SourceRow:
        """The row with one cell per column, or with what is wrong with it."""
        missing = len(self.header) - len(cells)
        if missing > 0:
            # Spreadsheets leave out empty cells at the end of a row.
            cells += [""] * missing
        elif missing < 0:
            if any(cells[missing:]):
                return SourceRow(
                    line, cells, f"{len(cells)} cells, the file has {len(self.header)} columns"
                )
            del cells[missing:]
        try:
            "".join(cells).encode()
        except UnicodeEncodeError:
            return SourceRow(line, cells, "characters that the file's encoding does not have")
        return SourceRow(line, cells)


def check_header(cells: Sequence[str], path: Path) -> tuple[str, ...]:
    """The columns' names. Raises UnableToReadSource when there are none or too many."""
    names = [cell.strip("\ufeff \t\r\n") for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise UnableToReadSource(
            N_("%(file)s is empty: its first row must name the columns."), file=path.name
        )
    if len(names) > MOST_COLUMNS:
        raise UnableToReadSource(
            N_("%(file)s has %(given)s columns, at most %(most)s are read."),
            file=path.name,
            given=len(names),
            most=MOST_COLUMNS,
        )
    return tuple(names)


def open_source(
    path: Path, *, wanted: Collection[str], encoding: str = "", sheet: str = ""
) -> Source:
    """The file at `path` as CSV or workbook, told apart by its content.

    `wanted` columns help to find the CSV's delimiter; `encoding` and `sheet` overrule what
    is detected. Raises UnableToReadSource.
    """
    from feedback_app.imports.delimited import DelimitedSource
    from feedback_app.imports.workbook import WorkbookSource

    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise UnableToReadSource(f"{path} can not be read: {error.strerror}.") from error
    if magic == OLE_MAGIC:
        raise UnableToReadSource(
            N_("%(file)s is an old .xls or a workbook with a password: save it as .xlsx or CSV."),
            file=path.name,
        )
    if magic == ZIP_MAGIC:
        return WorkbookSource(path, sheet=sheet)
    if sheet:
        raise UnableToReadSource(f"{path.name} is no workbook, so it has no sheet {sheet!r}.")
    return DelimitedSource(path, wanted=wanted, encoding=encoding)
