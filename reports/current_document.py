"""Reports on current customers and on a staff poll as plain values, ready for JSON."""

from dataclasses import asdict
from typing import Any

from reports.current_schema import (
    BeliefRow,
    BlameRow,
    CurrentReport,
    EarlyWarning,
    StaffReport,
    WarningRow,
)
from reports.differences import Difference
from reports.document import to_document
from reports.drivers import Drivers
from reports.schema import CauseReport, Estimate
from reports.score_schema import Measure, Score

CAUSE_KEYS = ("sides", "causes", "suppressed", "ties")


def current_document(report: CurrentReport, survey: str, codebook: int) -> dict[str, Any]:
    """The documented layout (docs/reports.md)."""
    return {
        "survey": survey,
        "respondents": report.respondents,
        "withheld": report.is_withheld,
        "min_group": report.min_group,
        "codebook": codebook,
        "measures": [measure_document(it) for it in report.measures],
        "ratings": [measure_document(it) for it in report.ratings],
        "drivers": [_drivers(it) for it in report.drivers],
        **_causes(report.causes),
        "warning": None if report.warning is None else _warning(report.warning),
        "offers": _named(report, "offers", "offer"),
        "competitors": _named(report, "competitors", "competitor"),
    }


def staff_document(report: StaffReport, survey: str, codebook: int) -> dict[str, Any]:
    """The documented layout (docs/reports.md)."""
    agreement = report.agreement
    return {
        "survey": survey,
        "respondents": report.respondents,
        "withheld": report.is_withheld,
        "min_group": report.min_group,
        "codebook": codebook,
        "customers": report.customers,
        "causes": [_belief(row) for row in report.rows],
        "suppressed": report.suppressed,
        "agreement": None if agreement is None else asdict(agreement),
        "blame": [_blame(row) for row in report.blame],
    }


def _score(score: Score) -> dict[str, float | None]:
    return {"score": score.value, "low": score.low, "high": score.high}


def measure_document(measure: Measure) -> dict[str, Any]:
    """One field of a report."""
    return {
        "code": measure.code,
        "kind": measure.kind,
        "lowest": measure.lowest,
        "highest": measure.highest,
        "detail": measure.detail,
        "rounded": measure.is_rounded,
        "respondents": measure.respondents,
        "not_applicable": measure.not_applicable,
        **_score(measure.score),
        "mean": measure.mean.value,
        "mean_low": measure.mean.low,
        "mean_high": measure.mean.high,
        "levels": [
            {"from": it.low, "to": it.high, "respondents": it.respondents, "share": it.share}
            for it in measure.levels
        ],
        "trend": [
            {
                "from": step.first_month,
                "to": step.last_month,
                "respondents": step.respondents,
                **_score(step.score),
            }
            for step in measure.trend
        ],
        "groups": [
            {
                "dimension": table.dimension,
                "rows": [
                    {"value": row.value, "respondents": row.respondents, **_score(row.score)}
                    for row in table.groups
                ],
            }
            for table in measure.groups
        ],
    }


def _drivers(drivers: Drivers) -> dict[str, Any]:
    """Shares and correlations in whole hundredths: they stand for people too."""
    found = asdict(drivers)
    for row in found["rows"]:
        for name in ("share", "low", "high", "correlation"):
            row[name] = round(row[name], 2) + 0.0
    if found["explained"] is not None:
        found["explained"] = round(found["explained"], 2)
    return {**found, **{name: [*found[name]] for name in ("rows", "left_out", "pair")}}


def _causes(causes: CauseReport | None) -> dict[str, Any]:
    if causes is None:
        return {"sides": [], "causes": [], "suppressed": 0, "ties": []}
    document = to_document(causes)
    return {name: document[name] for name in CAUSE_KEYS}


def _named(report: CurrentReport, name: str, word: str) -> dict[str, Any]:
    table = getattr(report, name)
    return {
        "respondents": table.respondents,
        "rows": [
            {word: row.code, **{k: v for k, v in asdict(row).items() if k != "code"}}
            for row in table.rows
        ],
        "suppressed": table.suppressed,
    }


def _estimate(estimate: Estimate, before: str) -> dict[str, Any]:
    return {f"{before}{name}": number for name, number in asdict(estimate).items()}


def _difference(difference: Difference | None) -> dict[str, float | None]:
    if difference is None:
        return {"difference": None, "difference_low": None, "difference_high": None}
    return {
        "difference": difference.value,
        "difference_low": difference.low,
        "difference_high": difference.high,
    }


def _warning(warning: EarlyWarning) -> dict[str, Any]:
    return {
        "current": warning.current,
        "departed": warning.departed,
        "rows": [_warning_row(row) for row in warning.rows],
        "only_departed": list(warning.only_departed),
    }


def _warning_row(row: WarningRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "side": row.side,
        "rank": row.rank,
        **_estimate(row.current, ""),
        "departed_rank": row.departed_rank,
        **_estimate(row.departed, "departed_"),
        **_difference(row.difference),
        "verdict": row.verdict,
    }


def _belief(row: BeliefRow) -> dict[str, Any]:
    predicted = row.predicted
    return {
        "code": row.code,
        "side": row.side,
        "staff_rank": row.staff_rank,
        **_estimate(row.believed, "staff_"),
        "predicted": None if predicted is None else predicted.mean,
        "predicted_low": None if predicted is None else predicted.low,
        "predicted_high": None if predicted is None else predicted.high,
        "customer_rank": row.customer_rank,
        **_estimate(row.measured, "measured_"),
        **_difference(row.difference),
        "verdict": row.verdict,
    }


def _blame(row: BlameRow) -> dict[str, Any]:
    return {
        "side": row.side,
        **_estimate(row.staff, "staff_"),
        **_estimate(row.customers, "customers_"),
        **_difference(row.difference),
        "verdict": row.verdict,
    }
