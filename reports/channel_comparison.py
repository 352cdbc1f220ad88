"""The same causes side by side, one column per channel.

Made of finished reports, one per channel, that were narrowed so that none of them tells a
small group and no two can be subtracted to one. So a cell here is a number that one of those
reports tells, or nothing: this module counts nobody and hides nobody.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reports.schema import SIDES, CauseReport, Estimate
from reports.shares import WITHHELD, estimate


@dataclass(frozen=True)
class ChannelColumn:
    """One channel and how many answers came through it."""

    channel: str
    respondents: int


@dataclass(frozen=True)
class ComparedRow:
    """A side ("" in ``code``) or a cause with its share in every channel, in their order."""

    code: str
    side: str
    cells: tuple[Estimate, ...]


@dataclass(frozen=True)
class ChannelComparison:
    """Columns by size; sides first, then causes that at least two channels tell."""

    columns: tuple[ChannelColumn, ...]
    rows: tuple[ComparedRow, ...]


NOTHING = ChannelComparison((), ())


def compare_channels(by_channel: Sequence[tuple[str, CauseReport]]) -> ChannelComparison:
    """Lay the reports of several channels side by side.

    Channels whose report tells nothing are left out; fewer than two are no comparison.
    """
    told = [
        (ChannelColumn(channel, report.respondents), report)
        for channel, report in by_channel
        if report.respondents is not None and not report.is_withheld
    ]
    told.sort(key=lambda pair: (-pair[0].respondents, pair[0].channel))
    if len(told) < 2:  # noqa: PLR2004  one alone is compared with nothing
        return NOTHING
    columns = tuple(column for column, _report in told)
    reports = [report for _column, report in told]
    return ChannelComparison(columns, (*_sides(reports), *_causes(reports)))


def to_document(comparison: ChannelComparison) -> dict[str, Any]:
    """As JSON values; ``None`` in a cell is withheld."""
    return asdict(comparison)


def _sides(reports: Sequence[CauseReport]) -> list[ComparedRow]:
    rows = []
    for side in SIDES:
        cells = []
        for report in reports:
            found = next((row for row in report.sides if row.side == side), None)
            is_told = found is not None and found.respondents is not None
            cells.append(
                Estimate(found.respondents, found.share, found.low, found.high)
                if found is not None and is_told
                else WITHHELD
            )
        rows.append(ComparedRow("", side, tuple(cells)))
    return rows


def _causes(reports: Sequence[CauseReport]) -> list[ComparedRow]:
    counts = [{row.code: row.respondents for row in report.causes} for report in reports]
    sides = {row.code: row.side for report in reports for row in report.causes}
    shared = [code for code in sides if sum(code in each for each in counts) > 1]
    shared.sort(key=lambda code: (-sum(each.get(code, 0) for each in counts), code))
    return [
        ComparedRow(
            code,
            sides[code],
            tuple(
                estimate(each[code], report.respondents) if code in each else WITHHELD
                for each, report in zip(counts, reports, strict=True)
                if report.respondents is not None
            ),
        )
        for code in shared
    ]
