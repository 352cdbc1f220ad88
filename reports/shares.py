"""Shares of respondents with Wilson score intervals."""

import math

from reports.schema import Estimate

# Upper 2.5 % point of the standard normal distribution.
NORMAL_975 = 1.959963984540054

WITHHELD = Estimate(None, None, None, None)


def wilson_interval(count: int, base: int) -> tuple[float, float] | None:
    """95 % score interval of ``count / base`` without continuity correction.

    Wilson (1927); method 3 of Newcombe, Statistics in Medicine 17 (1998) 857-872.
    ``None`` for an empty base. Raises ValueError unless 0 <= count <= base.
    """
    if not 0 <= count <= base:
        raise ValueError(f"a count of {count} cannot be a part of {base}")
    if base == 0:
        return None
    z2 = NORMAL_975**2
    share = count / base
    centre = share + z2 / (2 * base)
    half = NORMAL_975 * math.sqrt(share * (1 - share) / base + z2 / (4 * base**2))
    scale = 1 + z2 / base
    # At the ends the formula gives 0 and 1 exactly but for rounding; the share itself
    # must never fall outside its own interval.
    low = min(share, max(0.0, (centre - half) / scale)) if count else 0.0
    high = max(share, min(1.0, (centre + half) / scale)) if count < base else 1.0
    return low, high


def estimate(count: int, base: int) -> Estimate:
    """Count, share and interval; share and interval are ``None`` for an empty base."""
    interval = wilson_interval(count, base)
    if interval is None:
        return Estimate(count, None, None, None)
    return Estimate(count, count / base, interval[0], interval[1])


def estimate_unless(is_hidden: bool, count: int, base: int) -> Estimate:
    """The estimate, or four ``None`` when the count must not be told."""
    return WITHHELD if is_hidden else estimate(count, base)
