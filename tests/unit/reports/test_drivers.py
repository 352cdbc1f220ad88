"""Key drivers against a plain computation, and when they are refused."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.drivers import Drivers, drivers_of, lmg


def _answers(number: int = 300, seed: int = 7) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    mood = random.normal(size=number)
    frame = pd.DataFrame(
        {
            code: np.clip(np.round(3.4 + 0.5 * mood + random.normal(size=number)), 1, 5)
            for code in ("service", "quality", "value")
        }
    )
    liking = 1.1 * frame["service"] + 0.5 * frame["quality"] + random.normal(size=number)
    frame["nps"] = np.clip(np.round(2 + liking), 0, 10)
    return frame.assign(respondents=1)


def _find(frame: pd.DataFrame, ratings=("service", "quality", "value")) -> Drivers:
    return drivers_of("nps", ratings, frame, 10)


def _r_squared(frame: pd.DataFrame, ratings: tuple[str, ...]) -> float:
    """By least squares on the answers themselves."""
    columns = [np.ones(len(frame)), *(frame[code].to_numpy() for code in ratings)]
    design, outcome = np.column_stack(columns), frame["nps"].to_numpy()
    fitted = design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    return float(1 - ((outcome - fitted) ** 2).sum() / ((outcome - outcome.mean()) ** 2).sum())


def test_shares_are_what_each_rating_adds_on_average_over_all_orders():
    frame = _answers()
    codes = ("service", "quality", "value")
    added = dict.fromkeys(codes, 0.0)
    for order in permutations(codes):
        for place, code in enumerate(order):
            added[code] += _r_squared(frame, order[: place + 1]) - _r_squared(frame, order[:place])
    whole = _r_squared(frame, codes)

    found = _find(frame)

    assert found.explained == pytest.approx(whole)
    shares = {row.code: row.share for row in found.rows}
    assert shares == pytest.approx(
        {code: total / math.factorial(3) / whole for code, total in added.items()}
    )
    assert sum(shares.values()) == pytest.approx(1)


def test_ratings_that_do_not_go_together_have_their_own_squared_correlation():
    found = lmg(np.array([[[1, 0, 0.6], [0, 1, 0.3], [0.6, 0.3, 1]]]))

    assert found[0] == pytest.approx([0.36, 0.09])


def test_what_drives_comes_first_and_what_is_alike_is_said_to_be():
    found = _find(_answers(2000))

    assert [row.code for row in found.rows][:2] == ["service", "quality"]
    assert all(row.low <= row.share <= row.high for row in found.rows)
    assert all(row.correlation > 0 for row in found.rows)
    assert found.ties == ()
    assert found.at_least == 2000
    twins = _answers(200)
    twins["nps"] = np.clip(np.round(twins["service"] + twins["quality"]), 0, 10)
    assert ("service", "quality") in {tuple(sorted(it, reverse=True)) for it in _find(twins).ties}


def test_equal_answers_give_equal_numbers_whatever_their_order_or_grouping():
    frame = _answers(120)
    shuffled = frame.sample(frac=1, random_state=3)
    grouped = frame.groupby(["service", "quality", "value", "nps"], as_index=False).sum()

    assert _find(frame) == _find(shuffled) == _find(grouped)


def test_too_few_complete_answers_are_refused():
    found = _find(_answers(49))

    assert (found.refused, found.needed, found.rows) == ("few", 50, ())


def test_a_rating_that_many_do_not_have_is_left_out():
    frame = _answers()
    frame.loc[: len(frame) // 2, "value"] = np.nan

    found = _find(frame)

    assert found.left_out == ("value",)
    assert {row.code for row in found.rows} == {"service", "quality"}


def test_ratings_that_say_the_same_are_refused_by_name():
    frame = _answers()
    frame["value"] = frame["quality"]

    assert (_find(frame).refused, _find(frame).pair) == ("alike", ("quality", "value"))


def test_an_outcome_without_differences_and_a_single_rating_are_refused():
    assert _find(_answers().assign(nps=9.0)).refused == "constant"
    assert _find(_answers(), ("service",)).refused == "one"
    many = [f"rating_{number}" for number in range(9)]
    assert _find(_answers().assign(**dict.fromkeys(many, 1.0)), many).refused == "many"


@given(st.lists(st.floats(-0.25, 0.25), min_size=6, max_size=6))
def test_no_share_is_negative_and_all_add_up(numbers):
    """Four standardised variables with any weak correlations."""
    matrix = np.eye(4)
    matrix[np.triu_indices(4, 1)] = numbers
    matrix = matrix + np.triu(matrix, 1).T

    shares = lmg(matrix[None])[0]

    explained = matrix[3, :3] @ np.linalg.solve(matrix[:3, :3], matrix[:3, 3])
    assert (shares >= -1e-12).all()
    assert shares.sum() == pytest.approx(explained)
