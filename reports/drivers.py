"""Key drivers: which ratings go together with an outcome. Association, never proof of cause.

The share of variance that a linear model explains (R2) is split among the ratings by
averaging what each adds over all orders in which they can enter: LMG of Lindeman, Merenda
and Gold (1980, 119 ff.), the Shapley value of R2 (Groemping, Journal of Statistical Software
17, 2006, 1). Intervals are 2.5 and 97.5 % quantiles over resamples of respondents, drawn
with a fixed seed from groups in a fixed order: equal answers give equal numbers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from reports import frames

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NAME = "complete"
FEWEST_ANSWERS, FEWEST_PER_RATING = 50, 10
MOST_RATINGS = 8
#: A rating that more than this part of the answers lack is left out.
MOST_MISSING = 0.3
#: A variance inflated more than this by the other ratings: they say the same thing.
MOST_INFLATION = 10.0
RESAMPLES, SEED = 1000, 1980
#: Resamples in which ratings coincide by chance are passed over.
LEAST_DETERMINANT = 1e-6


@dataclass(frozen=True)
class Driver:
    """One rating: its share of what is explained, and its plain correlation."""

    code: str
    share: float
    low: float
    high: float
    correlation: float


@dataclass(frozen=True)
class Drivers:
    """What goes with ``outcome``, or why it cannot be said.

    ``refused``: "" or "few" (complete answers), "alike" (two ratings, ``pair``, say nearly
    the same), "constant" (everybody gave the same outcome), "one" (fewer than two ratings
    can be used) or "many" (too many ratings). ``at_least`` complete answers were used,
    rounded down to tens. ``ties``: neighbours whose shares cannot be told apart.
    """

    outcome: str
    refused: str
    needed: int
    at_least: int | None
    explained: float | None
    rows: tuple[Driver, ...]
    ties: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]
    pair: tuple[str, ...]


def drivers_of(
    outcome: str, ratings: Sequence[str], complete: pd.DataFrame, min_group: int
) -> Drivers:
    """Split what the ratings explain of ``outcome``.

    ``complete``: one column per rating and outcome (NaN where there is no number) and
    respondents. Raises UnableToReadReportInput where columns are missing.
    """
    frames.require_columns(complete, NAME, (outcome, *ratings, "respondents"))
    frames.whole_numbers(complete, NAME, "respondents")
    asked = complete[complete[outcome].notna() & (complete["respondents"] > 0)]
    kept, left_out = _usable(ratings, asked)
    needed = max(FEWEST_ANSWERS, FEWEST_PER_RATING * len(kept), min_group)

    def refuse(why: str, pair: tuple[str, ...] = ()) -> Drivers:
        return Drivers(outcome, why, needed, None, None, (), (), left_out, pair)

    if len(kept) > MOST_RATINGS:
        return refuse("many")
    full = asked[[outcome, *kept, "respondents"]].dropna()
    if int(full["respondents"].sum()) < needed:
        return refuse("few")
    if full[outcome].nunique() < 2:  # noqa: PLR2004
        return refuse("constant")
    kept = tuple(code for code in kept if full[code].nunique() > 1)
    if len(kept) < 2:  # noqa: PLR2004 - one rating alone has nothing to share with
        return refuse("one")
    values, weights = _grouped(full, (*kept, outcome))
    base = _correlations(values, weights[None, :])
    alike = _alike(base[0], kept)
    if alike:
        return refuse("alike", alike)
    return _split(outcome, kept, left_out, needed, values, weights, base)


def _usable(ratings: Sequence[str], asked: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ratings that most respondents gave, and those left out."""
    total = max(1, int(asked["respondents"].sum()))
    missing = {
        code: int(asked.loc[asked[code].isna(), "respondents"].sum()) / total for code in ratings
    }
    kept = tuple(code for code in ratings if missing[code] <= MOST_MISSING)
    return kept, tuple(code for code in ratings if code not in kept)


def _grouped(full: pd.DataFrame, columns: Sequence[str]) -> tuple[FloatArray, FloatArray]:
    """Distinct answers in a fixed order, and how many gave each."""
    grouped = full.groupby(list(columns), sort=True)["respondents"].sum().reset_index()
    values = grouped[list(columns)].to_numpy(dtype=np.float64)
    return values, grouped["respondents"].to_numpy(dtype=np.float64)


def _correlations(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Correlation matrix for every row of weights; NaN where a column is constant."""
    size = values.shape[1]
    products = np.einsum("gi,gj->gij", values, values).reshape(len(values), size * size)
    total = weights.sum(axis=1)[:, None]
    means = weights @ values / total
    second = (weights @ products / total).reshape(-1, size, size)
    covariances = second - means[:, :, None] * means[:, None, :]
    deviations = np.sqrt(np.maximum(np.einsum("rii->ri", covariances), 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        found = covariances / (deviations[:, :, None] * deviations[:, None, :])
    return np.asarray(found, dtype=np.float64)


def _alike(correlation: FloatArray, kept: Sequence[str]) -> tuple[str, ...]:
    """The two ratings most alike, if any rating follows from the others."""
    ratings = correlation[:-1, :-1]
    if np.linalg.det(ratings) > LEAST_DETERMINANT:
        inflation = np.diag(np.linalg.inv(ratings))
        if inflation.max() <= MOST_INFLATION:
            return ()
    above = np.triu(np.abs(ratings), k=1)
    first, second = np.unravel_index(int(above.argmax()), above.shape)
    return kept[int(first)], kept[int(second)]


def lmg(correlations: FloatArray) -> FloatArray:
    """R2 split among the predictors; the outcome is the last column. Matrices stacked."""
    size = correlations.shape[1] - 1
    explained = _explained_by_subsets(correlations)
    found = np.zeros((len(correlations), size))
    for subset, r_squared in explained.items():
        inside = len(subset)
        for code in set(range(size)) - set(subset):
            weight = (
                math.factorial(inside) * math.factorial(size - inside - 1) / math.factorial(size)
            )
            added = explained[tuple(sorted((*subset, code)))] - r_squared
            found[:, code] += weight * added
    return found


def _explained_by_subsets(correlations: FloatArray) -> dict[tuple[int, ...], FloatArray]:
    size = correlations.shape[1] - 1
    explained: dict[tuple[int, ...], FloatArray] = {(): np.zeros(len(correlations))}
    for inside in range(1, size + 1):
        for subset in combinations(range(size), inside):
            chosen = list(subset)
            ratings = correlations[:, chosen][:, :, chosen]
            outcome = correlations[:, chosen, -1]
            solved = np.linalg.solve(ratings, outcome[:, :, None])[:, :, 0]
            explained[subset] = np.einsum("rc,rc->r", outcome, solved)
    return explained


def _resampled(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Shares of what is explained, one row per resample."""
    random = np.random.default_rng(SEED)
    group_of = np.repeat(np.arange(len(values)), weights.astype(np.int64))
    drawn = np.empty((RESAMPLES, len(values)))
    for number in range(RESAMPLES):
        chosen = group_of[random.integers(len(group_of), size=len(group_of))]
        drawn[number] = np.bincount(chosen, minlength=len(values))
    correlations = _correlations(values, drawn)
    correlations = correlations[np.isfinite(correlations).all(axis=(1, 2))]
    determinants = np.linalg.det(correlations[:, :-1, :-1])
    parts = lmg(correlations[determinants > LEAST_DETERMINANT])
    sums = parts.sum(axis=1, keepdims=True)
    return np.asarray(parts[sums[:, 0] > 0] / sums[sums[:, 0] > 0])


def _split(
    outcome: str,
    kept: tuple[str, ...],
    left_out: tuple[str, ...],
    needed: int,
    values: FloatArray,
    weights: FloatArray,
    base: FloatArray,
) -> Drivers:
    parts = lmg(base)[0]
    explained = float(parts.sum())
    shares = parts / explained if explained > 0 else np.full(len(kept), 1 / len(kept))
    resampled = _resampled(values, weights)
    low, high = np.quantile(resampled, [0.025, 0.975], axis=0)
    order = sorted(range(len(kept)), key=lambda at: (-round(float(shares[at]), 9), kept[at]))
    rows = tuple(
        Driver(
            kept[at],
            float(shares[at]),
            float(min(low[at], shares[at])),
            float(max(high[at], shares[at])),
            float(base[0][at, -1]),
        )
        for at in order
    )
    ties = []
    for upper, lower in pairwise(order):
        if np.quantile(resampled[:, upper] - resampled[:, lower], 0.025) <= 0:
            ties.append((kept[upper], kept[lower]))
    at_least = int(weights.sum()) // 10 * 10
    return Drivers(outcome, "", needed, at_least, explained, rows, tuple(ties), left_out, ())
