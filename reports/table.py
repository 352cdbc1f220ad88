"""The tables of a report as rows of plain cells, for CSV and for the page alike.

The first row holds column keys (never translated here); the cells are str, int, float or
``None`` for a number that is withheld. Writing them safely is the caller's part.
"""

from reports.schema import CauseReport, NamedTable, Trend

Cell = str | int | float | None
Row = tuple[Cell, ...]


def cause_table(report: CauseReport) -> tuple[Row, ...]:
    """The ranked causes by "played a part"."""
    return (
        ("rank", "tier", "code", "side", "respondents", "share", "low", "high", "primary"),
        *(
            (r.rank, r.tier, r.code, r.side, r.respondents, r.share, r.low, r.high, r.primary)
            for r in report.causes
        ),
    )


def decided_table(report: CauseReport) -> tuple[Row, ...]:
    """The ranked causes by "decided it"."""
    return (
        ("rank", "tier", "code", "side", "respondents", "share", "low", "high"),
        *(
            (r.rank, r.tier, r.code, r.side, r.respondents, r.share, r.low, r.high)
            for r in report.decided
        ),
    )


def side_table(report: CauseReport) -> tuple[Row, ...]:
    """The three sides, by causes named and by the cause that decided."""
    rows: list[Row] = []
    for named, decided in zip(report.sides, report.sides_decided, strict=True):
        rows.append(
            (
                *(named.side, named.respondents, named.share, named.low, named.high),
                *(decided.respondents, decided.share, decided.low, decided.high),
            )
        )
    return (
        (
            *("side", "respondents", "share", "low", "high"),
            *("decided_respondents", "decided_share", "decided_low", "decided_high"),
        ),
        *rows,
    )


def trend_table(trend: Trend) -> tuple[Row, ...]:
    """One row per period and line."""
    rows: list[Row] = []
    for line in trend.series:
        for step, point in zip(trend.periods, line.points, strict=True):
            rows.append(
                (
                    *(step.first_month, step.last_month, line.code, step.respondents),
                    *(point.respondents, point.share, point.low, point.high),
                )
            )
    return (
        ("from", "to", "code", "period_respondents", "respondents", "share", "low", "high"),
        *rows,
    )


def named_table(table: NamedTable, word: str) -> tuple[Row, ...]:
    """Competitors or offers; ``word`` names the first column."""
    return (
        (word, "respondents", "share", "low", "high"),
        *((r.code, r.respondents, r.share, r.low, r.high) for r in table.rows),
    )


def return_table(report: CauseReport) -> tuple[Row, ...]:
    """Willingness to return by cause: summary, then the count of every score or band told."""
    rows: list[Row] = []
    for row in report.returns:
        summary = (row.code, row.side, row.respondents, row.mean, row.low, row.high)
        if not row.distribution:
            rows.append((*summary, None, None, None))
        rows.extend((*summary, b.low_score, b.high_score, b.respondents) for b in row.distribution)
    return (
        (
            *("code", "side", "respondents", "mean", "low", "high"),
            *("from_score", "to_score", "score_respondents"),
        ),
        *rows,
    )
