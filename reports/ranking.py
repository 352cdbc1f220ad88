"""Ranks, exact pairwise tests and tiers that the data can support."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

from reports.schema import Tie

SIGNIFICANCE = 0.05

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ranking:
    """Causes in rank order.

    ``order`` holds indexes into the counts given; ``ranks``, ``tiers`` (both from 1) and
    the square ``adjusted`` (Holm-adjusted p of each pair) follow ``order``.
    """

    order: IntArray
    ranks: IntArray
    tiers: IntArray
    adjusted: FloatArray


def mcnemar_exact(first_only: npt.ArrayLike, second_only: npt.ArrayLike) -> FloatArray:
    """Two-sided exact McNemar p from the two discordant counts, element by element.

    Twice the smaller binomial(n, 1/2) tail, at most 1; n is the number of discordant
    respondents. The tail P(X <= k) is the regularised incomplete beta I_1/2(n - k, k + 1).
    No discordant respondents: p = 1.
    """
    first = np.asarray(first_only, dtype=np.float64)
    second = np.asarray(second_only, dtype=np.float64)
    smaller, larger = np.minimum(first, second), np.maximum(first, second)
    # I_x(a, b) needs a > 0: with equal counts the p is 1 whatever the tail.
    tail = betainc(np.maximum(larger, 1.0), smaller + 1.0, 0.5)
    return np.where(first == second, 1.0, np.minimum(1.0, 2.0 * tail))


def holm_adjusted(p_values: npt.ArrayLike) -> FloatArray:
    """Step-down adjusted p-values, in the order given.

    Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, stepped)
    return adjusted


def competition_ranks(falling_counts: IntArray) -> IntArray:
    """Ranks 1, 2, 2, 4 ... of counts already in falling order."""
    ranks = np.searchsorted(-falling_counts, -falling_counts, side="left") + 1
    return np.asarray(ranks, dtype=np.int64)


def tiers_from(adjusted: FloatArray) -> IntArray:
    """Tier of each position in rank order, from 1.

    A tier ends after a position only if *every* cause up to it differs significantly
    from every cause after it, so two causes in different tiers always differ.
    """
    size = len(adjusted)
    tiers = np.ones(size, dtype=np.int64)
    differs = adjusted < SIGNIFICANCE
    for position in range(1, size):
        breaks = bool(differs[:position, position:].all())
        tiers[position] = tiers[position - 1] + breaks
    return tiers


def rank(counts: IntArray, both: IntArray, positions: IntArray) -> Ranking:
    """Rank causes by count and find the tiers.

    ``both[i, j]`` is how many respondents have i and j together (all zero off the
    diagonal when the causes exclude each other). Equal counts share a rank and stand in
    catalogue order, whatever the order given.
    """
    order = np.lexsort((positions, -counts)).astype(np.int64)
    falling = counts[order]
    together = both[np.ix_(order, order)]
    first, second = np.triu_indices(len(order), k=1)
    overlap = together[first, second]
    p = mcnemar_exact(falling[first] - overlap, falling[second] - overlap)
    adjusted = np.ones((len(order), len(order)))
    adjusted[first, second] = adjusted[second, first] = holm_adjusted(p)
    return Ranking(order, competition_ranks(falling), tiers_from(adjusted), adjusted)


def neighbour_ties(
    ranking: Ranking, codes: tuple[str, ...], by: str, *, tells_p: bool
) -> tuple[Tie, ...]:
    """Neighbours in rank order whose difference is not significant.

    ``codes`` follow the counts given to ``rank``. With both counts known, the p of two
    causes that may be named together tells how many named both, a cell like any other:
    pass ``tells_p=False`` unless nothing is withheld.
    """
    ties = []
    for upper in range(len(ranking.order) - 1):
        p = float(ranking.adjusted[upper, upper + 1])
        if p < SIGNIFICANCE:
            continue
        ranks = (int(ranking.ranks[upper]), int(ranking.ranks[upper + 1]))
        pair = (codes[ranking.order[upper]], codes[ranking.order[upper + 1]])
        ties.append(Tie(by, ranks, pair, p if tells_p else None))
    return tuple(ties)
