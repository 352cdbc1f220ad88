from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from reports.cause_report import build_cause_report
from reports.returns import BANDS, mean_interval
from reports.schema import ReturnRow, UnableToReadReportInput
from tests.unit.reports.groups_of_answers import Group, report_input

PRICE: list[Group] = [("company.price", "company.price", "2024-01", 60)]


def returns_of(scores: list[int], min_group: int) -> ReturnRow:
    rows = [("company.price", score, 1) for score in scores]
    given_input = report_input(PRICE, returns=rows, min_group=min_group)
    (row,) = build_cause_report(given_input).returns
    return row


def test_mean_and_interval_by_hand() -> None:
    # 2, 4, 6, 8: mean 5, variance (9+1+1+9)/3, standard error sqrt(20/3/4) = 1.29099;
    # t(3; .975) = 3.18245, half width 4.10852.
    row = returns_of([2, 4, 6, 8], 1)
    assert (row.mean, row.low, row.high) == pytest.approx((5, 0.891480, 9.108520), abs=1e-5)
    assert row.detail == "scores"
    assert [band.respondents for band in row.distribution] == [0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0]


def test_a_single_answer_has_no_interval() -> None:
    row = returns_of([7], 1)
    assert (row.mean, row.low, row.high) == (7.0, None, None)


def test_equal_answers_have_an_interval_of_no_width() -> None:
    row = returns_of([10] * 6, 5)
    assert (row.detail, row.mean, row.low, row.high) == ("scores", 10.0, 10.0, 10.0)


def test_a_cause_counts_everybody_who_named_it() -> None:
    rows = [("client.budget company.price", 3, 2), ("company.price", 9, 1)]
    groups: list[Group] = [
        ("client.budget company.price", "", "2024-01", 4),
        ("company.price", "", "2024-01", 4),
    ]
    report = build_cause_report(report_input(groups, returns=rows))
    assert [(r.code, r.respondents, r.mean) for r in report.returns] == [
        ("company.price", 3, 5.0),
        ("client.budget", 2, 3.0),
    ]


def test_small_scores_are_told_in_bands() -> None:
    row = returns_of([0, 0, 1, 1, 2, 3, 5, 5, 5, 4, 6, 7, 8, 8, 9, 10, 10], 5)
    assert row.detail == "bands"
    told = [(b.low_score, b.high_score, b.respondents) for b in row.distribution]
    assert told == [(0, 3, 6), (4, 6, 5), (7, 10, 6)]


def test_small_bands_leave_the_mean() -> None:
    row = returns_of([0, 1, 1, 2, 5, 5, 8, 9, 9, 10], 5)
    assert row.detail == "mean"
    assert row.distribution == ()
    assert row.mean == 5.0


def test_a_mean_that_tells_a_single_answer_is_withheld() -> None:
    # Nine tens and a nine: no other ten answers have the mean 9.9.
    row = returns_of([10] * 9 + [9], 5)
    assert (row.detail, row.mean, row.low, row.respondents) == ("count", None, None, 10)


def test_fewer_answers_than_the_smallest_group_are_not_there() -> None:
    rows = [("company.price", 5, 4)]
    assert build_cause_report(report_input(PRICE, returns=rows, min_group=5)).returns == ()


def test_a_score_above_ten_is_refused() -> None:
    with pytest.raises(UnableToReadReportInput, match="from 0 to 10"):
        build_cause_report(report_input(PRICE, returns=[("company.price", 11, 1)]))


@cache
def every_way_to_answer(people: int) -> npt.NDArray[np.int64]:
    """All counts of the eleven scores that add up to so many people."""
    ways = np.zeros((1, 0), dtype=np.int64)
    for _ in range(10):
        used = ways.sum(axis=1)
        repeats = people - used + 1
        more = np.concatenate([np.arange(n) for n in repeats])
        ways = np.column_stack([np.repeat(ways, repeats, axis=0), more])
    return np.column_stack([ways, people - ways.sum(axis=1)])


def agreeing(row: ReturnRow) -> npt.NDArray[np.int64]:
    """All ways to answer that fit what a row tells."""
    ways = every_way_to_answer(row.respondents)
    for band in row.distribution:
        total = ways[:, band.low_score : band.high_score + 1].sum(axis=1)
        ways = ways[total == band.respondents]
    if row.mean is not None:
        told = np.array([row.mean, row.low, row.high])
        numbers = np.stack(mean_interval(ways), axis=-1)
        decimals = 9 if row.detail == "scores" else 1
        ways = ways[(np.round(numbers, decimals) == np.round(told, decimals)).all(axis=1)]
    return ways


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=3, max_size=7), st.integers(2, 4))
def test_no_small_score_or_band_can_be_computed(scores: list[int], min_group: int) -> None:
    if len(scores) < min_group:
        return
    row = returns_of(scores, min_group)
    true = np.bincount(scores, minlength=11)
    ways = agreeing(row)
    assert (ways == true).all(axis=1).any()
    cells = [(score, score) for score in range(11)] + list(BANDS if row.detail == "bands" else [])
    for low, high in cells:
        value = true[low : high + 1].sum()
        if 0 < value < min_group:
            assert len(np.unique(ways[:, low : high + 1].sum(axis=1))) > 1


@given(st.lists(st.integers(0, 40), min_size=11, max_size=11).filter(lambda row: sum(row) > 1))
def test_the_interval_is_that_of_the_t_test(row: list[int]) -> None:
    answers = np.repeat(np.arange(11), row)
    error = answers.std(ddof=1) / np.sqrt(len(answers))
    half = student.ppf(0.975, len(answers) - 1) * error
    mean, low, high = mean_interval(np.array(row))
    assert mean == pytest.approx(answers.mean())
    assert low == pytest.approx(max(0.0, answers.mean() - half), abs=1e-6)
    assert high == pytest.approx(min(10.0, answers.mean() + half), abs=1e-6)
