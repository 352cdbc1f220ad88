"""The cause report: who left why, ranked, with nothing in it that must not be told."""

from dataclasses import dataclass

import numpy as np

from reports.catalogue import Codebook, read_catalogue
from reports.comparison import WITHHELD_TABLE, competitor_tables
from reports.disclosure import Withheld, withheld_of
from reports.ranking import Ranking, neighbour_ties, rank
from reports.returns import return_rows
from reports.schema import (
    SIDES,
    CauseReport,
    CauseReportInput,
    CauseRow,
    DecidedRow,
    SideRow,
    Tie,
    Trend,
    UnableToReadReportInput,
)
from reports.shares import WITHHELD, estimate_unless, wilson_interval
from reports.suppression import UnableToWithholdSafely
from reports.tally import IntArray, Tally, take_tally
from reports.trends import trends

NO_TREND = Trend((), ())


@dataclass(frozen=True)
class _Ranked:
    """Causes told, as indexes into the codebook, with their ranking."""

    indexes: tuple[int, ...]
    ranking: Ranking
    ties: tuple[Tie, ...]

    @property
    def in_order(self) -> tuple[int, ...]:
        return tuple(self.indexes[place] for place in self.ranking.order)


def build_cause_report(given: CauseReportInput) -> CauseReport:
    """Count, withhold, then rank.

    Raises UnableToReadReportInput where frames or catalogue break the input contract.
    """
    if given.min_group < 1:
        raise UnableToReadReportInput(f"min_group is {given.min_group}; it must be at least 1")
    if given.side is not None and given.side not in SIDES:
        raise UnableToReadReportInput(f"side is {given.side!r}; it must be one of {SIDES}")
    codebook = read_catalogue(given.catalogue)
    tally = take_tally(given.groups, codebook)
    if 0 < tally.respondents < given.min_group:
        return _nothing_told(given)
    try:
        withheld = withheld_of(tally, codebook, given.min_group)
    except UnableToWithholdSafely:
        return _nothing_told(given)
    return _report(given, codebook, tally, withheld)


def _nothing_told(given: CauseReportInput) -> CauseReport:
    return CauseReport(
        respondents=None,
        is_withheld=True,
        min_group=given.min_group,
        codebook=given.codebook,
        side=given.side,
        sides=(),
        causes=(),
        suppressed=0,
        decided=(),
        sides_decided=(),
        no_cause=WITHHELD,
        undecided=WITHHELD,
        ties=(),
        trend_sides=NO_TREND,
        trend_causes=NO_TREND,
        competitors=WITHHELD_TABLE,
        offers=WITHHELD_TABLE,
        returns=(),
    )


def _report(
    given: CauseReportInput, codebook: Codebook, tally: Tally, withheld: Withheld
) -> CauseReport:
    tells_all = given.min_group == 1
    told = np.flatnonzero((tally.played > 0) & ~withheld.played)
    decided = np.flatnonzero((tally.primary > 0) & ~withheld.primary)
    everywhere = _ranked(told, tally.played, tally.both, codebook, "played", tells_all)
    ours = _of_side(told, codebook, given.side)
    played = _ranked(ours, tally.played, tally.both, codebook, "played", tells_all)
    exclusive = np.zeros_like(tally.both)
    ours = _of_side(decided, codebook, given.side)
    deciding = _ranked(ours, tally.primary, exclusive, codebook, "decided", tells_p=True)
    trend_sides, trend_causes = trends(
        tally, codebook, everywhere.in_order, played.in_order, withheld, given.min_group
    )
    competitors, offers = competitor_tables(given.competitors, given.min_group)
    total = tally.respondents
    return CauseReport(
        respondents=total,
        is_withheld=False,
        min_group=given.min_group,
        codebook=given.codebook,
        side=given.side,
        sides=_side_rows(tally.sides, withheld.sides, total),
        causes=_cause_rows(played, tally, withheld, codebook),
        suppressed=int(((tally.played > 0) & withheld.played).sum()),
        decided=_decided_rows(deciding, tally, codebook),
        sides_decided=_side_rows(tally.sides_decided, withheld.sides_decided, total),
        no_cause=estimate_unless(withheld.no_cause, tally.no_cause, total),
        undecided=estimate_unless(withheld.undecided, tally.undecided, total),
        ties=played.ties + deciding.ties,
        trend_sides=trend_sides,
        trend_causes=trend_causes,
        competitors=competitors,
        offers=offers,
        returns=return_rows(given.returns, codebook, played.in_order, given.min_group),
    )


def _of_side(indexes: IntArray, codebook: Codebook, side: str | None) -> IntArray:
    """The indexes whose cause stands on the side, all of them for ``None``."""
    wanted = [side is None or codebook.causes[index].side == side for index in indexes]
    return indexes[np.array(wanted, dtype=np.bool_)]


def _ranked(
    indexes: IntArray, counts: IntArray, both: IntArray, codebook: Codebook, by: str, tells_p: bool
) -> _Ranked:
    # The codebook is in catalogue order, so a cause's index is its position.
    ranking = rank(counts[indexes], both[np.ix_(indexes, indexes)], indexes)
    codes = tuple(codebook.causes[index].code for index in indexes)
    ties = neighbour_ties(ranking, codes, by, tells_p=tells_p)
    return _Ranked(tuple(indexes.tolist()), ranking, ties)


def _side_rows(counts: IntArray, hidden: np.ndarray, total: int) -> tuple[SideRow, ...]:
    rows = []
    for side, count, is_hidden in zip(SIDES, counts, hidden, strict=True):
        told = estimate_unless(bool(is_hidden), int(count), total)
        rows.append(SideRow(side, told.respondents, told.share, told.low, told.high))
    return tuple(rows)


def _cause_rows(
    ranked: _Ranked, tally: Tally, withheld: Withheld, codebook: Codebook
) -> tuple[CauseRow, ...]:
    rows = []
    for place, index in enumerate(ranked.in_order):
        cause, count = codebook.causes[index], int(tally.played[index])
        low, high = wilson_interval(count, tally.respondents) or (0.0, 1.0)
        rows.append(
            CauseRow(
                code=cause.code,
                side=cause.side,
                rank=int(ranked.ranking.ranks[place]),
                tier=int(ranked.ranking.tiers[place]),
                respondents=count,
                share=count / tally.respondents,
                low=low,
                high=high,
                primary=None if withheld.primary[index] else int(tally.primary[index]),
            )
        )
    return tuple(rows)


def _decided_rows(ranked: _Ranked, tally: Tally, codebook: Codebook) -> tuple[DecidedRow, ...]:
    rows = []
    for place, index in enumerate(ranked.in_order):
        cause, count = codebook.causes[index], int(tally.primary[index])
        low, high = wilson_interval(count, tally.respondents) or (0.0, 1.0)
        rows.append(
            DecidedRow(
                code=cause.code,
                side=cause.side,
                rank=int(ranked.ranking.ranks[place]),
                tier=int(ranked.ranking.tiers[place]),
                respondents=count,
                share=count / tally.respondents,
                low=low,
                high=high,
            )
        )
    return tuple(rows)
