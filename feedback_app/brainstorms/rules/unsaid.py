"""How much is still unsaid: distinct reasons, their curve, and an estimate of those unnamed.

The estimator is Chao2 (Chao 1987, Biometrics 43, 783-791): from how many reasons one person
alone named (q1) and exactly two persons named (q2) it gives a lower bound of how many there
are, with an interval that is log-normal above what was seen. It takes that people wrote
without reading one another, so only the silent phase counts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

FEWEST_PEOPLE = 20
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Estimate:
    """`seen` reasons of `people`; the estimate with its 95 % interval; the curve from 1 person."""

    people: int
    seen: int
    estimate: float
    low: float
    high: float
    curve: tuple[float, ...]

    @property
    def coverage(self) -> float:
        """The share of all estimated reasons that was named."""
        return self.seen / self.estimate if self.estimate else 1.0


def frequencies(named: Iterable[Collection[str]]) -> tuple[int, dict[int, int]]:
    """From each person's set of reasons: how many people, and number of people -> reasons.

    This is all that is kept: it says nothing of who named what.
    """
    sets = [set(reasons) for reasons in named]
    counts = Counter(reason for reasons in sets for reason in reasons)
    return sum(1 for reasons in sets if reasons), dict(sorted(Counter(counts.values()).items()))


def unsaid_document(named: Iterable[Collection[str]]) -> dict[str, Any]:
    """What the log keeps: counts, and none of them when too few people wrote."""
    people, found = frequencies(named)
    if people < FEWEST_PEOPLE:
        return {"people": people, "named_by": {}}
    return {"people": people, "named_by": {str(number): count for number, count in found.items()}}


def estimate_of(document: Mapping[str, Any] | None) -> Estimate | None:
    """The estimate from what the log keeps, None where too few people wrote."""
    if not document or document["people"] < FEWEST_PEOPLE or not document["named_by"]:
        return None
    named_by = {int(number): count for number, count in document["named_by"].items()}
    return estimate(int(document["people"]), named_by)


def estimate(people: int, named_by: Mapping[int, int]) -> Estimate:
    """Chao2 with its log-normal interval, and the curve of distinct reasons by people."""
    seen = sum(named_by.values())
    q1, q2 = named_by.get(1, 0), named_by.get(2, 0)
    share = (people - 1) / people
    more = share * (q1 * q1 / (2 * q2) if q2 else q1 * (q1 - 1) / 2)
    low, high = _interval(seen, more, _variance(q1, q2, share, seen + more))
    return Estimate(people, seen, seen + more, low, high, _curve(people, named_by))


def _variance(q1: int, q2: int, share: float, total: float) -> float:
    if q2:
        ratio = q1 / q2
        return q2 * (share * ratio**2 / 2 + share**2 * ratio**3 + share**2 * ratio**4 / 4)
    if not total:
        return 0.0
    return max(
        0.0,
        share * q1 * (q1 - 1) / 2
        + share**2 * q1 * (2 * q1 - 1) ** 2 / 4
        - share**2 * q1**4 / (4 * total),
    )


def _interval(seen: int, more: float, variance: float) -> tuple[float, float]:
    if more <= 0:
        return float(seen), float(seen)
    spread = math.exp(NORMAL_95 * math.sqrt(math.log(1 + variance / more**2)))
    return seen + more / spread, seen + more * spread


def _curve(people: int, named_by: Mapping[int, int]) -> tuple[float, ...]:
    """Distinct reasons expected of 1, 2, ... people drawn from these (exact, by combinations)."""
    curve = []
    for drawn in range(1, people + 1):
        missed = sum(
            count * math.comb(people - number, drawn) / math.comb(people, drawn)
            for number, count in named_by.items()
        )
        curve.append(sum(named_by.values()) - missed)
    return tuple(curve)


def estimate_document(found: Estimate | None) -> dict[str, Any] | None:
    """The estimate as JSON values, rounded to what it is worth."""
    if found is None:
        return None
    document = asdict(found)
    for name in ("estimate", "low", "high"):
        document[name] = round(document[name], 1)
    document["curve"] = [round(value, 2) for value in found.curve]
    return document
