"""Early warning: what could make customers leave, beside what did make others leave."""

from reports.current_schema import EarlyWarning, WarningRow
from reports.differences import newcombe_difference
from reports.schema import CauseReport, CauseRow, Estimate
from reports.shares import WITHHELD


def estimate_of(row: CauseRow | None) -> Estimate:
    """The row's count and share; nothing for no row."""
    if row is None:
        return WITHHELD
    return Estimate(row.respondents, row.share, row.low, row.high)


def warning_of(current: CauseReport, departed: CauseReport) -> EarlyWarning | None:
    """Lay two cause reports side by side; ``None`` where one of them tells nothing.

    Only told counts are used, so nothing that either report withholds can be computed.
    """
    if not current.respondents or not departed.respondents:
        return None
    left = {row.code: row for row in departed.causes}
    rows = tuple(_row(row, left.get(row.code), current, departed) for row in current.causes)
    named = {row.code for row in current.causes}
    only = tuple(row.code for row in departed.causes if row.code not in named)
    return EarlyWarning(current.respondents, departed.respondents, rows, only)


def _row(
    row: CauseRow, left: CauseRow | None, current: CauseReport, departed: CauseReport
) -> WarningRow:
    difference = None
    if left is not None and current.respondents and departed.respondents:
        difference = newcombe_difference(
            row.respondents, current.respondents, left.respondents, departed.respondents
        )
    return WarningRow(
        code=row.code,
        side=row.side,
        rank=row.rank,
        current=estimate_of(row),
        departed_rank=None if left is None else left.rank,
        departed=estimate_of(left),
        difference=difference,
        verdict="" if difference is None else difference.verdict,
    )
