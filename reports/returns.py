"""Willingness to return, 0 to 10, of those who named a cause.

A distribution is shown by score if every score's count is 0 or large, else in three bands
on the same condition, else not at all. With small scores withheld, the mean and its
interval are rounded to one decimal and shown only if for every withheld small count
another distribution, with another count there, would read exactly the same.
"""

from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtrit

from reports import frames
from reports.catalogue import Codebook
from reports.schema import ReturnRow, ScoreBand, UnableToReadReportInput

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

HIGHEST = 10
SCORES = np.arange(HIGHEST + 1)
SINGLE_SCORES = tuple((score, score) for score in range(11))
BANDS = ((0, 3), (4, 6), (7, 10))


@dataclass(frozen=True)
class _Shown:
    """What of a cause's scores is told."""

    detail: str
    mean: tuple[float | None, float | None, float | None]
    bands: tuple[tuple[int, int], ...]


def return_rows(
    returns: pd.DataFrame, codebook: Codebook, shown: tuple[int, ...], min_group: int
) -> tuple[ReturnRow, ...]:
    """One row per cause of ``shown`` (indexes) that at least ``min_group`` people rated.

    Frame as in ``CauseReportInput.returns``. Raises UnableToReadReportInput where it
    breaks the contract.
    """
    counts = _scores_by_cause(returns, codebook)
    rows = []
    for index in shown:
        scores = counts[index]
        total = int(scores.sum())
        if total < max(1, min_group):
            continue
        cause, told = codebook.causes[index], _what_to_show(scores, min_group)
        bands = tuple(
            ScoreBand(low, high, count, count / total)
            for low, high in told.bands
            for count in [int(scores[low : high + 1].sum())]
        )
        rows.append(ReturnRow(cause.code, cause.side, total, told.detail, *told.mean, bands))
    return tuple(rows)


def _scores_by_cause(returns: pd.DataFrame, codebook: Codebook) -> IntArray:
    """Causes by the eleven scores."""
    name = "returns"
    frames.require_columns(returns, name, ("cause_set", "return_likelihood", "respondents"))
    weights = frames.whole_numbers(returns, name, "respondents")
    scores = frames.whole_numbers(returns, name, "return_likelihood")
    if (scores > HIGHEST).any():
        raise UnableToReadReportInput("returns: return_likelihood must be from 0 to 10")
    sets = frames.labels(returns, name, "cause_set")
    named = frames.memberships(sets.names, codebook.index_of, len(codebook.causes), name)
    cells = np.bincount(sets.of_row * 11 + scores, weights, minlength=len(sets.names) * 11)
    by_set = cells.astype(np.int64).reshape(-1, 11)
    return np.asarray(named.T @ by_set, dtype=np.int64)


def mean_interval(scores: FloatArray | IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean and its 95 % t interval, cut to 0..10, of one or more rows of score counts.

    Shape (..., 11) in, three of shape (...) out; the interval is NaN for one answer.
    """
    total = scores.sum(axis=-1).astype(np.float64)
    mean = (scores @ SCORES) / total
    squares = np.maximum(scores @ SCORES**2 - total * mean**2, 0.0)
    freedom = np.where(total > 1, total - 1, np.nan)
    half = stdtrit(freedom, 0.975) * np.sqrt(squares / freedom / total)
    return mean, np.maximum(mean - half, 0.0), np.minimum(mean + half, float(HIGHEST))


def _what_to_show(scores: IntArray, min_group: int) -> _Shown:
    exact = _plain(np.array(mean_interval(scores)))
    if not _is_small(scores, min_group).any():
        return _Shown("scores", exact, SINGLE_SCORES)
    rounded = _plain(_rounded(scores))
    small = _is_small(scores, min_group)
    in_bands = np.array([scores[low : high + 1].sum() for low, high in BANDS])
    if not _is_small(in_bands, min_group).any() and _is_safe(scores, small, BANDS):
        return _Shown("bands", rounded, BANDS)
    if _is_safe(scores, small, ((0, HIGHEST),)):
        return _Shown("mean", rounded, ())
    return _Shown("count", (None, None, None), ())


def _is_small(counts: IntArray, min_group: int) -> BoolArray:
    return np.asarray((counts > 0) & (counts < min_group))


def _rounded(scores: IntArray) -> FloatArray:
    """Mean, low and high to one decimal; last axis of length 3."""
    rounded = np.round(np.stack(mean_interval(scores), axis=-1), 1)
    return rounded.astype(np.float64)


def _plain(numbers: FloatArray) -> tuple[float | None, float | None, float | None]:
    first, second, third = (None if np.isnan(n) else float(n) for n in numbers)
    return first, second, third


def _is_safe(scores: IntArray, small: BoolArray, bands: tuple[tuple[int, int], ...]) -> bool:
    """Whether each small count could be another with all that is told unchanged."""
    moves = _moves()
    stays_in_bands = np.ones(len(moves), dtype=np.bool_)
    for low, high in bands:
        stays_in_bands &= moves[:, low : high + 1].sum(axis=1) == 0
    moves = moves[stays_in_bands]
    others = scores + moves
    possible = (others >= 0).all(axis=1)
    moves, others = moves[possible], others[possible]
    same = (_rounded(others) == _rounded(scores)).all(axis=1)
    return bool((moves[same] != 0).any(axis=0)[small].all())


@cache
def _moves() -> IntArray:
    """Ways in which one or two people could have answered otherwise, shape (moves, 11)."""
    one = np.eye(11, dtype=np.int64)
    singles = [one[new] - one[old] for old in range(11) for new in range(11) if old != new]
    pairs = [one[a] + one[b] for a, b in combinations_with_replacement(range(11), 2)]
    doubles = [new - old for new in pairs for old in pairs if (new - old) @ SCORES == 0]
    return np.unique(np.array(singles + doubles), axis=0)
