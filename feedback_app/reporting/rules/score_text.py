"""Reports on current customers and on staff polls as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feedback_app.reporting.rules.text import HIDDEN, Labels, aligned

VERDICTS = {
    "more": "more among current ones",
    "less": "less among current ones",
    "under": "more than staff expect",
    "over": "less than staff expect",
    "unclear": "cannot be told apart",
    "": "not told of both",
}
NOTHING = "-"


def score_text(report: Mapping[str, Any], labels: Labels, *, name: str) -> str:
    """The scores or beliefs and what they are compared with, in aligned columns."""
    if report["withheld"] or not report["respondents"]:
        return f"{name}: fewer than {report['min_group']} answers, nothing is told."
    lines = [f"{name}: {report['respondents']} respondents", ""]
    lines += _staff(report, labels) if "blame" in report else _current(report, labels)
    foot = f"Codebook {report['codebook']}. Smallest group told: {report['min_group']}."
    compared = report["departed_survey"]
    return "\n".join([*lines, "", f"{foot} Compared with: {compared or 'nobody'}."])


def _current(report: Mapping[str, Any], labels: Labels) -> list[str]:
    measures = [*report["measures"], *report["ratings"]]
    lines = aligned(
        ("Score", "Value", "95 % interval", "Mean", "Respondents"),
        [
            (
                labels(it["code"]),
                _score(it["score"], it["kind"]),
                _span(it["low"], it["high"], it["kind"]),
                NOTHING if it["mean"] is None else f"{it['mean']:.2f}",
                _count(it["respondents"]),
            )
            for it in measures
        ],
    )
    for drivers in report["drivers"]:
        heading = f"Goes with {drivers['outcome']}"
        if drivers["refused"]:
            lines += ["", f"{heading}: can not be said ({drivers['refused']})."]
            continue
        rows: list[tuple[str, ...]] = [
            (labels(it["code"]), f"{it['share']:.0%}", _span(it["low"], it["high"], "share"))
            for it in drivers["rows"]
        ]
        lines += ["", *aligned((heading, "Share", "95 % interval"), rows)]
    if report["warning"]:
        rows = [_warning(row, labels) for row in report["warning"]["rows"]]
        head = ("Could leave for", "Current", "Departed", "Difference", "95 % interval", "")
        lines += ["", *aligned(head, rows)]
    return lines


def _warning(row: Mapping[str, Any], labels: Labels) -> tuple[str, ...]:
    return (
        labels(row["code"]),
        _share(row["share"]),
        _share(row["departed_share"]),
        *_difference(row),
        VERDICTS[row["verdict"]],
    )


def _staff(report: Mapping[str, Any], labels: Labels) -> list[str]:
    rows = [
        (
            labels(row["code"]),
            _share(row["staff_share"]),
            _share(row["predicted"]),
            _share(row["measured_share"]),
            *_difference(row),
            VERDICTS[row["verdict"]],
        )
        for row in report["causes"]
    ]
    head: tuple[str, ...] = (
        *("Cause", "Ticked", "Predicted", "Measured"),
        *("Difference", "95 % interval", ""),
    )
    lines = aligned(head, rows)
    if report["blame"]:
        blame = [
            (
                labels(row["side"]),
                _share(row["staff_share"]),
                _share(row["customers_share"]),
                *_difference(row),
            )
            for row in report["blame"]
        ]
        head = ("First cause on", "Staff", "Customers", "Difference", "95 % interval")
        lines += ["", *aligned(head, blame)]
    agreement = report["agreement"]
    if agreement and agreement["tau"] is not None:
        lines += ["", f"Rank agreement (tau-b): {agreement['tau']:+.2f}"]
    return lines


def _score(value: float | None, kind: str) -> str:
    if value is None:
        return HIDDEN
    return f"{value:+.0f}" if kind == "nps" else f"{value:.1%}"


def _span(low: float | None, high: float | None, kind: str) -> str:
    if low is None or high is None:
        return NOTHING
    return f"{low:+.0f} to {high:+.0f}" if kind == "nps" else f"{low:.1%} - {high:.1%}"


def _share(share: float | None) -> str:
    return NOTHING if share is None else f"{share:.1%}"


def _count(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def _difference(row: Mapping[str, Any]) -> tuple[str, str]:
    if row["difference"] is None:
        return NOTHING, NOTHING
    low, high = row["difference_low"] * 100, row["difference_high"] * 100
    return f"{row['difference'] * 100:+.1f}", f"{low:+.1f} to {high:+.1f}"
