"""A narrowed report: which answers it counts, and what of them it may tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from feedback_app.reporting.rules.atoms import (
    Atom,
    UnableToNarrow,
    blocks_of_months,
    pool_values,
    side_cells,
)
from feedback_app.reporting.rules.counts import (
    HIGHEST_SCORE,
    Columns,
    Counts,
    Kind,
    Places,
    read_kinds,
    values_of,
)
from feedback_app.reporting.rules.selection import OTHERS, Selection
from feedback_app.reporting.rules.telling import (
    Row,
    Telling,
    tell_causes,
    tell_competitors,
)
from feedback_app.reporting.rules.told import Told


@dataclass(frozen=True, slots=True)
class Slice:
    """Answers of a narrowed report, their months set to the first of their block.

    `pools`: one mapping per dimension from value to the value it is told as. `played`,
    `decided`: what may be told of causes; `in_trend` those with a line over time;
    `rated` those with a willingness to return; `named` all causes that anybody of the survey
    named.
    """

    kinds: tuple[Kind, ...]
    blocks: tuple[tuple[str, str], ...]
    since: str
    until: str
    pooled: dict[str, tuple[str, ...]]
    played: Telling
    decided: Telling
    in_trend: frozenset[str]
    rated: frozenset[str]
    named: frozenset[str]
    returns: Columns
    competitors: Columns
    competitors_told: frozenset[str] | None
    offers_told: frozenset[str] | None

    @property
    def is_everybody(self) -> bool:
        """Whether the period counted is all there is."""
        return (self.since, self.until) == (self.blocks[0][0], self.blocks[-1][1])


class Cutter:
    """Cuts the answers that a selection asks for out of all answers of a survey."""

    def __init__(
        self, counts: Counts, places: Places, selection: Selection, whole: Told, smallest: int
    ) -> None:
        self.counts = counts
        self.places = places
        self.selection = selection
        self.whole = whole
        self.smallest = smallest
        self.pools: list[dict[str, str]] = []
        self.blocks: list[tuple[str, str]] = []
        self._block_by_month: dict[str, str] = {}
        self._pool_of_values: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.asked: tuple[str, ...] = tuple(value for _name, value in selection.values)

    def cut(self) -> Slice:
        """The slice; raises UnableToNarrow where it would tell of too few."""
        kinds, chosen = self.choose()
        is_dated = len(chosen) < len(self.blocks)
        played, decided = self._tell(kinds, is_dated=is_dated)
        rated, returns = self._cut_returns(played, is_dated=is_dated, chosen=chosen)
        asked_of = self._asked_of_competitors(kinds, is_dated=is_dated)
        competitors, names, offers = self._cut_competitors(asked_of, chosen, is_dated=is_dated)
        return Slice(
            kinds=tuple(kind for kind in kinds if self.is_chosen(kind.month, kind.values, chosen)),
            blocks=tuple(self.blocks),
            since=chosen[0][0],
            until=chosen[-1][1],
            pooled=self.pooled(),
            played=played,
            decided=decided,
            in_trend=self._in_trend(kinds, played),
            rated=rated,
            named=frozenset(code for kind in kinds for code in kind.codes),
            returns=returns,
            competitors=competitors,
            competitors_told=names,
            offers_told=offers,
        )

    def choose(self) -> tuple[list[Kind], list[tuple[str, str]]]:
        """All answers in their atoms, the stretches of months asked for; UnableToNarrow."""
        # A survey without causes withholds its sides, and has nothing to hide there.
        hides_sides = not self.whole.tells_sides and any(self.counts.groups["cause_set"])
        if self.whole.is_withheld or hides_sides or not self.whole.periods:
            raise UnableToNarrow("together", self.smallest)
        return self._with_atoms(read_kinds(self.counts, self.places)), self._chosen_blocks()

    def _with_atoms(self, kinds: list[Kind]) -> list[Kind]:
        """Decide what is put together; the kinds with what their months and values became."""
        cells = side_cells(kinds, self.places)
        for place, name in enumerate(self.counts.dimensions):
            pools = pool_values(cells, place, self.smallest)
            if self.asked[place] not in pools.values():
                raise UnableToNarrow(name, self.smallest)
            self.pools.append(pools)
        pooled = [(month, self.pool(values), it) for (month, values), it in cells.items()]
        self.blocks = blocks_of_months(self.whole.periods, pooled, self.smallest)
        if not self.blocks:
            raise UnableToNarrow("together", self.smallest)
        summed: dict[tuple[frozenset[str], str, str, tuple[str, ...]], int] = defaultdict(int)
        for codes, primary, month, values, number in kinds:
            summed[codes, primary, self.block_of(month), self.pool(values)] += number
        return [Kind(*key, number) for key, number in summed.items()]

    def pool(self, values: tuple[str, ...]) -> tuple[str, ...]:
        """What values are told as."""
        found = self._pool_of_values.get(values)
        if found is None:
            found = tuple(pools[value] for pools, value in zip(self.pools, values, strict=True))
            self._pool_of_values[values] = found
        return found

    def pooled(self) -> dict[str, tuple[str, ...]]:
        """Dimension -> the values that are told together."""
        return {
            name: tuple(sorted(value for value, told in pools.items() if told == OTHERS))
            for name, pools in zip(self.counts.dimensions, self.pools, strict=True)
            if OTHERS in pools.values()
        }

    def block_of(self, month: str) -> str:
        """The first month of the stretch that a month belongs to."""
        found = self._block_by_month.get(month)
        if found is None:
            found = next(first for first, last in self.blocks if month <= last)
            self._block_by_month[month] = found
        return found

    def _chosen_blocks(self) -> list[tuple[str, str]]:
        """The stretches of months that the period asked for touches."""
        since, until = self.selection.since[:7], self.selection.until[:7]
        chosen = [
            (first, last)
            for first, last in self.blocks
            if (not since or last >= since) and (not until or first <= until)
        ]
        if not chosen:
            raise UnableToNarrow("period", self.smallest)
        return chosen

    def atom(self, block: str, values: tuple[str, ...], *, is_dated: bool) -> Atom:
        """Where answers of a stretch of months and of some values stand."""
        return (block, *values) if is_dated else values

    def is_chosen(
        self, block: str, values: tuple[str, ...], chosen: Sequence[tuple[str, str]]
    ) -> bool:
        """Whether the selection asks for these answers."""
        return values == self.asked and chosen[0][0] <= block <= chosen[-1][1]

    def _tell(self, kinds: Sequence[Kind], *, is_dated: bool) -> tuple[Telling, Telling]:
        by_codes: dict[tuple[frozenset[str], Atom], int] = defaultdict(int)
        by_primary: dict[tuple[str, Atom], int] = defaultdict(int)
        for codes, primary, month, values, number in kinds:
            atom = self.atom(month, values, is_dated=is_dated)
            by_codes[codes, atom] += number
            by_primary[primary, atom] += number
        named = [(codes, atom, number) for (codes, atom), number in by_codes.items()]
        deciding: list[Row] = [
            (frozenset([primary] if primary else ()), atom, number)
            for (primary, atom), number in by_primary.items()
        ]
        is_exact = all(
            len({self.places[code][0] for code in codes}) <= 1 for codes, _atom, _number in named
        )
        whole, smallest = self.whole, self.smallest
        played = tell_causes(
            named,
            self.places,
            allowed=whole.causes,
            tells_rest=whole.tells_no_cause,
            is_exact=is_exact,
            smallest=smallest,
        )
        decided = tell_causes(
            deciding,
            self.places,
            allowed=whole.decided,
            tells_rest=whole.tells_undecided,
            is_exact=True,
            smallest=smallest,
        )
        return played, decided

    def _in_trend(self, kinds: Sequence[Kind], played: Telling) -> frozenset[str]:
        """The told causes that are told in every stretch of months as well."""
        by_codes: dict[tuple[frozenset[str], Atom], int] = defaultdict(int)
        for codes, _primary, month, values, number in kinds:
            by_codes[codes, (month, *values)] += number
        rows = [(codes, atom, number) for (codes, atom), number in by_codes.items()]
        return played.told & _tellable_codes(rows, self.smallest)

    def _cut_returns(
        self, played: Telling, *, is_dated: bool, chosen: Sequence[tuple[str, str]]
    ) -> tuple[frozenset[str], Columns]:
        columns = self.counts.returns
        names = [f"score_{score}" for score in range(HIGHEST_SCORE + 1)]
        scores = list(zip(*(columns[name] for name in names), strict=True))
        rows: list[Row] = []
        kept: dict[str, list[object]] = {name: [] for name in ("cause_set", *names)}
        for cause_set, block, values, counts in zip(
            columns["cause_set"], *self._where(columns, is_dated=is_dated), scores, strict=True
        ):
            codes = {self.places[code][1] for code in cause_set.split()} & played.told
            atom = self.atom(block, values, is_dated=is_dated)
            rows.append((frozenset(codes), atom, sum(counts)))
            if codes and self.is_chosen(block or chosen[0][0], values, chosen):
                for name, cell in zip(kept, (" ".join(sorted(codes)), *counts), strict=True):
                    kept[name].append(cell)
        return played.told & _tellable_codes(rows, self.smallest), kept

    def _where(
        self, columns: Columns, *, is_dated: bool
    ) -> tuple[Iterator[str], Iterator[tuple[str, ...]]]:
        """Block and pooled values of every row of some columns; "" where no period matters."""
        months = columns["month"]
        blocks = (self.block_of(month) if is_dated else "" for month in months)
        values = (self.pool(it) for it in values_of(columns, self.counts.dimensions))
        return blocks, values

    def _asked_of_competitors(self, kinds: Iterable[Kind], *, is_dated: bool) -> dict[Atom, int]:
        """Respondents with a cause on the competitor's side, by atom."""
        asked: dict[Atom, int] = defaultdict(int)
        for kind in kinds:
            if any(self.places[code][0] == "competitor" for code in kind.codes):
                atom = self.atom(kind.month, kind.values, is_dated=is_dated)
                asked[atom] += kind.respondents
        return asked

    def _cut_competitors(
        self, asked: dict[Atom, int], chosen: Sequence[tuple[str, str]], *, is_dated: bool
    ) -> tuple[Columns, frozenset[str] | None, frozenset[str] | None]:
        columns = self.counts.competitors
        silent = dict(asked)
        rows: list[tuple[str, str, Atom, int]] = []
        pairs = zip(columns["competitor"], columns["offers"], strict=True)
        where = zip(*self._where(columns, is_dated=is_dated), strict=True)
        for (name, offers), (block, values), number in zip(
            pairs, where, columns["respondents"], strict=True
        ):
            atom = self.atom(block, values, is_dated=is_dated)
            silent[atom] = silent.get(atom, 0) - number
            rows.append((name, offers, atom, number))
        rows += [("", "", atom, number) for atom, number in silent.items() if number > 0]
        names, offers_told = tell_competitors(rows, self.whole, smallest=self.smallest)
        return self._chosen_competitors(rows, chosen, is_dated=is_dated), names, offers_told

    def _chosen_competitors(
        self,
        rows: Iterable[tuple[str, str, Atom, int]],
        chosen: Sequence[tuple[str, str]],
        *,
        is_dated: bool,
    ) -> Columns:
        kept: Columns = {"competitor": [], "offers": [], "respondents": []}
        for name, offers, atom, number in rows:
            block, values = (atom[0], atom[1:]) if is_dated else (chosen[0][0], atom)
            if self.is_chosen(block, values, chosen):
                for column, cell in zip(kept.values(), (name, offers, number), strict=True):
                    column.append(cell)
        return kept


def _tellable_codes(rows: Iterable[Row], smallest: int) -> frozenset[str]:
    counts: dict[tuple[str, Atom], int] = defaultdict(int)
    for codes, atom, number in rows:
        for code in codes:
            counts[code, atom] += number
    small = {code for (code, _atom), count in counts.items() if 0 < count < smallest}
    return frozenset({code for code, _atom in counts} - small)
