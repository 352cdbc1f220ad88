import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.shares import estimate, wilson_interval


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [
        # Newcombe (1998), table I, method 3 (score without continuity correction).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_interval_is_the_published_one(
    count: int, base: int, low: float, high: float
) -> None:
    assert wilson_interval(count, base) == pytest.approx((low, high), abs=5e-5)


def test_nobody_asked_has_no_share() -> None:
    told = estimate(0, 0)
    assert (told.respondents, told.share, told.low, told.high) == (0, None, None, None)


@pytest.mark.parametrize(("count", "base"), [(-1, 5), (6, 5), (1, 0)])
def test_a_count_outside_its_base_is_refused(count: int, base: int) -> None:
    with pytest.raises(ValueError, match="cannot be a part of"):
        wilson_interval(count, base)


@given(st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_lies_within_its_interval_and_mirrors(pair: tuple[int, int]) -> None:
    count, base = pair
    told, mirror = estimate(count, base), estimate(base - count, base)
    assert told.low is not None
    assert told.share is not None
    assert told.high is not None
    assert mirror.low is not None
    assert mirror.high is not None
    assert 0 <= told.low <= told.share <= told.high <= 1
    assert (told.low, told.high) == pytest.approx((1 - mirror.high, 1 - mirror.low), abs=1e-9)


@given(st.integers(1, 5000), st.data())
def test_more_respondents_of_the_same_base_move_both_ends_up(
    base: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, base - 1))
    fewer, more = wilson_interval(count, base), wilson_interval(count + 1, base)
    assert fewer is not None
    assert more is not None
    assert fewer[0] < more[0]
    assert fewer[1] < more[1]
