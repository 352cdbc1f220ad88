"""A customer list from file to database: looked through first, then stored in small steps.

A row needs two readings of the file: the first finds references that stand in it more than
once, so that the second holds only those back and never the whole list.

Every step of storing is a transaction of its own. A list of 100,000 rows in one transaction
would keep every respondent of the embedded database waiting; and a list that was interrupted
is simply brought in again, for rows that are in already change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy.orm import Session

from feedback_app.customers import actions
from feedback_app.customers.actions import Tally
from feedback_app.customers.rules import (
    Fault,
    FieldFault,
    Reading,
    RowReader,
    UnableToReadRow,
    merge,
)
from feedback_app.customers.unpacking import MOST_ROWS
from feedback_app.foundation.db import Database
from feedback_app.foundation.rules import N_, Unable
from feedback_app.imports.rejects import RejectsFile
from feedback_app.imports.sources import Source, SourceRow

STEP = 2000  # customers per transaction
MOST_TOLD = 100  # faulty rows that are kept to be shown
WATCH_EVERY = 500

#: Told of the fraction of the file that is read, every so many rows.
Watch = Callable[[float], None]


class UnableToImportList(Unable):
    """A list is too long, or holds nothing that can be taken."""


@dataclass(frozen=True)
class FaultyRow:
    """A row that is not taken: where it begins and everything that is wrong with it."""

    line: int
    faults: tuple[FieldFault, ...]


@dataclass
class Outcome(Tally):
    """What became of a file. rows = new + updated + unchanged + merged + rejected.

    `merged` counts rows beyond the first of their reference.
    """

    rows: int = 0
    merged: int = 0
    rejected: int = 0
    faulty: list[FaultyRow] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The numbers alone."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, int)}


@dataclass(frozen=True)
class ListFile:
    """A file with all that is needed to read it."""

    source: Source
    rows: RowReader
    rejects: RejectsFile
    watch: Watch = lambda _fraction: None


def look_through(session: Session, found: ListFile) -> Outcome:
    """What bringing the list in would do; stores nothing.

    Raises UnableToImportList, UnableToReadSource.
    """
    outcome = Outcome()
    for step in _list_steps(found, outcome):
        actions.weigh(session, step, outcome)
    return outcome


def bring_in(database: Database, found: ListFile, *, by: str) -> Outcome:
    """Add and update the list's customers, STEP at a time, and log that.

    Raises UnableToImportList, UnableToReadSource, UnableToWriteRejects; steps stored before
    stay, and the list can be brought in again.
    """
    outcome = Outcome()
    for step in _list_steps(found, outcome):
        with database.writing() as session:
            actions.store(session, step, outcome)
    with database.writing() as session:
        actions.record_import(session, by=by, counts=outcome.counts())
    return outcome


def _list_steps(found: ListFile, outcome: Outcome) -> Iterator[list[Reading]]:
    """Readings in steps; a reference that stands in the file several times comes last, merged."""
    repeated = _find_repeated(found)
    held: dict[str, Reading] = {}
    step: list[Reading] = []
    for reading in _list_readings(found, outcome):
        if reading.reference in repeated:
            earlier = held.get(reading.reference)
            outcome.merged += earlier is not None
            held[reading.reference] = merge(earlier, reading) if earlier else reading
            continue
        step.append(reading)
        if len(step) == STEP:
            yield step
            step = []
    merged: Sequence[Reading] = [*step, *held.values()]
    for start in range(0, len(merged), STEP):
        yield list(merged[start : start + STEP])


def _find_repeated(found: ListFile) -> frozenset[str]:
    seen: set[str] = set()
    repeated: set[str] = set()
    for number, row in enumerate(found.source.rows()):
        if number >= MOST_ROWS:
            raise UnableToImportList(
                N_("The list has more than %(most)s rows: split it into several files."),
                most=MOST_ROWS,
            )
        if row.fault:
            continue
        reference = found.rows.reference(row.cells)
        if reference in seen:
            repeated.add(reference)
        else:
            seen.add(reference)
    return frozenset(repeated)


def _list_readings(found: ListFile, outcome: Outcome) -> Iterator[Reading]:
    for row in found.source.rows():
        outcome.rows += 1
        if outcome.rows % WATCH_EVERY == 0:
            found.watch(found.source.fraction_read())
        if row.fault:
            _reject(found, outcome, row, [FieldFault("", Fault.BROKEN_ROW, {"value": row.fault})])
            continue
        try:
            yield found.rows.read(row.cells)
        except UnableToReadRow as error:
            _reject(found, outcome, row, error.faults)


def _reject(
    found: ListFile, outcome: Outcome, row: SourceRow, faults: Sequence[FieldFault]
) -> None:
    outcome.rejected += 1
    if len(outcome.faulty) < MOST_TOLD:
        outcome.faulty.append(FaultyRow(row.line, tuple(faults)))
    found.rejects.write(row.line, "; ".join(map(str, faults)), row.cells)


def read_samples(source: Source, most: int) -> list[Sequence[str]]:
    """The first rows that can be read, to show and to guess by."""
    samples: list[Sequence[str]] = []
    for row in source.rows():
        if not row.fault:
            samples.append(row.cells)
        if len(samples) == most:
            break
    return samples


def as_document(outcome: Outcome) -> dict[str, Any]:
    """An outcome to keep as JSON."""
    faulty = [
        [row.line, [[each.field, str(each.fault), dict(each.facts)] for each in row.faults]]
        for row in outcome.faulty
    ]
    return {**outcome.counts(), "faulty": faulty}


def from_document(document: dict[str, Any]) -> Outcome:
    """What `as_document` gave."""
    faulty = [
        FaultyRow(line, tuple(FieldFault(name, Fault(fault), facts) for name, fault, facts in told))
        for line, told in document["faulty"]
    ]
    return Outcome(**{**document, "faulty": faulty})
