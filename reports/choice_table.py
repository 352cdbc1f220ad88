"""How often each option of a question was chosen, so far as it may be told."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reports.shares import estimate
from reports.suppression import Cover, Sum, System, UnableToWithholdSafely, withheld_counts

BoolArray = npt.NDArray[np.bool_]
#: The options one respondent chose; () who chose none.
Chosen = tuple[str, ...]


@dataclass(frozen=True)
class ChoiceRow:
    """One option: how many chose it, and their share of the table's base."""

    code: str
    respondents: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class ChoiceTable:
    """What is told of one question.

    ``silent`` chose nothing, ``None`` where that is withheld. ``base``: of how many the shares
    are, "answered" or, where the number of those may not be told, "all"; "" where nothing is
    told. ``rows`` are the options that are told, by how often they were chosen.
    """

    base: str
    respondents: int | None
    silent: int | None
    rows: tuple[ChoiceRow, ...]


NOTHING = ChoiceTable("", None, None, ())


def choice_table(sets: Mapping[Chosen, int], min_group: int) -> ChoiceTable:
    """The table of a whole survey.

    ``sets``: what was chosen together -> respondents, the silent ones as (). Counts from 1 to
    ``min_group - 1`` are withheld, and whatever would give them away.
    """
    total, silent = sum(sets.values()), sets.get((), 0)
    if total - silent < max(1, min_group):
        return NOTHING
    counts = _count(sets)
    codes = tuple(counts)
    try:
        hidden = withheld_counts(_system(sets, counts, min_group))
    except UnableToWithholdSafely:
        return NOTHING
    told = {code: counts[code] for place, code in enumerate(codes, 1) if not hidden[place]}
    return told_table(told, total, None if hidden[len(codes) + 1] else silent)


def told_table(told: Mapping[str, int], total: int, silent: int | None) -> ChoiceTable:
    """The table of counts that may be told, out of ``total`` respondents."""
    base = total if silent is None else total - silent
    if not told or not base:
        return NOTHING
    rows = []
    for code, count in sorted(told.items(), key=lambda item: (-item[1], item[0])):
        found = estimate(count, base)
        assert found.share is not None
        assert found.low is not None
        assert found.high is not None
        rows.append(ChoiceRow(code, count, found.share, found.low, found.high))
    return ChoiceTable("all" if silent is None else "answered", base, silent, tuple(rows))


def _count(sets: Mapping[Chosen, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chosen, respondents in sets.items():
        for code in chosen:
            found[code] = found.get(code, 0) + respondents
    return {code: found[code] for code in sorted(found)}


def _system(sets: Mapping[Chosen, int], counts: Mapping[str, int], min_group: int) -> System:
    """Cells: all respondents, one for each option, and those who chose none."""
    silent = sets.get((), 0)
    values = np.array([sum(sets.values()), *counts.values(), silent], dtype=np.int64)
    cells = np.arange(1, len(values))
    always_told = np.arange(len(values)) == 0
    always_told[-1] = silent == 0
    is_single_choice = all(len(chosen) <= 1 for chosen in sets)
    codes = tuple(counts)

    def only_in(hidden: BoolArray) -> int:
        told = {code for place, code in enumerate(codes, 1) if not hidden[place]}
        outside = sum(number for chosen, number in sets.items() if told.isdisjoint(chosen))
        return outside if hidden[-1] else outside - silent

    return System(
        values=values,
        smallest=min_group,
        always_told=always_told,
        sums=(Sum(0, cells),) if is_single_choice else (),
        covers=() if is_single_choice else (Cover(0, cells, only_in),),
        counted=tuple(cells[:-1].tolist()),
    )
