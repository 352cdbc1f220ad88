"""Which counts must be withheld so that no small one can be told or computed.

A count from 1 to ``smallest - 1`` is *small* and is never told. Because tables add up,
some larger counts are withheld beside it. The decision is made against a reader who holds
every table, knows this code, and reasons with sums and inequalities:

- first against one who even knows of each withheld count whether it is empty, small or
  large (so a small one can be anything from 1 to ``smallest - 1``, and never just one
  number);
- where that is out of reach (with ``smallest`` 2 a count known to be small is 1), against
  one who knows only what the tables say.

Sums of withheld counts that can be computed are small groups too, and are avoided alike.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class UnableToWithholdSafely(Exception):
    """Even with every count withheld that may be, a small one can be computed."""


@dataclass(frozen=True)
class Sum:
    """The parts exclude each other and add up to the total."""

    total: int
    parts: IntArray


@dataclass(frozen=True)
class Cover:
    """The total counts whoever is in at least one part; parts may overlap.

    ``only_in(hidden)`` is how many are in withheld parts alone: the most that a reader
    can know of the withheld parts' sum from below, whatever else is told by month.
    """

    total: int
    parts: IntArray
    only_in: Callable[[BoolArray], int]


@dataclass(frozen=True)
class System:
    """All counts of a set of tables and how they hang together.

    ``values``: the counts. ``always_told``: counts that are never withheld.
    ``within``: pairs (a, b) with a <= b. ``follows``: pairs (a, b), withholding a
    withholds b. ``counted``: counts of which a reader knows how many are withheld (empty
    ones are not shown either, so they cannot be told apart from withheld ones).
    """

    values: IntArray
    smallest: int
    always_told: BoolArray
    sums: tuple[Sum, ...] = ()
    covers: tuple[Cover, ...] = ()
    within: tuple[tuple[int, int], ...] = ()
    follows: tuple[tuple[int, int], ...] = ()
    counted: tuple[int, ...] = field(default=())


def withheld_counts(system: System) -> BoolArray:
    """Which counts to withhold; none at all when ``smallest`` is 1.

    Empty counts are marked as withheld like small ones, so that a mark does not tell one
    from the other. Raises UnableToWithholdSafely when nothing short of withholding the
    tables altogether will do.
    """
    if system.smallest == 1:
        return np.zeros(len(system.values), dtype=np.bool_)
    small = (system.values < system.smallest) & ~system.always_told
    first = _with_followers(system, small)
    if system.smallest - 1 > 1:  # a small count has more than one possible value
        hidden = _hide_until_safe(system, first, knows_kind=True)
        if not exposed_counts(system, hidden, knows_kind=True).any():
            return hidden
    hidden = _hide_until_safe(system, first, knows_kind=False)
    if exposed_counts(system, hidden, knows_kind=False).any():
        raise UnableToWithholdSafely
    return hidden


def exposed_counts(system: System, hidden: BoolArray, *, knows_kind: bool) -> BoolArray:
    """Small counts that a reader can compute, or whose withheld sum is itself small."""
    low, high = _possible_values(system, hidden, knows_kind=knows_kind)
    small = hidden & (system.values > 0) & (system.values < system.smallest)
    exposed = low == high
    for relation in system.sums:
        if hidden[relation.total]:
            continue
        parts = relation.parts[hidden[relation.parts]]
        if 0 < system.values[parts].sum() < system.smallest:
            exposed[parts] = True
    return np.asarray(exposed & small)


def _with_followers(system: System, hidden: BoolArray) -> BoolArray:
    hidden = hidden.copy()
    changed = True
    while changed:
        changed = False
        for leader, follower in system.follows:
            if hidden[leader] and not hidden[follower]:
                hidden[follower] = changed = True
    return hidden


def _hide_until_safe(system: System, hidden: BoolArray, *, knows_kind: bool) -> BoolArray:
    """Withhold ever more counts, the smallest that help first."""
    while True:
        exposed = exposed_counts(system, hidden, knows_kind=knows_kind)
        if not exposed.any():
            return hidden
        candidates = _candidates(system, hidden, exposed)
        if not candidates:
            return hidden
        trials = (_with_followers(system, hidden | _only(system, index)) for index in candidates)
        fallback = None
        for trial in trials:
            fallback = trial if fallback is None else fallback
            left = exposed_counts(system, trial, knows_kind=knows_kind)
            if left.sum() < exposed.sum():
                hidden = trial
                break
        else:
            assert fallback is not None  # there was a candidate
            hidden = fallback


def _only(system: System, index: int) -> BoolArray:
    return np.asarray(np.arange(len(system.values)) == index)


def _candidates(system: System, hidden: BoolArray, exposed: BoolArray) -> list[int]:
    """Told counts tied to the exposed ones through withheld ones, smallest first."""
    relations: tuple[Sum | Cover, ...] = (*system.sums, *system.covers)
    groups = [np.append(relation.parts, relation.total) for relation in relations]
    groups += [np.array(pair, dtype=np.int64) for pair in system.within]
    reached = exposed.copy()
    before = -1
    while before != reached.sum():
        before = int(reached.sum())
        for group in groups:
            if (reached[group] & hidden[group]).any():
                reached[group] = True
    tellable = reached & ~hidden & ~system.always_told & (system.values > 0)
    return sorted(np.flatnonzero(tellable).tolist(), key=lambda i: (system.values[i], i))


def _possible_values(
    system: System, hidden: BoolArray, *, knows_kind: bool
) -> tuple[IntArray, IntArray]:
    """Least and greatest value of every count that fits what a reader knows."""
    low, high = _first_guess(system, hidden, knows_kind=knows_kind)
    within = np.array(system.within, dtype=np.int64).reshape(-1, 2)
    while True:
        before = low.sum() - high.sum()
        for relation in system.sums:
            _tighten_sum(relation, low, high)
        for cover in system.covers:
            _tighten_cover(system, cover, hidden, low, high)
        np.minimum.at(high, within[:, 0], high[within[:, 1]])
        np.maximum.at(low, within[:, 1], low[within[:, 0]])
        if low.sum() - high.sum() == before:
            return low, high


def _first_guess(
    system: System, hidden: BoolArray, *, knows_kind: bool
) -> tuple[IntArray, IntArray]:
    values, smallest = system.values, system.smallest
    most = int(values.max(initial=0))
    low, high = values.copy(), values.copy()
    is_large = hidden & (values >= smallest)
    if knows_kind:
        is_small = hidden & (values > 0) & ~is_large
        low[is_small], high[is_small] = 1, smallest - 1
        low[is_large], high[is_large] = smallest, most
        return low, high
    low[hidden] = 0
    # Nothing large is withheld: then everything withheld is known to be small.
    high[hidden] = most if is_large.any() else smallest - 1
    counted = np.array(system.counted, dtype=np.int64)
    unseen = counted[hidden[counted]]
    if (values[unseen] > 0).all():
        low[unseen] = 1
    elif (values[unseen] == 0).all():
        high[unseen] = 0
    return low, high


def _tighten_sum(relation: Sum, low: IntArray, high: IntArray) -> None:
    total, parts = relation.total, relation.parts
    low[total] = max(low[total], low[parts].sum())
    high[total] = min(high[total], high[parts].sum())
    others_high = high[parts].sum() - high[parts]
    others_low = low[parts].sum() - low[parts]
    low[parts] = np.maximum(low[parts], low[total] - others_high)
    high[parts] = np.minimum(high[parts], high[total] - others_low)


def _tighten_cover(
    system: System, cover: Cover, hidden: BoolArray, low: IntArray, high: IntArray
) -> None:
    total, parts = cover.total, cover.parts
    low[total] = max(low[total], low[parts].max(initial=0))
    high[total] = min(high[total], high[parts].sum())
    high[parts] = np.minimum(high[parts], high[total])
    unknown = parts[hidden[parts]]
    if hidden[total] or not len(unknown):
        return
    others_high = high[unknown].sum() - high[unknown]
    # Counting who is in withheld parts alone is slow, and can only matter if their sum
    # is so high that even the whole of it would raise a lower end.
    if (system.values[unknown].sum() - others_high > low[unknown]).any():
        floor = cover.only_in(hidden)
        low[unknown] = np.maximum(low[unknown], floor - others_high)
