"""Counts over time, by month where months are large enough, else by several months.

A month in which some line has a small count (or none: that must look the same) is not
shown with a gap, which sums could fill, but put together with the months after it. So
every count of a trend is at least the smallest group wherever anybody answered, and what
the lines leave over is that or 0 (of a side: those naming only causes without a line; of
all: those naming only sides without a line, or no cause). A period of
the causes is one or more whole periods of the sides, and neither depends on which side a
reader looks at: what is left unsaid is then known only by sums that are large themselves.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reports.catalogue import Codebook
from reports.disclosure import Withheld
from reports.schema import SIDES, Period, Trend, TrendSeries
from reports.shares import estimate
from reports.tally import Tally

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

LINES_SHOWN = 5
LINES_OF_EACH_SIDE = 2
# A line with fewer people than this many smallest groups would force long periods on all.
GROUPS_PER_LINE = 5


@dataclass(frozen=True)
class _Step:
    """A stretch of months, both ends as indexes, the last inclusive."""

    first: int
    last: int


@dataclass(frozen=True)
class _Calendar:
    """Every month from the first to the last with answers, and the groups' months in it."""

    months: tuple[str, ...]
    tally: Tally
    places: IntArray

    def count(self, wanted: BoolArray) -> IntArray:
        """Respondents by month among the distinct cause sets wanted."""
        row = np.zeros(len(self.months), dtype=np.int64)
        row[self.places] = self.tally.weight_by_month.T @ wanted.astype(np.int64)
        return row


def trends(
    tally: Tally,
    codebook: Codebook,
    everywhere: tuple[int, ...],
    shown: tuple[int, ...],
    withheld: Withheld,
    min_group: int,
) -> tuple[Trend, Trend]:
    """The trend of the sides and that of the first causes shown.

    ``everywhere`` are the told causes of all sides in rank order (indexes), ``shown`` the
    ones of the side that is looked at.
    """
    calendar = _calendar(tally)
    everyone = calendar.count(np.ones(len(tally.weight), dtype=np.bool_))
    sides = _sides_with_line(tally, withheld, min_group)
    side_rows = [calendar.count(tally.naming_any_side([side])) for side in sides]
    outside = calendar.count(~tally.naming_any_side(sides))
    months = [_Step(month, month) for month in range(len(calendar.months))]
    side_steps = _merge(months, everyone, side_rows, [outside], min_group)
    causes = _causes_with_line(tally, codebook, everywhere, sides, min_group)
    cause_rows = {c: calendar.count(tally.naming_any_cause([c])) for c in causes}
    left = [calendar.count(_without_line(tally, codebook, causes, side)) for side in sides]
    cause_steps = _merge(side_steps, everyone, [*cause_rows.values()], left, min_group)
    lines = [cause for cause in shown if cause in cause_rows][:LINES_SHOWN]
    named_causes = {codebook.causes[cause].code: cause_rows[cause] for cause in lines}
    named_sides = {SIDES[side]: row for side, row in zip(sides, side_rows, strict=True)}
    return (
        _trend(calendar, side_steps, everyone, named_sides),
        _trend(calendar, cause_steps, everyone, named_causes),
    )


def _calendar(tally: Tally) -> _Calendar:
    """Lay the months with answers into a row without gaps."""
    if not tally.months:
        return _Calendar((), tally, np.zeros(0, dtype=np.int64))
    numbers = np.array([int(m[:4]) * 12 + int(m[5:]) - 1 for m in tally.months], dtype=np.int64)
    names = (f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(numbers[0], numbers[-1] + 1))
    return _Calendar(tuple(names), tally, numbers - numbers[0])


def _sides_with_line(tally: Tally, withheld: Withheld, min_group: int) -> list[int]:
    """Sides large enough for a line, such that whoever is outside them is no small group."""
    if min_group == 1:
        return list(range(len(SIDES)))
    needed = GROUPS_PER_LINE * min_group
    sides = [
        side
        for side in range(len(SIDES))
        if not withheld.sides[side] and tally.sides[side] >= needed
    ]
    sides.sort(key=lambda side: -tally.sides[side])
    while sides and 0 < tally.weight[~tally.naming_any_side(sides)].sum() < needed:
        sides.pop()
    return sorted(sides)


def _causes_with_line(
    tally: Tally,
    codebook: Codebook,
    ranked: tuple[int, ...],
    sides: list[int],
    min_group: int,
) -> list[int]:
    """Causes large enough for a line, such that what a side has beyond them is not small."""
    if min_group == 1:
        return list(ranked)
    needed = GROUPS_PER_LINE * min_group
    causes: list[int] = []
    for side in sides:
        own = codebook.indexes_of_side(SIDES[side])
        of_side = [cause for cause in ranked if cause in own]
        first = [cause for cause in ranked[:LINES_SHOWN] if cause in own]
        lines = first if len(first) > LINES_OF_EACH_SIDE else of_side[:LINES_OF_EACH_SIDE]
        lines = [cause for cause in lines if tally.played[cause] >= needed]
        while lines and 0 < _left_over(tally, codebook, lines, side) < needed:
            lines.pop()
        causes += lines
    return causes


def _without_line(tally: Tally, codebook: Codebook, lines: list[int], side: int) -> BoolArray:
    """Cause sets that name the side, but none of its causes that have a line."""
    own = codebook.indexes_of_side(SIDES[side])
    has_line = tally.naming_any_cause([cause for cause in lines if cause in own])
    return np.asarray(tally.naming_any_side([side]) & ~has_line)


def _left_over(tally: Tally, codebook: Codebook, lines: list[int], side: int) -> int:
    return int(tally.weight[_without_line(tally, codebook, lines, side)].sum())


def _merge(
    steps: list[_Step],
    everyone: IntArray,
    lines: list[IntArray],
    left_over: list[IntArray],
    min_group: int,
) -> list[_Step]:
    """Put neighbouring steps together until every count in each can be told.

    Over all steps together that must hold already. Steps without any answers stay apart.
    """
    shown = np.array([everyone, *lines])
    unsaid = np.array(left_over).reshape(len(left_over), len(everyone))

    def is_tellable(step: _Step) -> bool:
        counts = shown[:, step.first : step.last + 1].sum(axis=1)
        rest = unsaid[:, step.first : step.last + 1].sum(axis=1)
        is_empty = min_group == 1 or counts[0] == 0
        is_large = (counts >= min_group).all() and ((rest == 0) | (rest >= min_group)).all()
        return bool(is_empty or is_large)

    merged: list[_Step] = []
    start: int | None = None
    for step in steps:
        start = step.first if start is None else start
        if is_tellable(_Step(start, step.last)):
            merged.append(_Step(start, step.last))
            start = None
    if start is not None:
        # The last months are too few for a period of their own: the ones before take them.
        last = _Step(start, steps[-1].last)
        while merged and not is_tellable(last):
            last = _Step(merged.pop().first, last.last)
        merged.append(last)
    return merged


def _trend(
    calendar: _Calendar, steps: list[_Step], everyone: IntArray, rows: dict[str, IntArray]
) -> Trend:
    def total(row: IntArray, step: _Step) -> int:
        return int(row[step.first : step.last + 1].sum())

    periods = tuple(
        Period(calendar.months[step.first], calendar.months[step.last], total(everyone, step))
        for step in steps
    )
    series = tuple(
        TrendSeries(code, tuple(estimate(total(row, s), total(everyone, s)) for s in steps))
        for code, row in rows.items()
    )
    return Trend(periods, series)
