"""Counting what arrives: load by survey, networks under a key of the day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.answers.arrivals import (
    DAY,
    MINUTE,
    MOST_NETWORKS,
    MOST_OF_ONE_NETWORK,
    WINDOW,
    Arrivals,
    find_network,
)


class Clock:
    """A clock that stands still until it is moved."""

    now = 10.0 * DAY

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_survey_is_busy_while_many_answers_arrive(clock: Clock) -> None:
    arrivals = Arrivals(3, clock=clock)
    for _ in range(3):
        assert not arrivals.is_busy("left")
        arrivals.note("left", "198.51.100.7")
    assert arrivals.is_busy("left")
    assert not arrivals.is_busy("current")
    clock.now += MINUTE
    assert arrivals.is_busy("left"), "it stays so for the minute after"
    clock.now += MINUTE
    assert not arrivals.is_busy("left")


def test_always_busy_from_zero(clock: Clock) -> None:
    assert Arrivals(0, clock=clock).is_busy("left")


def test_too_many_of_one_network_are_told_apart_from_others(clock: Clock) -> None:
    arrivals = Arrivals(100, clock=clock)
    flags = [arrivals.note("left", f"198.51.100.{place}") for place in range(25)]
    assert flags == [False] * MOST_OF_ONE_NETWORK + [True] * 5
    assert not arrivals.note("left", "198.51.101.1")
    clock.now += WINDOW
    assert not arrivals.note("left", "198.51.100.1")


def test_no_network_is_kept_as_itself_and_the_key_changes_by_day(clock: Clock) -> None:
    arrivals = Arrivals(100, clock=clock)
    arrivals.note("left", "198.51.100.7")
    (first,) = arrivals._networks
    assert find_network("198.51.100.7") not in first
    clock.now += DAY
    arrivals.note("left", "198.51.100.7")
    (second,) = arrivals._networks
    assert first != second


def test_memory_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback_app.answers.arrivals.MOST_NETWORKS", 50)
    arrivals = Arrivals(100, clock=clock)
    for place in range(200):
        arrivals.note("left", f"10.{place}.0.1")
    assert len(arrivals._networks) <= 50 < MOST_NETWORKS


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("198.51.100.7", "198.51.100.200", True),
        ("198.51.100.7", "198.51.101.7", False),
        ("2001:db8:1:2::5", "2001:db8:1:ffff::1", True),
        ("2001:db8:1::5", "2001:db8:2::5", False),
        ("::ffff:198.51.100.7", "198.51.100.9", True),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_networks(one: str, other: str, is_same: bool) -> None:
    assert (find_network(one) == find_network(other)) is is_same
    assert find_network(one)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "0.0.0.0", "", "unix:", "nonsense"])
def test_what_names_no_network(address: str) -> None:
    assert find_network(address) == b""


@given(st.text(max_size=60))
def test_any_text_may_be_an_address(address: str) -> None:
    assert len(find_network(address)) in (0, 3, 6)
