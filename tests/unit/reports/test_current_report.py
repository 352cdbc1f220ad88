"""Reports on current customers and on a staff poll, put together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from reports.current_report import build_current_report
from reports.current_schema import CurrentReportInput, StaffReportInput
from reports.differences import newcombe_difference
from reports.rank_agreement import rank_agreement
from reports.schema import CatalogueCause, CauseReportInput, UnableToReadReportInput
from reports.score_schema import Field
from reports.shares import wilson_interval
from reports.staff_report import build_staff_report

CODES = (
    ("company.price", "company"),
    ("company.slow_response", "company"),
    ("company.quality", "company"),
    ("company.plans", "company"),
    ("competitor.price", "competitor"),
    ("competitor.offer", "competitor"),
    ("client.budget", "client"),
    ("client.relocated", "client"),
)
CATALOGUE = tuple(
    CatalogueCause(code, side, place) for place, (code, side) in enumerate(CODES, start=1)
)


def _causes(groups: dict[str, int], min_group: int = 10) -> CauseReportInput:
    """Cause set -> respondents; the first code of a set decided it."""
    rows = [
        (" ".join(sorted(codes.split())), codes.split()[0] if codes else "", "2025-01", number)
        for codes, number in groups.items()
    ]
    return CauseReportInput(
        groups=pd.DataFrame(rows, columns=["cause_set", "primary", "month", "respondents"]),
        returns=pd.DataFrame({"cause_set": [], "return_likelihood": [], "respondents": []}),
        competitors=pd.DataFrame({"competitor": [""], "offers": [""], "respondents": [1]}),
        catalogue=CATALOGUE,
        min_group=min_group,
        codebook=1,
    )


def _current(causes: CauseReportInput, departed: CauseReportInput | None, total: int):
    return build_current_report(
        CurrentReportInput(
            respondents=total,
            fields=(Field("nps", "nps", 0, 10), Field("ratings.quality", "rating", 1, 5)),
            scores=pd.DataFrame(
                [("nps", 9, "2025-01", 60), ("nps", 3, "2025-01", 60), ("nps", 8, "2025-01", 60)],
                columns=["field", "value", "month", "respondents"],
            ),
            dimensions=(),
            complete=pd.DataFrame({"nps": [9.0], "ratings.quality": [5.0], "respondents": [1]}),
            outcomes=("nps",),
            causes=causes,
            departed=departed,
        )
    )


NOW = {"company.price": 60, "company.slow_response": 70, "client.budget": 20, "": 30}
THEN = {"company.price": 40, "company.slow_response": 20, "client.relocated": 40}


def test_early_warning_lays_told_shares_side_by_side():
    found = _current(_causes(NOW), _causes(THEN), 180)

    assert found.warning is not None
    rows = {row.code: row for row in found.warning.rows}
    assert [*rows] == ["company.slow_response", "company.price", "client.budget"]
    slow = rows["company.slow_response"]
    assert (slow.current.respondents, slow.departed.respondents) == (70, 20)
    assert slow.difference == newcombe_difference(70, 180, 20, 100)
    assert (slow.verdict, rows["company.price"].verdict) == ("more", "unclear")
    assert rows["client.budget"].departed.share is None
    assert (rows["client.budget"].difference, rows["client.budget"].verdict) == (None, "")
    assert found.warning.only_departed == ("client.relocated",)


def test_without_departed_customers_there_is_no_warning_and_with_few_answers_nothing():
    assert _current(_causes(NOW), None, 180).warning is None
    assert _current(_causes(NOW), _causes({"company.price": 9}), 180).warning is None
    few = _current(_causes({"company.price": 9}), _causes(THEN), 9)
    assert (few.is_withheld, few.respondents, few.measures, few.causes) == (True, None, (), None)


def test_measures_ratings_and_drivers_are_apart():
    found = _current(_causes(NOW), None, 180)

    assert [it.code for it in found.measures] == ["nps"]
    assert [it.code for it in found.ratings] == ["ratings.quality"]
    assert found.measures[0].score.value == 0
    assert [it.refused for it in found.drivers] == ["few"]
    with pytest.raises(UnableToReadReportInput, match="min_group is 0"):
        _current(_causes(NOW, 0), None, 180)


STAFF = {
    "company.price company.quality": 20,
    "client.budget company.price": 30,
    "competitor.price competitor.offer": 12,
    "client.relocated company.plans": 15,
}
CUSTOMERS = {
    "company.slow_response": 90,
    "company.price company.quality": 60,
    "competitor.price competitor.offer": 25,
    "client.budget": 12,
    "company.plans client.relocated": 14,
}


def _staff(percents: dict[str, list[int]], departed: CauseReportInput | None):
    rows = [(code, percent, 1) for code, all_ in percents.items() for percent in all_]
    return build_staff_report(
        StaffReportInput(
            believed=_causes(STAFF),
            predicted=pd.DataFrame(rows, columns=["cause", "percent", "respondents"]),
            departed=departed,
        )
    )


PERCENTS = {
    "company.price": [30] * 10 + [32] * 10,
    "client.budget": [45] * 15 + [55] * 15,
    "company.quality": [20] * 9,
    "company.slow_response": [5] * 12,
}


def test_predicted_shares_stand_beside_measured_ones():
    found = _staff(PERCENTS, _causes(CUSTOMERS))
    rows = {row.code: row for row in found.rows}

    price, budget = rows["company.price"], rows["client.budget"]
    assert price.predicted is not None
    assert price.predicted.mean == pytest.approx(0.31)
    low, high = stats.t.interval(0.95, 19, 0.31, stats.sem([0.3] * 10 + [0.32] * 10))
    assert (price.predicted.low, price.predicted.high) == pytest.approx((low, high), abs=0.005)
    assert (price.measured.low, price.measured.high) == wilson_interval(60, 201)
    assert price.verdict == "unclear"
    assert (budget.verdict, budget.customer_rank) == ("over", 8)
    assert budget.difference is not None
    assert budget.difference.value == pytest.approx(12 / 201 - 0.5)


def test_what_too_few_predicted_or_ticked_has_no_prediction():
    rows = {row.code: row for row in _staff(PERCENTS, _causes(CUSTOMERS)).rows}

    assert rows["company.quality"].predicted is None  # nine people
    slow = rows["company.slow_response"]  # predicted, but nobody ticked it
    assert (slow.staff_rank, slow.predicted, slow.verdict) == (None, None, "")
    assert slow.measured.respondents == 90


def test_the_blame_gauge_compares_who_put_a_side_first():
    found = _staff(PERCENTS, _causes(CUSTOMERS))
    client = found.blame[-1]

    assert client.side == "client"
    assert (client.staff.respondents, client.customers.respondents) == (45, 12)
    assert client.difference == newcombe_difference(45, 77, 12, 201)
    assert client.verdict == "more"


def test_without_departed_customers_only_beliefs_are_told():
    found = _staff(PERCENTS, None)

    assert (found.agreement, found.blame, found.customers) == (None, (), None)
    assert all(row.measured.share is None for row in found.rows)
    withheld = build_staff_report(
        StaffReportInput(
            _causes({"company.price": 5}),
            pd.DataFrame({"cause": [], "percent": [], "respondents": []}),
            _causes(CUSTOMERS),
        )
    )
    assert (withheld.is_withheld, withheld.rows) == (True, ())


def test_predictions_that_break_the_contract_are_refused():
    with pytest.raises(UnableToReadReportInput, match="percent must be from 0 to 100"):
        _staff({"company.price": [101]}, None)
    with pytest.raises(UnableToReadReportInput, match=r"unknown cause 'company\.magic'"):
        _staff({"company.magic": [10]}, None)


def test_rank_agreement_is_tau_b_with_fiellers_interval():
    staff = [0.5, 0.4, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02]
    customers = [0.4, 0.5, 0.3, 0.3, 0.1, 0.2, 0.04, 0.03]
    # Of 28 pairs 24 agree, 2 disagree and 1 is tied in each list: 22 / sqrt(27 * 27).
    found = rank_agreement(staff, customers)

    assert found.tau == pytest.approx(22 / 27)
    half = 1.959963984540054 * np.sqrt(0.437 / 4)
    ends = np.tanh(np.arctanh(22 / 27) + np.array([-half, half]))
    assert (found.low, found.high) == pytest.approx(tuple(ends))
    assert found.verdict == "alike"


def test_few_equal_and_reversed_orders():
    up = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]

    assert rank_agreement(up[:5], up[:5]).verdict == "few"
    assert rank_agreement(up, [0.1] * 6).tau is None
    assert (rank_agreement(up, up).tau, rank_agreement(up, up).low) == (1, None)
    assert rank_agreement(up, up[::-1]).verdict == "opposite"


def test_a_side_is_compared_even_where_another_one_is_withheld():
    few = {**CUSTOMERS, "competitor.price competitor.offer": 0, "": 40, "competitor.offer": 3}
    found = _staff(PERCENTS, _causes(few))

    told = {row.side: row.customers.respondents for row in found.blame}
    assert told["competitor"] is None
    for row in found.blame:
        if row.customers.respondents is not None:
            assert row.customers.share == pytest.approx(
                row.customers.respondents / (sum(few.values()) - 40)
            )
