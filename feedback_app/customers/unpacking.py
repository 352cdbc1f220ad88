"""A workbook unpacked into lines of JSON by a process of its own.

The page server never loads the workbook library, and a file made to exhaust memory ends
that process alone. A CSV is read as it is.

    python -m feedback_app.customers.unpacking WORKBOOK OUT
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from feedback_app.foundation.rules import N_, Unable
from feedback_app.imports.sources import (
    ZIP_MAGIC,
    Note,
    Source,
    SourceRow,
    UnableToReadSource,
    open_source,
)

PATIENCE = 180  # seconds for the largest workbook
LARGEST_MEMORY = 2 << 30  # bytes of address space of the unpacking process
LARGEST_UNPACKED = 400 << 20  # bytes on disk
REFUSED = 2
MOST_ROWS = 200_000
_REFUSAL = N_(
    "A workbook could not be unpacked: it is damaged or too large. Save the sheet as CSV."
)


class UnableToUnpack(Unable):
    """A workbook does not give up its rows."""


class UnpackedSource(Source):
    """What `unpack` wrote."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = max(1, path.stat().st_size)
        self._read = 0
        with path.open(encoding="utf-8") as file:
            head = json.loads(file.readline())
        self.header = tuple(head["header"])
        self.notes = tuple(Note(*each) for each in head["notes"])

    def rows(self) -> Iterator[SourceRow]:
        """Every row, with its number in the workbook."""
        self._read = 0
        with self._path.open("rb") as file:
            self._read += len(file.readline())
            for line in file:
                self._read += len(line)
                yield SourceRow(*json.loads(line))

    def fraction_read(self) -> float:
        """By bytes."""
        return min(1.0, self._read / self._size)


def open_list(path: Path, *, name: str, sheet: str = "", encoding: str = "") -> Source:
    """A customer list, CSV or workbook; the first call for a workbook unpacks it beside itself.

    `name` is what the file is called in messages. Raises UnableToReadSource, UnableToUnpack.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(len(ZIP_MAGIC))
        if magic == ZIP_MAGIC:
            unpacked = path.with_suffix(".rows")
            if not unpacked.exists():
                _unpack_apart(path, unpacked, sheet)
            return UnpackedSource(unpacked)
        return open_source(path, wanted=(), encoding=encoding, sheet=sheet)
    except (UnableToReadSource, UnableToUnpack) as error:
        if "file" in error.facts:
            raise type(error)(error.sentence, **{**error.facts, "file": name}) from error
        raise type(error)(error.sentence.replace(path.name, name), **error.facts) from error


def _unpack_apart(workbook: Path, out: Path, sheet: str) -> None:
    module = ("-m", "feedback_app.customers.unpacking")
    command = [sys.executable, *module, str(workbook), str(out), sheet]
    try:
        ended = subprocess.run(  # noqa: S603  our own module on a file we named
            command,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            # Threads that the workbook library's own libraries would reserve memory for.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired as error:
        out.unlink(missing_ok=True)
        raise UnableToUnpack(_REFUSAL) from error
    if ended.returncode == 0:
        return
    out.unlink(missing_ok=True)
    if ended.returncode == REFUSED:
        raise UnableToUnpack(ended.stderr.strip().splitlines()[-1])
    raise UnableToUnpack(_REFUSAL)


def unpack(workbook: Path, out: Path, *, sheet: str = "") -> None:
    """Write the header, the notes and every row of one sheet, one JSON document per line.

    Raises UnableToReadSource, UnableToUnpack.
    """
    from feedback_app.imports.workbook import WorkbookSource

    source = WorkbookSource(workbook, sheet=sheet)
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        head = {"header": source.header, "notes": source.notes}
        written = file.write(json.dumps(head, ensure_ascii=False) + "\n")
        for number, row in enumerate(source.rows()):
            if number > MOST_ROWS:
                break  # one row above the limit tells that there are more
            written += file.write(json.dumps(row, ensure_ascii=False) + "\n")
            if written > LARGEST_UNPACKED:
                raise UnableToUnpack(N_("The workbook holds too much text: save the sheet as CSV."))


def main() -> None:
    """Unpack; exit status 2 with one line when the workbook is refused."""
    workbook, out, sheet = sys.argv[1:]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))
    try:
        unpack(Path(workbook), Path(out), sheet=sheet)
    except Unable as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
