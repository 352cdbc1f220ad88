"""Differences between two groups of people that have nobody in common."""

import math
from dataclasses import dataclass

from reports.shares import wilson_interval


@dataclass(frozen=True)
class Difference:
    """First minus second, with a 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """ "more", "less", or "unclear" where the interval holds no difference at all."""
        if self.low > 0:
            return "more"
        return "less" if self.high < 0 else "unclear"


def newcombe_difference(count: int, base: int, other: int, other_base: int) -> Difference | None:
    """Hybrid score interval of ``count / base - other / other_base``, independent samples.

    Method 10 of Newcombe, Statistics in Medicine 17 (1998) 873-890. ``None`` for an empty
    base.
    """
    first, second = wilson_interval(count, base), wilson_interval(other, other_base)
    if first is None or second is None:
        return None
    return recovered_difference((count / base, *first), (other / other_base, *second))


def recovered_difference(
    first: tuple[float, float, float], second: tuple[float, float, float]
) -> Difference:
    """Interval of a difference from the two estimates' own intervals (estimate, low, high).

    Variances are recovered from the limits: Zou and Donner, Statistics in Medicine 27 (2008)
    1693-1702. With two Wilson intervals it is Newcombe's.
    """
    one, low, high = first
    two, other_low, other_high = second
    value = one - two
    below = math.hypot(one - low, other_high - two)
    above = math.hypot(high - one, two - other_low)
    return Difference(value, value - below, value + above)
