"""Checked, summed-up columns out of the frames a report is given."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from reports.schema import UnableToReadReportInput

IntArray = npt.NDArray[np.int64]
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Labels:
    """The distinct values of a text column and, for every row, the index of its value."""

    names: tuple[str, ...]
    of_row: IntArray


def require_columns(frame: pd.DataFrame, name: str, columns: tuple[str, ...]) -> None:
    """Raise UnableToReadReportInput when a column is missing."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise UnableToReadReportInput(f"{name}: column {', '.join(missing)} is missing")


def whole_numbers(frame: pd.DataFrame, name: str, column: str) -> IntArray:
    """A column of counts or scores as integers.

    Raises UnableToReadReportInput for gaps, fractions and negative numbers.
    """
    try:
        numbers = frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise UnableToReadReportInput(f"{name}: {column} must be whole numbers") from None
    # Not "numbers < 0 or odd": a gap (NaN) must fail the test as well.
    if not bool(np.all((numbers >= 0) & (numbers == np.floor(numbers)) & np.isfinite(numbers))):
        raise UnableToReadReportInput(f"{name}: {column} must be whole numbers from 0")
    return numbers.astype(np.int64)


def labels(frame: pd.DataFrame, name: str, column: str) -> Labels:
    """A text column as indexes into its distinct values, in no promised order.

    Raises UnableToReadReportInput for gaps and for values that are not text.
    """
    codes, values = pd.factorize(frame[column].to_numpy(dtype=object), use_na_sentinel=True)
    if bool((codes < 0).any()) or not all(isinstance(value, str) for value in values):
        raise UnableToReadReportInput(f"{name}: {column} must be text in every row")
    return Labels(tuple(values), codes.astype(np.int64))


def sorted_labels(frame: pd.DataFrame, name: str, column: str) -> Labels:
    """As ``labels``, the distinct values sorted."""
    found = labels(frame, name, column)
    order = sorted(range(len(found.names)), key=found.names.__getitem__)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Labels(tuple(found.names[index] for index in order), place[found.of_row])


def months(frame: pd.DataFrame, name: str) -> Labels:
    """The month column; raises UnableToReadReportInput unless all are YYYY-MM."""
    found = sorted_labels(frame, name, "month")
    for month in found.names:
        if not MONTH.fullmatch(month):
            raise UnableToReadReportInput(f"{name}: month {month!r} is not of the form YYYY-MM")
    return found


def memberships(
    joined: tuple[str, ...], index_of: dict[str, int], size: int, name: str
) -> csr_array[Any]:
    """Which codes each space-joined text names: a 0/1 matrix, one row per text.

    Two codes with the same index (one merged into the other) count once. Raises
    UnableToReadReportInput for a code that ``index_of`` does not know and for stray spaces.
    """
    spaces = (text.count(" ") + 1 if text else 0 for text in joined)
    lengths = np.fromiter(spaces, dtype=np.int64, count=len(joined))
    tokens = np.array(" ".join(filter(None, joined)).split(), dtype=object)
    if len(tokens) != lengths.sum():
        raise UnableToReadReportInput(f"{name}: codes must be joined by one space")
    which, distinct = pd.factorize(tokens)
    unknown = sorted(str(code) for code in distinct if code not in index_of)
    if unknown:
        raise UnableToReadReportInput(f"{name}: unknown code {', '.join(map(repr, unknown))}")
    place = np.fromiter((index_of[code] for code in distinct), np.int64, count=len(distinct))
    columns = place[which] if len(which) else np.zeros(0, dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    ones = np.ones(len(columns), dtype=np.int64)
    matrix = csr_array((ones, columns, starts), shape=(len(joined), size))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix
