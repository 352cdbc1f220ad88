"""The report of a slice.

Built from two reports of reports/: one counts the causes that played a part, one the causes
that decided. In both, the codes that must not be told alone count as one code of their side,
so that sums stay right, and that code's row is left out of what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from feedback_app.reporting.analyst import frames
from feedback_app.reporting.analyst.requests import ReportRequest
from feedback_app.reporting.rules.counts import Kind, Places, follow_merges
from feedback_app.reporting.rules.slices import Slice
from feedback_app.reporting.rules.telling import Telling
from reports.cause_report import build_cause_report
from reports.comparison import WITHHELD_TABLE
from reports.schema import (
    CatalogueCause,
    CauseReport,
    CauseReportInput,
    CauseRow,
    DecidedRow,
    NamedTable,
    Period,
    ReturnRow,
    SideRow,
    Tie,
    Trend,
    TrendSeries,
)
from reports.shares import WITHHELD

REST = "*"
RANK_OF_REST = 1_000_000
Ranked = TypeVar("Ranked", CauseRow, DecidedRow)


def build(found: Slice, request: ReportRequest) -> CauseReport:
    """What may be told of the slice."""
    places = follow_merges(request.entries)
    played = build_cause_report(_input(found, request, _played_groups(found, places)))
    decided = build_cause_report(_input(found, request, _decided_groups(found, places)))
    deciding = {row.code: row.respondents for row in decided.decided}
    causes = tuple(
        replace(row, primary=deciding.get(row.code, 0) if row.code in found.decided.told else None)
        for row in _without_rest(played.causes)
    )
    decided_rows = _without_rest(decided.decided)
    return replace(
        played,
        causes=causes,
        suppressed=len(found.named - found.played.told),
        sides=_without_sides(played.sides, found.played),
        no_cause=played.no_cause if found.played.tells_rest else WITHHELD,
        decided=decided_rows,
        sides_decided=_without_sides(decided.sides_decided, found.decided),
        undecided=decided.undecided if found.decided.tells_rest else WITHHELD,
        ties=(
            *_ties(played.ties, "played", causes),
            *_ties(decided.ties, "decided", decided_rows),
        ),
        trend_sides=_trend(played.trend_sides, found, _told_sides(found.played)),
        trend_causes=_trend(played.trend_causes, found, found.in_trend),
        competitors=_names(played.competitors, found.competitors_told, found, "competitor"),
        offers=_names(played.offers, found.offers_told, found, "offers"),
        returns=tuple(_mean_only(row) for row in played.returns if row.code in found.rated),
    )


def _input(found: Slice, request: ReportRequest, groups: frames.Frame) -> CauseReportInput:
    places = follow_merges(request.entries)
    return CauseReportInput(
        groups=groups,
        returns=frames.returns_frame(found.returns),
        competitors=_competitors(found),
        catalogue=(
            *frames.catalogue_of(request.entries),
            *(
                CatalogueCause(f"{side}.{REST}", side, RANK_OF_REST)
                for side in dict.fromkeys(side for side, _code in places.values())
            ),
        ),
        min_group=request.min_group,
        codebook=request.codebook,
        side=request.selection.side or None,
    )


def _played_groups(found: Slice, places: Places) -> frames.Frame:
    telling = found.played

    def told(kind: Kind) -> tuple[str, str]:
        codes = {_told_as(code, telling, places) for code in kind.codes - telling.dropped}
        return " ".join(sorted(codes)), ""

    return _groups(found.kinds, map(told, found.kinds))


def _decided_groups(found: Slice, places: Places) -> frames.Frame:
    telling = found.decided

    def told(kind: Kind) -> tuple[str, str]:
        if not kind.primary or kind.primary in telling.dropped:
            return "", ""
        code = _told_as(kind.primary, telling, places)
        return code, code

    return _groups(found.kinds, map(told, found.kinds))


def _told_as(code: str, telling: Telling, places: Places) -> str:
    return code if code in telling.told else f"{places[code][0]}.{REST}"


def _groups(kinds: Sequence[Kind], told: Iterable[tuple[str, str]]) -> frames.Frame:
    cause_sets, primaries = zip(*told, strict=True) if kinds else ((), ())
    return frames.groups_frame(
        {
            "cause_set": list(cause_sets),
            "primary": list(primaries),
            "month": [kind.month for kind in kinds],
            "respondents": [kind.respondents for kind in kinds],
        }
    )


def _competitors(found: Slice) -> frames.Frame:
    columns, names, offers = found.competitors, found.competitors_told, found.offers_told
    told = {
        "competitor": [
            it if names is None or it in names else REST for it in columns["competitor"]
        ],
        "offers": [
            it if offers is None else " ".join(code for code in it.split() if code in offers)
            for it in columns["offers"]
        ],
        "respondents": columns["respondents"],
    }
    return frames.competitors_frame(told, asked=0)


def _names(table: NamedTable, told: frozenset[str] | None, found: Slice, column: str) -> NamedTable:
    if told is None or table.respondents is None:
        return WITHHELD_TABLE
    rows = tuple(row for row in table.rows if row.code in told)
    cells = found.competitors[column]
    given = {code for cell in cells for code in (cell.split() if column == "offers" else [cell])}
    return replace(table, rows=rows, suppressed=len(given - told))


def _without_rest(rows: tuple[Ranked, ...]) -> tuple[Ranked, ...]:
    """The rows that are told, ranked among themselves; tiers without gaps."""
    kept = [row for row in rows if not row.code.endswith(f".{REST}")]
    tiers = {tier: place for place, tier in enumerate(sorted({row.tier for row in kept}), 1)}
    return tuple(
        replace(
            row,
            rank=1 + sum(other.respondents > row.respondents for other in kept),
            tier=tiers[row.tier],
        )
        for row in kept
    )


def _ties(
    ties: Iterable[Tie], by: str, rows: tuple[CauseRow, ...] | tuple[DecidedRow, ...]
) -> tuple[Tie, ...]:
    rank = {row.code: row.rank for row in rows}
    return tuple(
        replace(tie, ranks=(rank[tie.codes[0]], rank[tie.codes[1]]))
        for tie in ties
        if tie.by == by and all(code in rank for code in tie.codes)
    )


def _told_sides(telling: Telling) -> frozenset[str]:
    return frozenset(("competitor", "company", "client")) - telling.hidden_sides


def _without_sides(rows: tuple[SideRow, ...], telling: Telling) -> tuple[SideRow, ...]:
    return tuple(
        SideRow(row.side, None, None, None, None) if row.side in telling.hidden_sides else row
        for row in rows
    )


def _trend(trend: Trend, found: Slice, told: frozenset[str]) -> Trend:
    """Periods as whole stretches of months, lines that are told."""
    ends = dict(found.blocks)
    places = [place for place, step in enumerate(trend.periods) if step.respondents]
    periods = []
    for place in places:
        step = trend.periods[place]
        last = max(first for first in ends if first <= step.last_month)
        periods.append(Period(step.first_month, ends[last], step.respondents))
    series = tuple(
        TrendSeries(line.code, tuple(line.points[place] for place in places))
        for line in trend.series
        if line.code in told
    )
    return Trend(tuple(periods), series)


def _mean_only(row: ReturnRow) -> ReturnRow:
    """Scores one by one could be subtracted; a mean of enough people tells of nobody."""
    if row.mean is None:
        return replace(row, detail="count", distribution=())
    return replace(
        row,
        detail="mean",
        mean=round(row.mean, 1),
        low=None if row.low is None else round(row.low, 1),
        high=None if row.high is None else round(row.high, 1),
        distribution=(),
    )
