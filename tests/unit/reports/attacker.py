"""A reader who tries to compute withheld counts from everything a report tells.

Independent of the code under test: it sees the document alone. Its unknowns are how many
respondents there are of every possible kind (set of causes, deciding cause, month); each
published number is one equation; linear programming finds the least and greatest value
of any count that fits them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from reports.schema import SIDES, CatalogueCause


@dataclass(frozen=True)
class Kind:
    """Respondents alike in all that is counted."""

    causes: tuple[str, ...]
    primary: str
    month: str


@dataclass(frozen=True)
class Count:
    """Whom a count counts: a side, a cause, or nobody's cause, named or decided, in months.

    ``what`` is a cause, a side, "" (nothing) or "*" (everybody); no months means all.
    """

    what: str
    by: str = "played"
    months: tuple[str, ...] = ()

    def has(self, kind: Kind) -> bool:
        if self.months and kind.month not in self.months:
            return False
        names = kind.causes if self.by == "played" else tuple(filter(None, [kind.primary]))
        if self.what == "*":
            return True
        if self.what == "":
            return not names
        return self.what in names or self.what in {name.split(".")[0] for name in names}


def possible_kinds(causes: list[str], months: list[str], *, single_choice: bool) -> list[Kind]:
    """Every kind of respondent; of single choices the reader knows that they are single."""
    sizes = range(2) if single_choice else range(len(causes) + 1)
    sets = [chosen for size in sizes for chosen in combinations(causes, size)]
    return [
        Kind(chosen, primary, month)
        for chosen in sets
        for primary in (chosen if single_choice and chosen else (*chosen, ""))
        for month in months
    ]


def months_between(first: str, last: str) -> list[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(start, end + 1)]


def told_counts(document: dict[str, Any]) -> dict[Count, int]:
    """Every count of causes and sides that the document tells, with its value."""
    told: dict[Count, int] = {Count("*"): document["respondents"]}

    def add(count: Count, value: int | None) -> None:
        if value is not None:
            told[count] = value

    for row in document["sides"]:
        add(Count(row["side"]), row["respondents"])
    for row in document["sides_decided"]:
        add(Count(row["side"], "decided"), row["respondents"])
    for row in document["causes"]:
        add(Count(row["code"]), row["respondents"])
        add(Count(row["code"], "decided"), row["primary"])
    for row in document["decided"]:
        add(Count(row["code"], "decided"), row["respondents"])
    add(Count(""), document["no_cause"]["respondents"])
    add(Count("", "decided"), document["undecided"]["respondents"])
    for trend in document["trend"].values():
        for count, value in _told_by_trend(trend):
            add(count, value)
    return told


def _told_by_trend(trend: dict[str, Any]) -> Iterator[tuple[Count, int | None]]:
    steps = [tuple(months_between(step["from"], step["to"])) for step in trend["periods"]]
    for step, period in zip(steps, trend["periods"], strict=True):
        yield Count("*", months=step), period["respondents"]
    for line in trend["series"]:
        for step, point in zip(steps, line["points"], strict=True):
            yield Count(line["code"], months=step), point["respondents"]


class Attacker:
    """Bounds any count by what one or more documents tell."""

    def __init__(
        self,
        documents: list[dict[str, Any]],
        catalogue: tuple[CatalogueCause, ...],
        *,
        single_choice: bool,
    ) -> None:
        causes = [cause.code for cause in catalogue]
        periods = documents[0]["trend"]["sides"]["periods"]
        self.months = months_between(periods[0]["from"], periods[-1]["to"])
        self.kinds = possible_kinds(causes, self.months, single_choice=single_choice)
        self.told: dict[Count, int] = {}
        for document in documents:
            self.told.update(told_counts(document))
        self.least: dict[Count, int] = {}
        self.most: dict[Count, int] = {}
        unlisted = [code for code in causes if Count(code) not in self.told]
        if documents[0]["suppressed"] == len(unlisted):
            self.least = {Count(code): 1 for code in unlisted}
        elif documents[0]["suppressed"] == 0:
            self.most = {Count(code): 0 for code in unlisted}

    def row(self, count: Count) -> npt.NDArray[np.float64]:
        return np.array([count.has(kind) for kind in self.kinds], dtype=np.float64)

    def range_of(self, count: Count) -> tuple[int, int]:
        """Least and greatest whole number the count can be."""
        if count in self.told:
            return self.told[count], self.told[count]
        equal = np.array([self.row(told) for told in self.told])
        above = [(-self.row(c), -v) for c, v in self.least.items()]
        above += [(self.row(c), v) for c, v in self.most.items()]
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(
                sign * self.row(count),
                A_ub=np.array([a for a, _ in above]) if above else None,
                b_ub=np.array([b for _, b in above]) if above else None,
                A_eq=equal,
                b_eq=np.array(list(self.told.values())),
                method="highs",
            )
            assert found.fun is not None, found.message
            ends.append(sign * found.fun)
        return ceil(ends[0] - 1e-6), floor(ends[1] + 1e-6)

    def all_counts(self) -> list[Count]:
        """Every count somebody might want to know."""
        codes = sorted({code for kind in self.kinds for code in kind.causes})
        spans: list[tuple[str, ...]] = [()] + [(month,) for month in self.months]
        counts = [Count(what, months=span) for what in (*codes, *SIDES, "") for span in spans]
        counts += [Count("*", months=span) for span in spans[1:]]
        return counts + [Count(what, "decided") for what in (*codes, *SIDES, "")]
