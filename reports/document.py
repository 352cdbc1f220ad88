"""A cause report as plain dictionaries and lists, ready for JSON."""

from dataclasses import asdict
from typing import Any

from reports.schema import CauseReport, NamedTable, Trend


def to_document(report: CauseReport, survey: str = "") -> dict[str, Any]:
    """The documented layout: the main part in its fixed order, then the further tables.

    ``None`` stands for a number that is withheld (or, for shares, has an empty base).
    """
    return {
        "survey": survey,
        "respondents": report.respondents,
        "sides": [asdict(row) for row in report.sides],
        "causes": [asdict(row) for row in report.causes],
        "suppressed": report.suppressed,
        "codebook": report.codebook,
        "withheld": report.is_withheld,
        "min_group": report.min_group,
        "side": report.side,
        "decided": [asdict(row) for row in report.decided],
        "sides_decided": [asdict(row) for row in report.sides_decided],
        "no_cause": asdict(report.no_cause),
        "undecided": asdict(report.undecided),
        "ties": [
            {"by": tie.by, "ranks": list(tie.ranks), "codes": list(tie.codes), "p": tie.p}
            for tie in report.ties
        ],
        "trend": {
            "sides": _trend(report.trend_sides),
            "causes": _trend(report.trend_causes),
        },
        "competitors": _named(report.competitors, "competitor"),
        "offers": _named(report.offers, "offer"),
        "returns": [_return(asdict(row)) for row in report.returns],
    }


def _trend(trend: Trend) -> dict[str, Any]:
    return {
        "periods": [
            {"from": step.first_month, "to": step.last_month, "respondents": step.respondents}
            for step in trend.periods
        ],
        "series": [
            {"code": line.code, "points": [asdict(point) for point in line.points]}
            for line in trend.series
        ],
    }


def _named(table: NamedTable, word: str) -> dict[str, Any]:
    rows = []
    for row in table.rows:
        numbers = asdict(row)
        rows.append({word: numbers.pop("code"), **numbers})
    return {"respondents": table.respondents, "rows": rows, "suppressed": table.suppressed}


def _return(row: dict[str, Any]) -> dict[str, Any]:
    bands = [
        {
            "from": band["low_score"],
            "to": band["high_score"],
            "respondents": band["respondents"],
            "share": band["share"],
        }
        for band in row.pop("distribution")
    ]
    return {**row, "distribution": bands}
