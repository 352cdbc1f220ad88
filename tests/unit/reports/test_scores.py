"""Scores, their intervals, and how much of a distribution is told."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports import score_numbers
from reports.differences import newcombe_difference, recovered_difference
from reports.scales import FIXED_BANDS, scale_of
from reports.score_telling import is_small, tell
from reports.shares import wilson_interval

NPS = scale_of("nps", 0, 10)
CSAT = scale_of("csat", 1, 5)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [  # Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_gives_the_intervals_of_the_paper(counts, low, high):
    found = newcombe_difference(*counts)

    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_a_difference_turned_round_changes_its_sign_and_an_empty_group_has_none():
    one, other = newcombe_difference(20, 50, 10, 60), newcombe_difference(10, 60, 20, 50)

    assert one is not None
    assert other is not None
    assert (one.value, one.low, one.high) == pytest.approx((-other.value, -other.high, -other.low))
    assert (one.verdict, other.verdict) == ("more", "less")
    assert newcombe_difference(0, 0, 1, 2) is None
    assert recovered_difference((0.3, 0.2, 0.4), (0.3, 0.25, 0.35)).verdict == "unclear"


def test_the_bands_of_the_scores_are_those_of_their_inventors():
    assert NPS.bands == ((0, 6), (7, 8), (9, 10))
    assert CSAT.bands[-1] == (4, 5)
    assert scale_of("ces", 1, 7).bands == ((1, 3), (4, 4), (5, 7))
    assert scale_of("scale", 0, 10).bands == ((0, 3), (4, 6), (7, 10))
    assert scale_of("rating", 1, 5).bands == ((1, 2), (3, 3), (4, 5))
    assert scale_of("rating", 1, 2).bands == ((1, 1), (2, 2))


@pytest.mark.parametrize("kind", FIXED_BANDS)
def test_a_score_is_never_made_of_another_scale(kind):
    with pytest.raises(ValueError, match="never asked from 1 to 10"):
        scale_of(kind, 1, 10)
    with pytest.raises(ValueError, match="nothing to choose from"):
        scale_of("rating", 3, 3)


@given(st.lists(st.integers(0, 400), min_size=3, max_size=3).filter(sum))
def test_nps_and_its_interval_follow_the_formula_in_exact_arithmetic(bands):
    detractors, passives, promoters = (Fraction(count) for count in bands)
    total = detractors + passives + promoters
    low_share = (detractors + Fraction(3, 4)) / (total + 3)
    high_share = (promoters + Fraction(3, 4)) / (total + 3)
    centre = high_share - low_share
    half = stats.norm.ppf(0.975) * math.sqrt((high_share + low_share - centre**2) / (total + 3))

    score, low, high = score_numbers.nps(np.array(bands))

    assert score == pytest.approx(float(100 * (promoters - detractors) / total))
    assert low == pytest.approx(min(score, max(-100.0, 100 * (float(centre) - half))))
    assert high == pytest.approx(max(score, min(100.0, 100 * (float(centre) + half))))
    assert -100 <= low <= score <= high <= 100


def test_nps_of_a_small_sample_by_hand():
    # 10 detractors, 6 passives, 20 promoters: (20 - 10) / 36 = 27.8 points; adjusted shares
    # 10.75 / 39 and 20.75 / 39, standard error sqrt((31.5 - 100 / 39) / 39 / 39) = 0.1379.
    found = score_numbers.nps(np.array([10, 6, 20]))

    assert found == pytest.approx([27.78, -1.39, 52.68], abs=0.006)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_top_box_share_is_wilsons(pair):
    top, total = pair

    found = score_numbers.top_share(np.array([total - top, 0, top]))

    assert found == pytest.approx([top / total, *(wilson_interval(top, total) or ())])


def test_the_mean_has_the_t_interval_of_scipy():
    counts = np.array([2, 3, 5, 9, 6])
    answers = np.repeat(np.arange(1, 6), counts)
    low, high = stats.t.interval(0.95, len(answers) - 1, answers.mean(), stats.sem(answers))

    assert score_numbers.mean(counts, CSAT) == pytest.approx([answers.mean(), low, high])


def test_a_full_distribution_is_told_as_it_is():
    told = tell(CSAT, np.array([12, 15, 20, 40, 30]), 0, 10)

    assert (told.detail, told.is_rounded, told.respondents) == ("values", False, 117)
    assert [level.respondents for level in told.levels] == [12, 15, 20, 40, 30]
    assert sum(level.share or 0 for level in told.levels) == pytest.approx(1)
    assert told.score.value == pytest.approx(70 / 117)


def test_small_values_are_told_in_bands_and_without_a_mean():
    told = tell(CSAT, np.array([4, 8, 20, 40, 30]), 0, 10)

    assert told.detail == "bands"
    assert [level.respondents for level in told.levels] == [12, 20, 70]
    assert told.mean.value is None


def test_a_small_band_leaves_a_rounded_score():
    told = tell(CSAT, np.array([2, 4, 40, 200, 160]), 0, 10)

    assert (told.detail, told.levels, told.is_rounded) == ("score", (), True)
    assert told.score.value == 0.89


def test_where_few_did_not_answer_no_count_is_told():
    told = tell(CSAT, np.array([160, 280, 760, 1480, 1320]), 3, 10)

    assert told.respondents is None
    assert told.is_rounded
    assert all(level.respondents is None for level in told.levels)
    assert told.score.value == 0.7


def test_too_few_answers_tell_nothing():
    assert tell(NPS, np.full(11, 0), 40, 10).detail == "nothing"
    assert tell(NPS, np.eye(11, dtype=np.int64)[10] * 9, 40, 10).detail == "nothing"
    assert tell(NPS, np.eye(11, dtype=np.int64)[10] * 9, 40, 1).score.value == 100


counts_of_csat = st.lists(st.integers(0, 60), min_size=5, max_size=5).map(np.array)


@given(counts_of_csat, st.integers(0, 40), st.sampled_from([1, 5, 10]))
def test_no_small_count_is_ever_told(counts, rest, min_group):
    told = tell(CSAT, counts, rest, min_group)

    shown = [level.respondents for level in told.levels if level.respondents is not None]
    assert not is_small(shown, min_group).any()
    if told.respondents is not None:
        assert not is_small([told.respondents, rest], min_group).any()
    if told.levels:
        assert sum(level.share or 0 for level in told.levels) == pytest.approx(1, abs=0.03)


@given(counts_of_csat, st.integers(1, 4))
def test_what_is_told_fits_another_number_of_silent_people(counts, rest):
    """Brute force over every distribution of four more or fewer people on the bands."""
    told = tell(CSAT, counts, rest, 5)
    if told.detail != "bands":
        return
    everybody = int(counts.sum()) + rest
    shares = [level.share for level in told.levels]
    bands = score_numbers.in_bands(counts, CSAT, CSAT.bands)
    others = set()
    for silent in range(1, 5):
        total = everybody - silent
        for low in range(bands[0] - 6, bands[0] + 7):
            for middle in range(bands[1] - 6, bands[1] + 7):
                cells = np.array([low, middle, total - low - middle])
                if (cells < 0).any() or is_small(cells, 5).any():
                    continue
                score = np.round(score_numbers.score(cells, "csat"), 2).tolist()
                reads = np.round(cells / total, 2).tolist()
                if reads == shares and score == [
                    told.score.value,
                    told.score.low,
                    told.score.high,
                ]:
                    others.add(silent)
    assert len(others) > 1
