"""Tokens and coarse segments of invitations."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.invitations.rules import (
    UnableToInvite,
    choose_segments,
    hash_token,
    is_expired,
    make_token,
)

NAMES = ("plan", "region")
COMBINATIONS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), max_size=60)
TODAY = date(2026, 2, 1)


def test_tokens_are_long_and_never_alike() -> None:
    tokens = {make_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}
    assert len({hash_token(token) for token in tokens}) == 100
    assert {len(hash_token(token)) for token in tokens} == {32}


def test_expiry() -> None:
    assert not is_expired(None, TODAY)
    assert is_expired(TODAY, TODAY)
    assert not is_expired(TODAY + timedelta(days=1), TODAY)


@given(COMBINATIONS, st.integers(5, 12))
def test_nobody_is_invited_in_a_thin_crowd(wanted: list[tuple[str, str]], k: int) -> None:
    chosen = choose_segments(wanted, count=len(wanted), names=NAMES, issued=[], k=k)
    assert len(chosen) == len(wanted)
    sizes = Counter(chosen)
    for before, after in zip(wanted, chosen, strict=True):
        assert after in (before, ("other", "other"))
        assert sizes[after] >= k or len(wanted) < k or set(sizes) == {("other", "other")}


def test_earlier_invitations_count_for_the_crowd() -> None:
    issued = [("a", "x")] * 9
    chosen = choose_segments([("a", "x")], count=1, names=NAMES, issued=issued, k=10)
    assert chosen == [("a", "x")]
    alone = choose_segments([("a", "x")], count=1, names=NAMES, issued=[], k=10)
    assert alone == [("other", "other")]


def test_without_segments_everybody_is_other() -> None:
    assert choose_segments(None, count=2, names=NAMES, issued=[], k=5) == [("other", "other")] * 2
    assert choose_segments(None, count=2, names=(), issued=[], k=5) == [(), ()]


@pytest.mark.parametrize("wanted", [[("a",)], [("a", "x"), ("a", "x")], [("a", "x", "y")]])
def test_what_does_not_fit_is_refused(wanted: list[tuple[str, ...]]) -> None:
    with pytest.raises(UnableToInvite):
        choose_segments(wanted, count=1, names=NAMES, issued=[], k=5)
