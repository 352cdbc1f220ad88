"""CSV as tools really write it: three delimiters, several encodings, line ends inside quotes."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO

from feedback_app.foundation.rules import N_
from feedback_app.imports.rules.mapping import plain_name
from feedback_app.imports.sources import Note, Source, SourceRow, UnableToReadSource, check_header

DELIMITERS = (",", ";", "\t")
BLOCK = 1 << 20
UTF_8 = "utf-8-sig"  # reads files with and without a byte order mark
CYRILLIC = "cp1251"


class DelimitedSource(Source):
    """A CSV file. Raises UnableToReadSource when it is none."""

    def __init__(self, path: Path, *, wanted: Collection[str], encoding: str = "") -> None:
        self._path = path
        self._size = max(1, path.stat().st_size)
        self._file: BinaryIO | None = None
        self._encoding = encoding or detect_encoding(path)
        if self._encoding == CYRILLIC and not encoding:
            note = N_(
                "The file is not UTF-8 and was read as Windows Cyrillic (%(encoding)s): look "
                "whether its letters are right."
            )
            advice = "If they are not, name the encoding in the map's [options]."
            self.notes = (Note(note, {"encoding": CYRILLIC}, advice),)
        try:
            self._delimiter = self._detect_delimiter({plain_name(each) for each in wanted})
            self.header = check_header(self._first_record(self._delimiter), path)
        except (csv.Error, UnicodeError, LookupError) as error:
            raise UnableToReadSource(
                N_("%(file)s can not be read as CSV: %(why)s."), file=path.name, why=error
            ) from error

    def rows(self) -> Iterator[SourceRow]:
        """Every row after the header that is not blank."""
        with self._path.open("rb") as self._file, self._as_text(self._file) as text:
            # Strict: a broken quotation is told as such instead of swallowing its neighbours.
            reader = csv.reader(text, delimiter=self._delimiter, strict=True)
            is_header = True
            while True:
                line = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield SourceRow(line, [], f"broken up to line {reader.line_num}: {error}")
                    continue
                except UnicodeError as error:
                    raise UnableToReadSource(f"Line {line} on: {error}.") from error
                if not any(cells):
                    continue
                if is_header:
                    is_header = False
                    continue
                yield self.make_row(line, cells)

    def fraction_read(self) -> float:
        """By bytes."""
        if self._file is None or self._file.closed:
            return 0.0
        return min(1.0, self._file.tell() / self._size)

    def _as_text(self, file: BinaryIO) -> io.TextIOWrapper:
        # Bytes that are no text survive as lone surrogates, which make_row finds.
        return io.TextIOWrapper(file, self._encoding, errors="surrogateescape", newline="")

    def _detect_delimiter(self, wanted: set[str]) -> str:
        """The delimiter that finds most of the `wanted` columns, then most columns at all."""

        def fitness(delimiter: str) -> tuple[int, int]:
            try:
                names = [plain_name(cell) for cell in self._first_record(delimiter)]
            except csv.Error:
                return 0, 0
            return len(wanted & set(names)), len(names)

        return max(DELIMITERS, key=fitness)

    def _first_record(self, delimiter: str) -> list[str]:
        with self._path.open("rb") as file, self._as_text(file) as text:
            reader = csv.reader(text, delimiter=delimiter, strict=True)
            return next((cells for cells in reader if any(cells)), [])


def detect_encoding(path: Path) -> str:
    """UTF-16 by its mark; UTF-8 when it is, or when most lines with other letters are; cp1251.

    Raises UnableToReadSource for a file that holds no text at all.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        block = file.read(BLOCK)
        if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if b"\0" in block:
            raise UnableToReadSource(
                N_("%(file)s is neither CSV nor an Excel workbook (.xlsx)."), file=path.name
            )
        try:
            while block:
                decoder.decode(block)
                block = file.read(BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return UTF_8 if _is_mostly_utf_8(file) else CYRILLIC
    return UTF_8


def _is_mostly_utf_8(file: BinaryIO) -> bool:
    """True when a file with faults is UTF-8 with some broken lines, not another encoding."""
    file.seek(0)
    if file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
        return True
    balance = 0
    for line in file:
        if not line.isascii():
            try:
                line.decode()
                balance += 1
            except UnicodeDecodeError:
                balance -= 1
    return balance > 0
