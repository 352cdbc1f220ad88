"""Causes ranked with what people wrote: what is added must itself be a report that may be told.

States of one switch show the ticks alone, with confirmed tags, with suggestions too. A reader
can subtract one state from another and is left with the answers that were added. So answers are
added stratum by stratum (those confirmed; those suggested with much, with less confidence), of
each stratum only the causes that a report of the stratum alone would tell, and never a cause,
a side or a rest that the ticks' own report withholds.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from reports.cause_report import build_cause_report
from reports.schema import CatalogueCause, CauseReport, CauseReportInput, CauseRow, SideRow
from reports.shares import WITHHELD

#: Cause set -> answers.
Sets = Mapping[str, int]
#: (cause set, the cause that decided or "", answers).
Chosen = Sequence[tuple[str, str, int]]
_NO_RETURNS = pd.DataFrame({"cause_set": [], "return_likelihood": [], "respondents": []})
_NO_COMPETITORS = pd.DataFrame({"competitor": [], "offers": [], "respondents": []})
_ONE_MONTH = "2000-01"


def rank_states(
    chosen: Chosen,
    strata: Sequence[Sets],
    catalogue: tuple[CatalogueCause, ...],
    *,
    min_group: int,
    codebook: int,
) -> list[CauseReport]:
    """The report of the ticks, then with the tellable part of one stratum more at a time.

    ``chosen`` counts all answers, "" those without a tick; every answer of a stratum is one of
    the latter.
    """
    ticks = _report(chosen, catalogue, min_group, codebook)
    states = [ticks]
    if ticks.is_withheld:
        return states * (len(strata) + 1)
    ticked = {code for cause_set, _primary, _number in chosen for code in cause_set.split()}
    allowed = {row.code for row in ticks.causes} | {it.code for it in catalogue} - ticked
    rows = list(chosen)
    for stratum in strata:
        part = tellable_part(_only(stratum, allowed), catalogue, min_group)
        rows += [(cause_set, "", number) for cause_set, number in part.items()]
        rows.append(("", "", -part.total()))
        report = _report(_summed(rows), catalogue, min_group, codebook)
        states.append(_no_more_than(ticks, report, allowed))
    return states


def tellable_part(
    stratum: Sets, catalogue: tuple[CatalogueCause, ...], min_group: int
) -> Counter[str]:
    """The stratum with the causes alone that may be added; sets left without any are dropped."""
    kept = {code for cause_set in stratum for code in cause_set.split()}
    while kept:
        part = _only(stratum, kept)
        if not part or min_group == 1:
            return part
        report = _report([(codes, "", n) for codes, n in part.items()], catalogue, min_group)
        if report.is_withheld:
            return Counter()
        told = {row.code for row in report.causes}
        hidden = {row.side for row in report.sides if row.respondents is None}
        doubtful = {it for it in kept if it not in told or it.partition(".")[0] in hidden}
        if not doubtful:
            return part
        # The rarest goes first: what was withheld beside it may well be told without it.
        kept.remove(min(doubtful, key=lambda code: (_named(part, code), code)))
    return Counter()


def _no_more_than(ticks: CauseReport, report: CauseReport, allowed: Collection[str]) -> CauseReport:
    """The report without what the ticks' own report withholds; ranks among what is left."""
    kept = [row for row in report.causes if row.code in allowed]
    causes: tuple[CauseRow, ...] = tuple(
        replace(row, rank=1 + sum(it.respondents > row.respondents for it in kept)) for row in kept
    )
    hidden = {row.side for row in ticks.sides if row.respondents is None}
    sides = tuple(
        SideRow(row.side, None, None, None, None) if row.side in hidden else row
        for row in report.sides
    )
    rest = WITHHELD if ticks.no_cause.respondents is None else report.no_cause
    return replace(report, causes=causes, sides=sides, no_cause=rest)


def _summed(rows: Chosen) -> Chosen:
    found: Counter[tuple[str, str]] = Counter()
    for cause_set, primary, number in rows:
        found[cause_set, primary] += number
    return [(*key, number) for key, number in found.items() if number]


def _named(sets: Sets, code: str) -> int:
    return sum(number for cause_set, number in sets.items() if code in cause_set.split())


def _only(stratum: Sets, kept: Iterable[str]) -> Counter[str]:
    codes = frozenset(kept)
    found: Counter[str] = Counter()
    for cause_set, number in stratum.items():
        left = " ".join(sorted(code for code in cause_set.split() if code in codes))
        if left:
            found[left] += number
    return found


def _report(
    rows: Chosen, catalogue: tuple[CatalogueCause, ...], min_group: int, codebook: int = 0
) -> CauseReport:
    groups = pd.DataFrame(rows, columns=["cause_set", "primary", "respondents"])
    return build_cause_report(
        CauseReportInput(
            groups=groups.assign(month=_ONE_MONTH),
            returns=_NO_RETURNS,
            competitors=_NO_COMPETITORS,
            catalogue=catalogue,
            min_group=min_group,
            codebook=codebook,
        )
    )
