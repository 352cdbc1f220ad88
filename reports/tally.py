"""Everything a cause report counts, taken once from the groups of answers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array, csr_array

from reports import frames
from reports.catalogue import Codebook
from reports.schema import SIDES, UnableToReadReportInput

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Tally:
    """Counts of respondents.

    ``named`` is the 0/1 matrix of distinct cause sets by causes, ``named_sides`` the same
    by sides; ``weight`` the respondents of each set; ``weight_by_month`` sets by months.
    ``played``, ``primary``: respondents per cause; ``both``: causes by causes;
    ``sides``, ``sides_decided``: respondents per side, a union and not a sum.
    """

    months: tuple[str, ...]
    named: csr_array[Any]
    named_sides: csr_array[Any]
    weight: IntArray
    weight_by_month: csr_array[Any]
    played: IntArray
    both: IntArray
    sides: IntArray
    primary: IntArray
    sides_decided: IntArray
    respondents: int
    no_cause: int
    undecided: int
    is_single_choice: bool

    def naming_any_cause(self, causes: list[int]) -> BoolArray:
        """For each distinct cause set, whether it has one of these causes."""
        return np.asarray(self.named[:, causes].sum(axis=1) > 0)

    def naming_any_side(self, sides: list[int]) -> BoolArray:
        """For each distinct cause set, whether it has a cause of one of these sides."""
        return np.asarray(self.named_sides[:, sides].sum(axis=1) > 0)


def side_matrix(codebook: Codebook) -> csr_array[Any]:
    """Causes by sides, 1 where the cause stands on the side."""
    rows = np.arange(len(codebook.causes))
    columns = np.array([SIDES.index(cause.side) for cause in codebook.causes], dtype=np.int64)
    ones = np.ones(len(rows), dtype=np.int64)
    return csr_array((ones, (rows, columns)), shape=(len(rows), len(SIDES)))


def _primary_of_rows(primary: frames.Labels, codebook: Codebook) -> IntArray:
    """Cause index of every row's primary, -1 for none."""
    unknown = [code for code in primary.names if code and code not in codebook.index_of]
    if unknown:
        raise UnableToReadReportInput(f"groups: unknown primary {', '.join(map(repr, unknown))}")
    places = [codebook.index_of[code] if code else -1 for code in primary.names]
    return np.array(places, dtype=np.int64)[primary.of_row]


def _require_primary_named(
    named: csr_array[Any], sets: frames.Labels, primary: IntArray, width: int
) -> None:
    """Raise unless every row's primary is one of its causes."""
    has_primary = primary >= 0
    keys = np.repeat(np.arange(named.shape[0]), np.diff(named.indptr)) * width + named.indices
    wanted = sets.of_row[has_primary] * width + primary[has_primary]
    missing = ~np.isin(wanted, keys)
    if missing.any():
        text = sets.names[int(wanted[missing][0]) // width]
        raise UnableToReadReportInput(f"groups: a primary is not one of its causes {text!r}")


def take_tally(groups: pd.DataFrame, codebook: Codebook) -> Tally:
    """Count the groups (columns as in ``CauseReportInput.groups``).

    Raises UnableToReadReportInput where the frame breaks the contract.
    """
    frames.require_columns(groups, "groups", ("cause_set", "primary", "month", "respondents"))
    groups = groups[frames.whole_numbers(groups, "groups", "respondents") > 0]
    weights = frames.whole_numbers(groups, "groups", "respondents")
    sets = frames.labels(groups, "groups", "cause_set")
    month = frames.months(groups, "groups")
    width = len(codebook.causes)
    named = frames.memberships(sets.names, codebook.index_of, width, "groups")
    primary = _primary_of_rows(frames.labels(groups, "groups", "primary"), codebook)
    _require_primary_named(named, sets, primary, width)
    shape = (len(sets.names), len(month.names))
    by_month = coo_array((weights, (sets.of_row, month.of_row)), shape=shape).tocsr()
    weight = np.bincount(sets.of_row, weights, minlength=len(sets.names)).astype(np.int64)
    decided = np.bincount(primary + 1, weights, minlength=width + 1).astype(np.int64)
    return _tally(month.names, named, weight, by_month, decided, codebook)


def _tally(
    months: tuple[str, ...],
    named: csr_array[Any],
    weight: IntArray,
    by_month: csr_array[Any],
    decided: IntArray,
    codebook: Codebook,
) -> Tally:
    of_side = side_matrix(codebook)
    named_sides = (named @ of_side).tocsr()
    named_sides.data[:] = 1
    causes_in_set = np.diff(named.indptr)
    both = (named.T @ (named * weight[:, None]).tocsr()).toarray().astype(np.int64)
    played = np.asarray(named.T @ weight, dtype=np.int64)
    primary = decided[1:]
    is_single = bool((causes_in_set <= 1).all()) and bool((played == primary).all())
    return Tally(
        months=months,
        named=named,
        named_sides=named_sides,
        weight=weight,
        weight_by_month=by_month,
        played=played,
        both=both,
        sides=np.asarray(named_sides.T @ weight, dtype=np.int64),
        primary=primary,
        sides_decided=np.asarray(of_side.T @ primary, dtype=np.int64),
        respondents=int(weight.sum()),
        no_cause=int(weight[causes_in_set == 0].sum()),
        undecided=int(decided[0]),
        is_single_choice=is_single,
    )
