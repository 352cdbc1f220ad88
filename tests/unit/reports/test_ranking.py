from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from reports.ranking import (
    SIGNIFICANCE,
    competition_ranks,
    holm_adjusted,
    mcnemar_exact,
    neighbour_ties,
    rank,
)


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        (0, 5, 2 * 1 / 2**5),
        (0, 6, 2 * 1 / 2**6),
        (1, 5, 2 * (1 + 6) / 2**6),
        (10, 2, 2 * (1 + 12 + 66) / 2**12),
        (2, 1, 1.0),  # 2 * (1 + 3) / 2**3
        (3, 3, 1.0),  # the doubled tail would be above 1
        (0, 0, 1.0),  # nobody told them apart
    ],
)
def test_mcnemar_is_the_doubled_binomial_tail(first: int, second: int, p: float) -> None:
    assert mcnemar_exact(first, second) == pytest.approx(p)


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_mcnemar_agrees_with_the_binomial_test(first: int, second: int) -> None:
    expected = binomtest(first, first + second).pvalue if first + second else 1.0
    assert float(mcnemar_exact(first, second)) == pytest.approx(expected, rel=1e-8, abs=1e-300)


def test_holm_steps_down() -> None:
    # Sorted: .005*4 = .02, .01*3 = .03, .03*2 = .06, .04*1 = .04 but never below .06.
    assert holm_adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm_adjusted([0.9, 0.8]) == pytest.approx([1.0, 1.0])
    assert len(holm_adjusted([])) == 0


def test_equal_counts_share_the_rank_and_the_next_is_skipped() -> None:
    ranks = competition_ranks(np.array([9, 7, 7, 7, 2, 2, 1]))
    assert ranks.tolist() == [1, 2, 2, 2, 5, 5, 7]


def test_tiers_of_three_causes_by_hand() -> None:
    # Exclusive counts 40, 20, 18. Discordant 40 v 20: 2*P(X<=20; 60) = 0.0135, 40 v 18:
    # 0.0053, 20 v 18: 0.87. Holm: 0.0053*3 = 0.016, 0.0135*2 = 0.027, 0.87.
    counts = np.array([18, 40, 20])
    ranking = rank(counts, np.zeros((3, 3), dtype=np.int64), np.arange(3))
    assert ranking.order.tolist() == [1, 2, 0]
    assert ranking.tiers.tolist() == [1, 2, 2]
    assert ranking.adjusted[0, 1] == pytest.approx(0.027, abs=5e-4)
    assert ranking.adjusted[0, 2] == pytest.approx(0.016, abs=5e-4)
    (tie,) = neighbour_ties(ranking, ("c", "a", "b"), "played", tells_p=True)
    assert (tie.ranks, tie.codes) == ((2, 3), ("b", "c"))
    assert tie.p == pytest.approx(0.871, abs=5e-4)


def test_a_chain_that_never_breaks_stays_one_tier() -> None:
    # 60 and 32 differ, but 44 in the middle differs from neither: no position parts all
    # above it from all below, so nothing is claimed.
    counts = np.array([60, 44, 32])
    ranking = rank(counts, np.zeros((3, 3), dtype=np.int64), np.arange(3))
    assert ranking.adjusted[0, 2] < SIGNIFICANCE
    assert ranking.adjusted[0, 1] >= SIGNIFICANCE
    assert ranking.tiers.tolist() == [1, 1, 1]


def test_overlap_counts_only_the_discordant() -> None:
    # 50 and 40 with 38 in common: 12 against 2, p = 2*(1+14+91)/2**14 = 0.0129.
    both = np.array([[50, 38], [38, 40]])
    ranking = rank(np.array([50, 40]), both, np.arange(2))
    assert ranking.adjusted[0, 1] == pytest.approx(2 * 106 / 2**14)
    assert ranking.tiers.tolist() == [1, 2]


@given(st.lists(st.integers(0, 2**6 - 1), min_size=1, max_size=400), st.integers(1, 60))
def test_causes_in_different_tiers_always_differ(masks: list[int], times: int) -> None:
    named = np.array([[mask >> cause & 1 for cause in range(6)] for mask in masks]) * 1
    both = named.T @ named * times
    counts = np.diag(both)
    ranking = rank(counts, both, np.arange(6))
    pairs = list(combinations(range(6), 2))
    p = holm_adjusted([_binomial_p(counts, both, i, j) for i, j in pairs])
    adjusted = dict(zip(pairs, p, strict=True))
    tier_of = dict(zip(ranking.order.tolist(), ranking.tiers.tolist(), strict=True))
    for i, j in pairs:
        if tier_of[i] != tier_of[j]:
            assert adjusted[i, j] < SIGNIFICANCE
            assert (counts[i] > counts[j]) == (tier_of[i] < tier_of[j])


def _binomial_p(counts: np.ndarray, both: np.ndarray, i: int, j: int) -> float:
    first, second = int(counts[i] - both[i, j]), int(counts[j] - both[i, j])
    return float(binomtest(first, first + second).pvalue) if first + second else 1.0


@given(st.permutations(range(7)))
def test_equal_counts_stand_in_catalogue_order(shuffled: list[int]) -> None:
    counts = np.array([5, 9, 5, 5, 2, 9, 2])[shuffled]
    none_shared = np.zeros((7, 7), dtype=np.int64)
    ranking = rank(counts, none_shared, np.array(shuffled))
    assert [shuffled[place] for place in ranking.order] == [1, 5, 0, 2, 3, 4, 6]
