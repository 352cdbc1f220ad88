"""Reports on current customers and on staff polls as rows of one table, for CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from feedback_app.reporting.rules.tables import EVERY_CHANNEL, Labels, Row, safe_cell

COLUMNS = (
    *("table", "code", "label", "side", "dimension", "value", "from", "to", "rank"),
    *("respondents", "share", "score", "low", "high", "mean"),
    *("other_rank", "other_respondents", "other_share", "other_low", "other_high"),
    *("difference", "difference_low", "difference_high", "verdict", "channel"),
)


def score_csv(report: Mapping[str, Any], labels: Labels, about: Mapping[str, str]) -> str:
    """The whole report as CSV text; put UTF-8 with a byte order mark before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    channel = report.get("selection", {}).get("channel", EVERY_CHANNEL)
    for row in (*_about(report, about), *score_rows(report, labels)):
        is_of_channel = row.get("dimension") == "channel"
        row.setdefault("channel", row["value"] if is_of_channel else channel)
        writer.writerow([safe_cell(row.get(name, "")) for name in COLUMNS])
    return out.getvalue()


def score_rows(report: Mapping[str, Any], labels: Labels) -> Iterator[Row]:
    """Every number of the report's document: dictionaries with keys out of COLUMNS."""
    if "blame" in report:
        yield from _staff_rows(report, labels)
        return
    for table in ("measures", "ratings"):
        for measure in report[table]:
            yield from _measure_rows(measure, labels)
    for drivers in report["drivers"]:
        yield from _driver_rows(drivers, labels)
    for row in report["sides"]:
        yield {"table": "sides", "code": row["side"], "label": labels(row["side"]), **row}
    for row in report["causes"]:
        yield {"table": "causes", "label": labels(row["code"]), **row}
    for row in (report["warning"] or {}).get("rows", ()):
        yield _compared("early_warning", row, labels, "", "departed_")
    for table, word in (("offers", "offer"), ("competitors", "competitor")):
        for row in report[table]["rows"]:
            label = labels(row[word]) if word == "offer" else row[word]
            yield {"table": table, "code": row[word], "label": label, **row}


def _about(report: Mapping[str, Any], about: Mapping[str, str]) -> Iterable[Row]:
    yield {"table": "about", "code": "respondents", "respondents": report["respondents"]}
    for name in ("codebook", "min_group"):
        yield {"table": "about", "code": name, "label": str(report[name])}
    for name, words in about.items():
        yield {"table": "about", "code": name, "label": words}


def _measure_rows(measure: Mapping[str, Any], labels: Labels) -> Iterator[Row]:
    common = {"code": measure["code"], "label": labels(measure["code"])}
    table = "rating" if measure["kind"] == "rating" else "measure"
    numbers = ("respondents", "score", "low", "high", "mean")
    yield {**common, "table": table, **{name: measure[name] for name in numbers}}
    for level in measure["levels"]:
        yield {**common, "table": f"{table}_levels", **level}
    if table == "rating":
        yield {**common, "table": "does_not_apply", "respondents": measure["not_applicable"]}
    for step in measure["trend"]:
        yield {**common, "table": "trend", **step}
    for group in measure["groups"]:
        for row in group["rows"]:
            yield {**common, "table": "group", "dimension": group["dimension"], **row}


def _driver_rows(drivers: Mapping[str, Any], labels: Labels) -> Iterator[Row]:
    outcome = drivers["outcome"]
    if drivers["refused"]:
        yield {"table": "drivers", "dimension": outcome, "verdict": drivers["refused"]}
    else:
        told = drivers["explained"]
        yield {"table": "explained", "dimension": outcome, "share": told}
    for row in drivers["rows"]:
        yield {
            "table": "drivers",
            "dimension": outcome,
            "code": row["code"],
            "label": labels(row["code"]),
            "score": row["correlation"],
            **{name: row[name] for name in ("share", "low", "high")},
        }


def _staff_rows(report: Mapping[str, Any], labels: Labels) -> Iterator[Row]:
    for row in report["causes"]:
        label = labels(row["code"])
        yield _compared("believed", row, labels, "staff_", "measured_")
        yield {
            "table": "predicted",
            "code": row["code"],
            "label": label,
            "side": row["side"],
            "share": row["predicted"],
            "low": row["predicted_low"],
            "high": row["predicted_high"],
            **{name: row[name] for name in COLUMNS if name.startswith("difference")},
            "verdict": row["verdict"],
        }
    agreement = report["agreement"]
    if agreement:
        yield {
            "table": "rank_agreement",
            "code": "tau_b",
            "score": agreement["tau"],
            "low": agreement["low"],
            "high": agreement["high"],
            "verdict": agreement["verdict"],
        }
    for row in report["blame"]:
        yield _compared("blame", {**row, "code": row["side"]}, labels, "staff_", "customers_")


def _compared(table: str, row: Mapping[str, Any], labels: Labels, first: str, second: str) -> Row:
    """A row whose numbers stand under two prefixes."""
    names = ("rank", "respondents", "share", "low", "high")
    kept = {name: row[f"{first}{name}"] for name in names if f"{first}{name}" in row}
    other = {f"other_{name}": row[f"{second}{name}"] for name in names if f"{second}{name}" in row}
    if "customer_rank" in row:
        # What is predicted is compared, in rows of its own.
        return {
            "table": table,
            "code": row["code"],
            "label": labels(row["code"]),
            "side": row["side"],
            **kept,
            **other,
            "other_rank": row["customer_rank"],
        }
    differences = {name: row[name] for name in COLUMNS if name.startswith("difference")}
    return {
        "table": table,
        "code": row["code"],
        "label": labels(row["code"]),
        "side": row["side"],
        **kept,
        **other,
        **differences,
        "verdict": row["verdict"],
    }
