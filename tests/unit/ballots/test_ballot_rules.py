"""Which segments and languages may travel: everybody stays in a crowd of k."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.ballots.rules import (
    OTHER,
    coarsen,
    keepable_languages,
    may_open,
    stratum_of,
)

people = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["x", "y", OTHER])))
crowd = st.integers(1, 12)


@given(people, crowd)
def test_every_coarse_combination_is_shared_by_k_people(
    combinations: list[tuple[str, ...]], k: int
) -> None:
    becomes = coarsen(combinations, k)
    sizes = Counter(becomes[each] for each in combinations)
    alone = set(sizes) == {(OTHER, OTHER)}
    assert alone or all(size >= k for size in sizes.values())
    assert all(after in (before, (OTHER, OTHER)) for before, after in becomes.items())


def test_common_combinations_are_kept() -> None:
    combinations = [("basic",)] * 9 + [("premium",)] * 3 + [("gold",)] * 2
    assert coarsen(combinations, 5) == {
        ("basic",): ("basic",),
        ("premium",): (OTHER,),
        ("gold",): (OTHER,),
    }


def test_a_lonely_rare_one_takes_the_next_with_it() -> None:
    combinations = [("basic",)] * 9 + [("premium",)] * 6 + [("gold",)]
    assert coarsen(combinations, 5)[("premium",)] == (OTHER,)
    assert coarsen(combinations, 5)[("basic",)] == ("basic",)


def test_more_than_three_segments_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 3"):
        coarsen([("a", "b", "c", "d")], 5)


@given(st.lists(st.sampled_from(["en", "ru", "uk", "de"]), max_size=60), crowd)
def test_whoever_keeps_or_loses_a_language_does_so_in_a_crowd(languages: list[str], k: int) -> None:
    kept = keepable_languages(languages, k)
    shown = Counter(each if each in kept else "" for each in languages)
    assert set(shown) <= {""} or all(size >= k for size in shown.values())


def test_a_language_that_all_share_is_kept() -> None:
    assert keepable_languages(["uk"] * 10, 10) == {"uk"}


def test_crowds_are_told_apart_by_channel_and_each_segment() -> None:
    named = [
        ("link", ()),
        ("invitation", ()),
        ("invitation", ("a",)),
        ("invitation", ("a", "b")),
        ("invitation", ("ab",)),
        ("invitation", ("b", "a")),
    ]
    assert len({stratum_of(*each) for each in named}) == len(named)


@given(st.integers(0, 30), crowd)
def test_below_k_nothing_opens(boxes: int, k: int) -> None:
    assert may_open(boxes, k) == (boxes >= k)
