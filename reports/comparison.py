"""Which competitors were named, and what they offer."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from reports import frames
from reports.schema import NamedRow, NamedTable
from reports.shares import wilson_interval
from reports.suppression import Cover, Sum, System, UnableToWithholdSafely, withheld_counts

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

WITHHELD_TABLE = NamedTable(None, (), 0)


def competitor_tables(competitors: pd.DataFrame, min_group: int) -> tuple[NamedTable, NamedTable]:
    """Competitors (code "" = not named, always last) and offers.

    Frame as in ``CauseReportInput.competitors``; shares are of all its respondents.
    Raises UnableToReadReportInput where the frame breaks the contract.
    """
    name = "competitors"
    frames.require_columns(competitors, name, ("competitor", "offers", "respondents"))
    competitors = competitors[frames.whole_numbers(competitors, name, "respondents") > 0]
    weights = frames.whole_numbers(competitors, name, "respondents")
    who = frames.sorted_labels(competitors, name, "competitor")
    what = frames.labels(competitors, name, "offers")
    asked = int(weights.sum())
    if 0 < asked < min_group:
        return WITHHELD_TABLE, WITHHELD_TABLE
    by_name = np.bincount(who.of_row, weights, minlength=len(who.names)).astype(np.int64)
    of_set = np.bincount(what.of_row, weights, minlength=len(what.names)).astype(np.int64)
    return (
        _competitors(who.names, by_name, asked, min_group),
        _offers(what.names, of_set, asked, min_group),
    )


def _competitors(
    names: tuple[str, ...], counts: IntArray, asked: int, min_group: int
) -> NamedTable:
    cells = np.arange(1, len(names) + 1)
    system = System(
        values=np.concatenate(([asked], counts)).astype(np.int64),
        smallest=min_group,
        always_told=np.arange(len(names) + 1) == 0,
        sums=(Sum(0, cells),),
        counted=tuple(cells.tolist()),
    )
    return _table(names, counts, asked, system)


def _offers(sets: tuple[str, ...], of_set: IntArray, asked: int, min_group: int) -> NamedTable:
    codes = tuple(sorted({code for joined in sets for code in joined.split()}))
    index_of = {code: index for index, code in enumerate(codes)}
    ticked = frames.memberships(sets, index_of, len(codes), "competitors")
    counts = np.asarray(ticked.T @ of_set, dtype=np.int64)
    nothing = int(of_set[np.diff(ticked.indptr) == 0].sum())
    # Cells: asked, one for each offer, and those who ticked none (known if it is nobody).
    values = np.concatenate(([asked], counts, [nothing])).astype(np.int64)
    cells = np.arange(1, len(values))
    always_told = np.arange(len(values)) == 0
    always_told[-1] = nothing == 0
    is_single_choice = bool((np.diff(ticked.indptr) <= 1).all())
    cover = Cover(0, cells, _only_in(ticked, of_set, nothing))
    system = System(
        values=values,
        smallest=min_group,
        always_told=always_told,
        sums=(Sum(0, cells),) if is_single_choice else (),
        covers=() if is_single_choice else (cover,),
        counted=tuple(cells[:-1].tolist()),
    )
    return _table(codes, counts, asked, system)


def _only_in(ticked: csr_array[Any], of_set: IntArray, nothing: int) -> Callable[[BoolArray], int]:
    def count(hidden: BoolArray) -> int:
        told = np.flatnonzero(~hidden[1:-1]).tolist()
        has_told = np.asarray(ticked[:, told].sum(axis=1) > 0)
        outside = int(of_set[~has_told].sum())
        return outside if hidden[-1] else outside - nothing

    return count


def _table(names: tuple[str, ...], counts: IntArray, asked: int, system: System) -> NamedTable:
    try:
        hidden = withheld_counts(system)[1 : len(names) + 1]
    except UnableToWithholdSafely:
        return WITHHELD_TABLE
    told = [index for index in range(len(names)) if not hidden[index]]
    told.sort(key=lambda index: (names[index] == "", -counts[index], names[index]))
    rows = []
    for index in told:
        count = int(counts[index])
        interval = wilson_interval(count, asked) or (0.0, 1.0)
        rows.append(NamedRow(names[index], count, count / asked, *interval))
    return NamedTable(asked, tuple(rows), int(hidden.sum()))
