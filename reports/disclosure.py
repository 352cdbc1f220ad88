"""Which counts of causes and sides a report may tell."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reports.catalogue import Codebook
from reports.schema import SIDES
from reports.suppression import Cover, Sum, System, withheld_counts
from reports.tally import Tally

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Withheld:
    """True where the count of the same name in ``Tally`` must not be told."""

    played: BoolArray
    sides: BoolArray
    no_cause: bool
    primary: BoolArray
    sides_decided: BoolArray
    undecided: bool


@dataclass(frozen=True)
class _Half:
    """Where the counts of one half (named, or decided) stand in the system."""

    causes: IntArray
    sides: IntArray
    rest: int

    @property
    def all(self) -> IntArray:
        return np.concatenate((self.causes, self.sides, [self.rest]))


def withheld_of(tally: Tally, codebook: Codebook, min_group: int) -> Withheld:
    """Decide for every count of causes and sides.

    Raises UnableToWithholdSafely when nothing of the report can be told.
    """
    size = len(codebook.causes)
    named = _half(1, size)
    decided = _half(int(named.rest) + 1, size)
    system = _system(tally, codebook, min_group, named, decided)
    hidden = withheld_counts(system)
    return Withheld(
        played=hidden[named.causes],
        sides=hidden[named.sides],
        no_cause=bool(hidden[named.rest]),
        primary=hidden[decided.causes],
        sides_decided=hidden[decided.sides],
        undecided=bool(hidden[decided.rest]),
    )


def _half(start: int, size: int) -> _Half:
    sides = start + size
    rest = sides + len(SIDES)
    return _Half(np.arange(start, sides), np.arange(sides, rest), rest)


def _system(
    tally: Tally, codebook: Codebook, min_group: int, named: _Half, decided: _Half
) -> System:
    parts = [tally.respondents, *tally.played, *tally.sides, tally.no_cause]
    values = np.array([*parts, *tally.primary, *tally.sides_decided, tally.undecided], np.int64)
    always_told = np.zeros(len(values), dtype=np.bool_)
    always_told[0] = True
    sums, covers = _named_relations(tally, codebook, named)
    sums.append(Sum(0, np.append(decided.sides, decided.rest)))
    sums += [
        Sum(int(decided.sides[place]), decided.causes[codebook.indexes_of_side(side)])
        for place, side in enumerate(SIDES)
    ]
    within = [(int(b), int(a)) for a, b in zip(named.causes, decided.causes, strict=True)]
    within += [(int(b), int(a)) for a, b in zip(named.sides, decided.sides, strict=True)]
    within.append((named.rest, decided.rest))
    # A cause that is not shown is not shown as the deciding one either.
    follows = [(int(a), int(b)) for a, b in zip(named.causes, decided.causes, strict=True)]
    if tally.is_single_choice:
        # Both halves say the same numbers, and a reader may know that they must.
        pairs = [(int(a), int(b)) for a, b in zip(named.all, decided.all, strict=True)]
        follows = [*pairs, *((b, a) for a, b in pairs)]
        within += [*pairs, *((b, a) for a, b in pairs)]
    return System(
        values=values,
        smallest=min_group,
        always_told=always_told,
        sums=tuple(sums),
        covers=tuple(covers),
        within=tuple(within),
        follows=tuple(follows),
        counted=tuple(named.causes.tolist()),
    )


def _named_relations(
    tally: Tally, codebook: Codebook, named: _Half
) -> tuple[list[Sum], list[Cover]]:
    """How sides hang on their causes, and all on the sides.

    Where nobody named two causes of a side, a reader may know so (a form with one choice
    per side) and can subtract; elsewhere the counts only bound each other.
    """
    sums: list[Sum] = []
    covers: list[Cover] = []
    for place, side in enumerate(SIDES):
        indexes = codebook.indexes_of_side(side)
        total, parts = int(named.sides[place]), named.causes[indexes]
        if tally.played[indexes].sum() == tally.sides[place]:
            sums.append(Sum(total, parts))
        else:
            covers.append(Cover(total, parts, _only_in_causes(tally, named, place, indexes)))
    parts = np.append(named.sides, named.rest)
    if tally.sides.sum() + tally.no_cause == tally.respondents:
        sums.append(Sum(0, parts))
    else:
        covers.append(Cover(0, parts, _only_in_sides(tally, named)))
    return sums, covers


def _only_in_causes(
    tally: Tally, named: _Half, place: int, indexes: list[int]
) -> Callable[[BoolArray], int]:
    def count(hidden: BoolArray) -> int:
        told = [index for index in indexes if not hidden[named.causes[index]]]
        names_side = tally.naming_any_side([place])
        return int(tally.weight[names_side & ~tally.naming_any_cause(told)].sum())

    return count


def _only_in_sides(tally: Tally, named: _Half) -> Callable[[BoolArray], int]:
    def count(hidden: BoolArray) -> int:
        told = [place for place in range(len(SIDES)) if not hidden[named.sides[place]]]
        outside = int(tally.weight[~tally.naming_any_side(told)].sum())
        return outside if hidden[named.rest] else outside - tally.no_cause

    return count
