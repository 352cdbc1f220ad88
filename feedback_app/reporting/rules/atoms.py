"""The smallest groups that filters can cut out of a survey.

Two reports that differ by one filter differ by a group that neither shows, and a reader can
subtract them. So a report may be narrowed only along lines that leave no small group in any
*atom*: a combination of values and a stretch of months. Rare values are put together, and so
are months; what is still too small can not be asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from feedback_app.causes.rules import Side
from feedback_app.foundation.rules import Unable
from feedback_app.reporting.rules.counts import Kind, Places
from feedback_app.reporting.rules.selection import OTHERS, UNKNOWN

SIDES = tuple(Side)

Key = TypeVar("Key", bound=Hashable)
Atom = tuple[str, ...]
#: A month and the values of the dimensions.
Where = tuple[str, tuple[str, ...]]
#: Respondents, those naming each side, those for whom each side decided: seven counts.
Cells = list[int]


class UnableToNarrow(Unable):
    """So narrow a report would tell of too few people; `reason` says which filter it is.

    `reason`: a dimension's name (the value is rare), "period" (no answers in it) or
    "together" (each filter alone would do).
    """

    def __init__(self, reason: str, smallest: int) -> None:
        self.reason = reason
        words = {
            "together": f"Narrowed so far, groups of fewer than {smallest} answers could be "
            "computed. Use fewer filters.",
            "period": "There are no answers in this period.",
        }
        name = reason.replace("_", " ")
        rare = f"Too few answers have this {name}. The rare ones are told together, as {OTHERS}."
        super().__init__(words.get(reason, rare))


def is_tellable(count: int, smallest: int) -> bool:
    """Nobody, or enough."""
    return count == 0 or count >= smallest


def side_cells(kinds: Iterable[Kind], places: Places) -> dict[Where, Cells]:
    """The seven counts of each month and combination of values."""
    place_of = {side.value: place for place, side in enumerate(SIDES, start=1)}
    named_of: dict[frozenset[str], set[int]] = {}
    found: dict[Where, Cells] = defaultdict(lambda: [0] * 7)
    for codes, primary, month, values, number in kinds:
        named = named_of.get(codes)
        if named is None:
            named = named_of[codes] = {place_of[places[code][0]] for code in codes}
        cells = found[month, values]
        cells[0] += number
        for place in named:
            cells[place] += number
        if primary:
            cells[place_of[places[primary][0]] + len(SIDES)] += number
    return found


def pool_values(cells: Mapping[Where, Cells], place: int, smallest: int) -> dict[str, str]:
    """value -> itself, or OTHERS where it is too rare to stand alone; "" becomes UNKNOWN.

    `place` is the dimension's place in the values. Gives {} when not even two groups can
    be told apart.
    """
    by_value = _summed((values[place], it) for (_month, values), it in cells.items())
    pooled = {value for value, it in by_value.items() if not _are_tellable(it, smallest)}
    while pooled and not _are_tellable(_add(by_value[value] for value in pooled), smallest):
        alone = [value for value in by_value if value not in pooled]
        if not alone:
            return {}
        pooled.add(min(alone, key=lambda value: (by_value[value][0], value)))
    if len(by_value) - len(pooled) < 1:
        return {}
    return {value: OTHERS if value in pooled else value or UNKNOWN for value in by_value}


def blocks_of_months(
    periods: Sequence[tuple[str, str]],
    cells: Iterable[tuple[str, Atom, Cells]],
    smallest: int,
) -> list[tuple[str, str]]:
    """Neighbouring periods put together until every atom is tellable in each stretch.

    `periods` are pairs of months in order, without gaps; `cells` say month, atom, counts.
    Gives [] when an atom is too small even over all months.
    """
    by_period: list[dict[Atom, Cells]] = [{} for _ in periods]
    for month, atom, counts in cells:
        place = next(i for i, (_first, last) in enumerate(periods) if month <= last)
        by_period[place][atom] = _add([by_period[place].get(atom, [0] * 7), counts])
    blocks: list[tuple[int, int]] = []
    start = 0
    for end in range(len(periods)):
        if _is_block(by_period[start : end + 1], smallest):
            blocks.append((start, end))
            start = end + 1
    # The last periods may be too few for a block: those before take them in.
    while start < len(periods):
        if not blocks:
            return []
        start = blocks.pop()[0]
        if _is_block(by_period[start:], smallest):
            blocks.append((start, len(periods) - 1))
            break
    return [(periods[first][0], periods[last][1]) for first, last in blocks]


def _is_block(periods: Sequence[Mapping[Atom, Cells]], smallest: int) -> bool:
    together = _summed(pair for period in periods for pair in period.items())
    return all(_are_tellable(it, smallest) for it in together.values())


def _are_tellable(cells: Cells, smallest: int) -> bool:
    return all(is_tellable(count, smallest) for count in cells)


def _summed(pairs: Iterable[tuple[Key, Cells]]) -> dict[Key, Cells]:
    found: dict[Key, Cells] = defaultdict(lambda: [0] * 7)
    for key, cells in pairs:
        known = found[key]
        for place, count in enumerate(cells):
            known[place] += count
    return found


def _add(rows: Iterable[Cells]) -> Cells:
    return [sum(column) for column in zip(*rows, strict=True)]
