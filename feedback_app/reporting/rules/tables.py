"""A report as rows of one table, for CSV: every number of the page, and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

COLUMNS = (
    *("table", "code", "label", "side", "from", "to", "rank", "tier"),
    *("base", "respondents", "share", "low", "high", "primary", "mean", "channel"),
)
#: Stands in a cell whose number is withheld; an empty cell means "does not apply".
WITHHELD = "withheld"
NO_CHANNELS: Mapping[str, Any] = {"columns": (), "rows": ()}
#: The channel of a number that counts answers of all channels together.
EVERY_CHANNEL = "all"
#: A cell that begins so would be run as a formula by a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
DECIMALS = 6

Labels = Callable[[str], str]
Row = dict[str, Any]


def csv_of(report: Mapping[str, Any], labels: Labels, about: Mapping[str, str]) -> str:
    """The whole report as CSV text; put UTF-8 with a byte order mark before it.

    `labels` gives words for codes of causes, sides and offers; `about` says in words what
    the report is of, one row each.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    channel = report.get("selection", {}).get("channel", EVERY_CHANNEL)
    for row in (*_about(report, about), *rows_of(report, labels)):
        row.setdefault("channel", channel)
        writer.writerow([safe_cell(row.get(name, "")) for name in COLUMNS])
    return out.getvalue()


def safe_cell(cell: object) -> object:
    """The cell, or with a leading apostrophe where a spreadsheet would run it."""
    if cell is None:
        return WITHHELD
    if isinstance(cell, float):
        return round(cell, DECIMALS)
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def rows_of(report: Mapping[str, Any], labels: Labels) -> Iterator[Row]:
    """Every number of a report's document: dictionaries with keys out of COLUMNS."""
    base = report["respondents"]
    for table in ("sides", "sides_decided"):
        for row in report[table]:
            yield {"table": table, "code": row["side"], "base": base, **row}
    for name in ("no_cause", "undecided"):
        yield {"table": name, "base": base, **report[name]}
    for table in ("causes", "decided"):
        for row in report[table]:
            yield {"table": table, "label": labels(row["code"]), "base": base, **row}
    for tie in report["ties"]:
        yield _tie_row(tie, labels)
    for which in ("sides", "causes"):
        yield from _trend_rows(report["trend"][which], f"trend_{which}", labels)
    for table, word in (("competitors", "competitor"), ("offers", "offer")):
        yield from _named_rows(report[table], table, word, labels)
    for row in report["returns"]:
        yield from _return_rows(row, labels)
    yield from _channel_rows(report.get("channels") or NO_CHANNELS, labels)


def _channel_rows(compared: Mapping[str, Any], labels: Labels) -> Iterator[Row]:
    columns = compared["columns"]
    for column in columns:
        yield {"table": "channels", "code": "respondents", **column}
    for row in compared["rows"]:
        code = row["code"] or row["side"]
        for column, cell in zip(columns, row["cells"], strict=True):
            yield {
                "table": "channels",
                "code": code,
                "label": labels(code),
                "side": row["side"],
                "base": column["respondents"],
                "channel": column["channel"],
                **cell,
            }


def _named_rows(named: Mapping[str, Any], table: str, word: str, labels: Labels) -> Iterator[Row]:
    for row in named["rows"]:
        numbers = {name: cell for name, cell in row.items() if name != word}
        yield {
            "table": table,
            "code": row[word],
            "label": labels(row[word]) if word == "offer" else row[word],
            "base": named["respondents"],
            **numbers,
        }


def _about(report: Mapping[str, Any], about: Mapping[str, str]) -> Iterable[Row]:
    yield {"table": "about", "code": "respondents", "respondents": report["respondents"]}
    if report.get("channels") is not None:
        yield {"table": "about", "code": "flagged", "respondents": report["flagged"]}
    for name in ("codebook", "min_group", "suppressed"):
        yield {"table": "about", "code": name, "label": str(report[name])}
    for name, words in about.items():
        yield {"table": "about", "code": name, "label": words}


def _tie_row(tie: Mapping[str, Any], labels: Labels) -> Row:
    first, second = tie["codes"]
    return {
        "table": f"cannot_be_told_apart_{tie['by']}",
        "code": f"{first} {second}",
        "label": f"{labels(first)} / {labels(second)}",
        "rank": " ".join(f"#{rank}" for rank in tie["ranks"]),
    }


def _trend_rows(trend: Mapping[str, Any], table: str, labels: Labels) -> Iterator[Row]:
    for line in trend["series"]:
        for step, point in zip(trend["periods"], line["points"], strict=True):
            yield {
                "table": table,
                "code": line["code"],
                "label": labels(line["code"]),
                "from": step["from"],
                "to": step["to"],
                "base": step["respondents"],
                **point,
            }


def _return_rows(row: Mapping[str, Any], labels: Labels) -> Iterator[Row]:
    common = {"code": row["code"], "label": labels(row["code"]), "side": row["side"]}
    yield {
        **common,
        "table": "returns",
        **{name: row[name] for name in ("respondents", "mean", "low", "high")},
    }
    for band in row["distribution"]:
        yield {
            **common,
            "table": "returns_scores",
            "from": band["from"],
            "to": band["to"],
            "base": row["respondents"],
            "respondents": band["respondents"],
            "share": band["share"],
        }
