"""Causes ranked with what people wrote: what is added must itself be a report that may be told.

Three states of one switch show the ticks alone, with confirmed tags, with suggestions too. A
reader can subtract one state from another and is left with the answers that were added. So
answers are added stratum by stratum (those confirmed; those suggested with much, with less
confidence), and of each stratum only the causes that a report of the stratum alone would tell.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from reports.cause_report import build_cause_report
from reports.schema import CatalogueCause, CauseReport, CauseReportInput

#: Cause set -> answers.
Sets = Mapping[str, int]
_NO_RETURNS = pd.DataFrame({"cause_set": [], "return_likelihood": [], "respondents": []})
_NO_COMPETITORS = pd.DataFrame({"competitor": [], "offers": [], "respondents": []})
_ONE_MONTH = "2000-01"


def tellable_part(
    stratum: Sets, catalogue: tuple[CatalogueCause, ...], min_group: int
) -> Counter[str]:
    """The stratum with the causes alone that may be added; sets left without any are dropped."""
    kept = {code for cause_set in stratum for code in cause_set.split()}
    while kept:
        part = _only(stratum, kept)
        if not part or min_group == 1:
            return part
        report = _report(part, catalogue, min_group)
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


def ranked_with(
    chosen: Sets,
    strata: Sequence[Sets],
    catalogue: tuple[CatalogueCause, ...],
    *,
    min_group: int,
    codebook: int,
) -> CauseReport:
    """The report of the chosen causes with the tellable part of each stratum added.

    ``chosen`` counts all answers, "" those without a tick; every answer of a stratum is one of
    the latter.
    """
    together: Counter[str] = Counter(chosen)
    for stratum in strata:
        part = tellable_part(stratum, catalogue, min_group)
        together[""] -= part.total()
        together.update(part)
    return _report(+together, catalogue, min_group, codebook)


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
    sets: Sets, catalogue: tuple[CatalogueCause, ...], min_group: int, codebook: int = 0
) -> CauseReport:
    groups = pd.DataFrame(
        {
            "cause_set": list(sets),
            "primary": [""] * len(sets),
            "month": [_ONE_MONTH] * len(sets),
            "respondents": list(sets.values()),
        }
    )
    return build_cause_report(
        CauseReportInput(
            groups=groups,
            returns=_NO_RETURNS,
            competitors=_NO_COMPETITORS,
            catalogue=catalogue,
            min_group=min_group,
            codebook=codebook,
        )
    )
