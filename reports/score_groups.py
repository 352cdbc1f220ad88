"""A score by month and by the values of segments, so that no two tables can be subtracted.

Every table splits the same answers. Inside one, months or values are put together until in
each group every band is of nobody or of enough. Between two tables a reader could still take
the groups of one that touch some groups of the other and subtract the latter: what is left
must be nobody or enough too, else the later table is not told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from reports import score_numbers
from reports.scales import Scale
from reports.score_schema import ScoreGroup, ScoreGroups, ScorePeriod
from reports.score_telling import is_small, to_score

IntArray = npt.NDArray[np.int64]

OTHERS = "*"
FEWEST_GROUPS = 2
#: Up to so many groups every choice of them is tried, above it one, two, or all but those.
ALL_CHOICES = 8
MONTH = "month"


@dataclass(frozen=True)
class _Split:
    """One way to split the answers: the group of every row, and the groups' names."""

    name: str
    group_of_row: IntArray
    names: tuple[tuple[str, str], ...]


def split_scores(
    scale: Scale,
    rows: pd.DataFrame,
    dimensions: Sequence[str],
    min_group: int,
    *,
    is_rounded: bool,
) -> tuple[tuple[ScorePeriod, ...], tuple[ScoreGroups, ...]]:
    """The trend and the tables by dimension that may be told.

    ``rows``: value, month, the dimensions, respondents; only those who gave a number. Counts
    are told unless ``is_rounded``.
    """
    counts = np.zeros((len(rows), scale.points), dtype=np.int64)
    places = rows["value"].to_numpy(dtype=np.int64) - scale.lowest
    counts[np.arange(len(rows)), places] = rows["respondents"].to_numpy(dtype=np.int64)
    bands = score_numbers.in_bands(counts, scale, scale.bands)
    kept: list[_Split] = []
    for name in (MONTH, *dimensions):
        split = _months(rows, bands, min_group) if name == MONTH else None
        split = split or _values(name, rows, bands, min_group)
        if split is None or len(split.names) < FEWEST_GROUPS:
            continue
        if all(_is_safe_beside(split, other, bands, min_group) for other in kept):
            kept.append(split)
    trend: tuple[ScorePeriod, ...] = ()
    tables = []
    for split in kept:
        told = _scores(scale, split, bands, is_rounded=is_rounded)
        if split.name == MONTH:
            trend = tuple(
                ScorePeriod(first, last, row.respondents, row.score)
                for (first, last), row in zip(split.names, told, strict=True)
            )
        else:
            tables.append(ScoreGroups(split.name, told))
    return trend, tuple(tables)


def _sums(group_of_row: IntArray, groups: int, bands: IntArray) -> IntArray:
    sums = np.zeros((groups, bands.shape[1]), dtype=np.int64)
    np.add.at(sums, group_of_row, bands)
    return sums


def _is_tellable(bands: IntArray, min_group: int) -> bool:
    """Whether a group has enough people in all, and in each band that anybody is in."""
    return bool(bands.sum() >= min_group and not is_small(bands, min_group).any())


def _months(rows: pd.DataFrame, bands: IntArray, min_group: int) -> _Split | None:
    """Neighbouring months put together until each stretch can be told."""
    names = sorted(set(rows[MONTH]))
    place = {name: index for index, name in enumerate(names)}
    of_row = rows[MONTH].map(place).to_numpy(dtype=np.int64)
    by_month = _sums(of_row, len(names), bands)
    stretches: list[tuple[int, int]] = []
    start = 0
    for end in range(len(names)):
        if _is_tellable(by_month[start : end + 1].sum(axis=0), min_group):
            stretches.append((start, end))
            start = end + 1
    if start < len(names):
        # The last months are too few for themselves: the stretch before takes them.
        if not stretches:
            return None
        first = stretches.pop()[0]
        while not _is_tellable(by_month[first:].sum(axis=0), min_group):
            if not stretches:
                return None
            first = stretches.pop()[0]
        stretches.append((first, len(names) - 1))
    stretch_of = np.zeros(len(names), dtype=np.int64)
    for number, (first, last) in enumerate(stretches):
        stretch_of[first : last + 1] = number
    ends = tuple((names[first], names[last]) for first, last in stretches)
    return _Split(MONTH, stretch_of[of_row], ends)


def _values(name: str, rows: pd.DataFrame, bands: IntArray, min_group: int) -> _Split | None:
    """Values too rare to stand alone are put together; None where no two groups remain."""
    if name == MONTH:
        return None
    values = sorted(set(rows[name]))
    place = {value: index for index, value in enumerate(values)}
    of_row = rows[name].map(place).to_numpy(dtype=np.int64)
    by_value = _sums(of_row, len(values), bands)
    pooled = {at for at in range(len(values)) if not _is_tellable(by_value[at], min_group)}
    while pooled and not _is_tellable(by_value[sorted(pooled)].sum(axis=0), min_group):
        alone = [at for at in range(len(values)) if at not in pooled]
        if not alone:
            return None
        pooled.add(min(alone, key=lambda at: (by_value[at].sum(), values[at])))
    told = [at for at in range(len(values)) if at not in pooled]
    names = [(values[at], "") for at in told] + ([(OTHERS, "")] if pooled else [])
    group_of = np.full(len(values), len(told), dtype=np.int64)
    group_of[told] = np.arange(len(told))
    return _Split(name, group_of[of_row], tuple(names))


def _is_safe_beside(first: _Split, second: _Split, bands: IntArray, min_group: int) -> bool:
    return _leaves_enough(first, second, bands, min_group) and _leaves_enough(
        second, first, bands, min_group
    )


def _leaves_enough(first: _Split, second: _Split, bands: IntArray, min_group: int) -> bool:
    """No groups of ``first``, less the groups of ``second`` inside them, leave a small group."""
    shape = (len(first.names), len(second.names), bands.shape[1])
    crossed = np.zeros(shape, dtype=np.int64)
    np.add.at(crossed, (first.group_of_row, second.group_of_row), bands)
    for chosen in _choices(len(second.names)):
        touching = crossed[:, chosen].sum(axis=(1, 2)) > 0
        outside = np.ones(len(second.names), dtype=np.bool_)
        outside[chosen] = False
        left = crossed[touching][:, outside].sum(axis=(0, 1))
        if left.sum() and not _is_tellable(left, min_group):
            return False
    return True


def _choices(groups: int) -> list[list[int]]:
    everything = range(groups)
    if groups <= ALL_CHOICES:
        sizes = range(1, groups)
        return [list(it) for size in sizes for it in combinations(everything, size)]
    few = [list(it) for size in (1, 2) for it in combinations(everything, size)]
    return few + [[at for at in everything if at not in chosen] for chosen in few]


def _scores(
    scale: Scale, split: _Split, bands: IntArray, *, is_rounded: bool
) -> tuple[ScoreGroup, ...]:
    sums = _sums(split.group_of_row, len(split.names), bands)
    numbers = score_numbers.score(sums, scale.kind)
    return tuple(
        ScoreGroup(
            name,
            None if is_rounded else int(counts.sum()),
            to_score(row, scale.kind, is_rounded=is_rounded),
        )
        for (name, _end), counts, row in zip(split.names, sums, numbers, strict=True)
    )
