"""How much is unsaid: the published estimator, its interval, and when nothing is told."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_app.brainstorms.rules.unsaid import (
    estimate,
    estimate_document,
    estimate_of,
    frequencies,
    unsaid_document,
)


def test_the_estimate_by_hand() -> None:
    """m = 20, q1 = 6, q2 = 3: 10 + 19/20 * 36/6."""
    found = estimate(20, {1: 6, 2: 3, 5: 1})
    assert found.seen == 10
    assert found.estimate == pytest.approx(10 + 0.95 * 36 / 6)
    variance = 3 * (0.95 * 4 / 2 + 0.95**2 * 8 + 0.95**2 * 16 / 4)
    spread = math.exp(1.959963984540054 * math.sqrt(math.log(1 + variance / 5.7**2)))
    assert found.low == pytest.approx(10 + 5.7 / spread)
    assert found.high == pytest.approx(10 + 5.7 * spread)


def test_without_pairs_the_corrected_form_is_used() -> None:
    assert estimate(20, {1: 4}).estimate == pytest.approx(4 + 0.95 * 4 * 3 / 2)


def test_nothing_named_once_means_nothing_is_missing() -> None:
    found = estimate(30, {3: 5})
    assert (found.estimate, found.low, found.high, found.coverage) == (5, 5, 5, 1)


def test_few_people_are_told_nothing_and_nothing_is_kept() -> None:
    document = unsaid_document([{"a"}] * 19)
    assert document == {"people": 19, "named_by": {}}
    assert estimate_document(estimate_of(document)) is None
    assert estimate_of(None) is None


def test_what_is_kept_names_nobody_and_no_reason() -> None:
    named = [{"a", "b"}] * 10 + [{"a"}] * 9 + [{"c"}, set()]
    assert unsaid_document(named) == {"people": 20, "named_by": {"1": 1, "10": 1, "19": 1}}


@settings(max_examples=25)
@given(st.lists(st.sets(st.sampled_from("abcdefghij"), min_size=1), min_size=20, max_size=60))
def test_interval_and_curve_hold_for_every_session(named: list[set[str]]) -> None:
    people, found = frequencies(named)
    result = estimate(people, found)
    assert result.seen - 1e-9 <= result.low <= result.estimate + 1e-9
    assert result.estimate <= result.high + 1e-9
    assert all(a <= b + 1e-9 for a, b in zip(result.curve, result.curve[1:], strict=False))
    assert result.curve[-1] == pytest.approx(result.seen)
    assert result.curve[0] == pytest.approx(sum(map(len, named)) / people)
