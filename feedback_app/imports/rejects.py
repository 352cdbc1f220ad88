"""The file of rows that could not be taken: their line, what is wrong, and their cells."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from feedback_app.foundation.rules import Unable

#: A spreadsheet runs a cell that begins so.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class UnableToWriteRejects(Unable):
    """The file of rejected rows can not be written."""


class RejectsFile:
    """A CSV made with the first rejected row; close it when done.

    UTF-8 with a mark, so that Excel reads it; a cell that begins like a formula gets an
    apostrophe in front. Only its owner may read it: the cells are respondents' words.
    """

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self._header = header
        self._file: Any = None
        self._writer: Any = None

    def write(self, line: int, problem: str, cells: Sequence[str]) -> None:
        """Add one row. Raises UnableToWriteRejects."""
        try:
            if self._file is None:
                self._open()
            self._writer.writerow([line, problem, *map(defuse, cells)])
        except OSError as error:
            raise self._refusal(error) from error

    def close(self) -> None:
        """Finish the file, if there is one."""
        if self._file is not None:
            try:
                self._file.close()
            except OSError as error:
                raise self._refusal(error) from error

    def _open(self) -> None:
        # A file of an earlier run is replaced, never a link followed.
        with suppress(FileNotFoundError):
            self.path.unlink()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(
            descriptor, "w", encoding="utf-8-sig", errors="backslashreplace", newline=""
        )
        self._writer = csv.writer(self._file)
        self._writer.writerow(["line", "problem", *map(defuse, self._header)])

    def _refusal(self, error: OSError) -> UnableToWriteRejects:
        return UnableToWriteRejects(
            f"Rejected rows can not be written to {self.path} ({error.strerror}): "
            "name another file with --rejects."
        )


def defuse(cell: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe stands before what begins a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
