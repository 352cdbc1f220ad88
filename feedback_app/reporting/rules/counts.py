"""Counts of answers as they travel from the database to the analyst: columns of equal length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

HIGHEST_SCORE = 10

Columns = dict[str, list[Any]]
#: code -> (side, the code it counts as today)
Places = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CauseEntry:
    """One cause of the codebook as the analysis needs it."""

    code: str
    side: str
    position: int
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Grouped answers of one survey.

    `groups`: cause_set, primary, month, one column per dimension, respondents.
    `returns`: cause_set, month, dimensions, score_0 .. score_10 (respondents each).
    `competitors`: competitor, offers, month, dimensions, respondents; only of answers that
    name a competitor or an offer. Months are "YYYY-MM"; where no period was asked for,
    `returns` and `competitors` have "" for month.
    """

    dimensions: tuple[str, ...]
    groups: Columns
    returns: Columns
    competitors: Columns

    def document(self) -> dict[str, Any]:
        """As JSON values; the columns themselves, not copies of them."""
        return {
            "dimensions": list(self.dimensions),
            "groups": self.groups,
            "returns": self.returns,
            "competitors": self.competitors,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Counts:
        """The counts that `document` made."""
        return cls(
            tuple(document["dimensions"]),
            document["groups"],
            document["returns"],
            document["competitors"],
        )

    def altogether(self) -> Counts:
        """The same answers told apart by nothing; groups alike stand in several rows."""
        kept = (self.groups, self.returns, self.competitors)
        groups, returns, competitors = (
            {name: cells for name, cells in each.items() if name not in self.dimensions}
            for each in kept
        )
        return Counts((), groups, returns, competitors)

    def only(self, dimension: str, value: str) -> Counts:
        """The answers that have this value, told apart by nothing."""
        return Counts(
            (),
            _only(self.groups, dimension, value),
            _only(self.returns, dimension, value),
            _only(self.competitors, dimension, value),
        )


def _only(columns: Columns, dimension: str, value: str) -> Columns:
    kept = [place for place, each in enumerate(columns[dimension]) if each == value]
    return {name: [column[place] for place in kept] for name, column in columns.items()}


class Kind(NamedTuple):
    """Respondents alike in everything that is counted; codes follow all merges."""

    codes: frozenset[str]
    primary: str
    month: str
    values: tuple[str, ...]
    respondents: int


def follow_merges(entries: Sequence[CauseEntry]) -> dict[str, tuple[str, str]]:
    """code -> (side, the code it counts as today)."""
    by_code = {entry.code: entry for entry in entries}

    def end_of(entry: CauseEntry) -> CauseEntry:
        while entry.merged_into is not None:
            entry = by_code[entry.merged_into]
        return entry

    ends = {code: end_of(entry) for code, entry in by_code.items()}
    return {code: (end.side, end.code) for code, end in ends.items()}


def read_kinds(counts: Counts, places: Places) -> list[Kind]:
    """The groups with merges followed; groups that became alike are summed."""
    sets: dict[str, frozenset[str]] = {}
    summed: dict[tuple[frozenset[str], str, str, tuple[str, ...]], int] = defaultdict(int)
    groups = counts.groups
    rows = zip(groups["cause_set"], groups["primary"], groups["month"], strict=True)
    of_dimensions = values_of(groups, counts.dimensions)
    for row, values, number in zip(rows, of_dimensions, groups["respondents"], strict=True):
        cause_set, primary, month = row
        codes = sets.get(cause_set)
        if codes is None:
            codes = frozenset(places[code][1] for code in cause_set.split())
            sets[cause_set] = codes
        summed[codes, places[primary][1] if primary else "", month, values] += number
    return [Kind(*key, number) for key, number in summed.items()]


def values_of(columns: Columns, dimensions: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The dimensions' values of every row."""
    length = len(next(iter(columns.values()), []))
    if not dimensions:
        return iter([()] * length)
    return zip(*(columns[name] for name in dimensions), strict=True)
