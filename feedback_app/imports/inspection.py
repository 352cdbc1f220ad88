"""The first reading of a file: what would stop the import, before anything is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from feedback_app.imports.rules import Ledger, RowReader, UnableToReadRow
from feedback_app.imports.sources import Source

#: Told of the fraction of the file that is read, every so many rows.
Watch = Callable[[float], None]
WATCH_EVERY = 500
#: Kinds of unmapped reasons that are told apart; a column of free text has one per row.
MOST_UNMAPPED = 1000


@dataclass(frozen=True)
class Inspection:
    """`unmapped`: reasons without a meaning, with their counts, the most frequent first.

    `unmapped_beyond` counts those left out of that list because it was full.
    """

    rows: int
    unmapped: tuple[tuple[str, int], ...]
    unmapped_beyond: int


def inspect(
    source: Source, reader: RowReader, ledger: Ledger, *, survey: bytes, watch: Watch
) -> Inspection:
    """Read the file once; tells `ledger` of the rows whose id is stored already."""
    unmapped: Counter[str] = Counter()
    rows = beyond = 0
    for row in source.rows():
        rows += 1
        if rows % WATCH_EVERY == 0:
            watch(source.fraction_read())
        if row.fault:
            continue
        for reason in reader.list_unmapped(row.cells):
            if reason in unmapped or len(unmapped) < MOST_UNMAPPED:
                unmapped[reason] += 1
            else:
                beyond += 1
        if not ledger.is_blank:
            _note(reader, ledger, survey, row.cells)
    return Inspection(rows, tuple(unmapped.most_common()), beyond)


def _note(reader: RowReader, ledger: Ledger, survey: bytes, cells: list[str]) -> None:
    """Only rows that could be taken count: a row that is left out or rejected is not there."""
    keys = reader.keys(survey, cells)
    if not ledger.needs(keys):
        return
    try:
        if not reader.is_left_out(cells):
            ledger.note(keys, reader.read(cells).on.isoformat())
    except UnableToReadRow:
        return
