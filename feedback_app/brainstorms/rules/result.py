"""A session's result as one document, and as rows for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from feedback_app.brainstorms.rules.comparison import compare, gauge, rank_units
from feedback_app.brainstorms.rules.fold import Board
from feedback_app.brainstorms.rules.unsaid import estimate_document, estimate_of

FORMAT = "feedback_app session 1"
#: A cell that begins so would be run as a formula by a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    *("rank", "group", "votes", "side", "cause", "cause_label", "proposed_cause", "whys"),
    *("idea", "owner", "due", "measure", "customers_rank", "customers_share", "predicted_rank"),
    "cards",
)


def result_document(board: Board, *, title: str, question: Mapping[str, str]) -> dict[str, Any]:
    """Everything that the session came to; names nobody but the owners of ideas."""
    lines = {line.code: line for line in compare(board)}
    return {
        "format": FORMAT,
        "title": title,
        "question": dict(question),
        "groups": [_group(board, row) for row in rank_units(board)],
        "causes": [asdict(line) for line in lines.values()],
        "sides": [asdict(side) for side in gauge(board)],
        "people_voting": board.votes["people"] if board.votes else 0,
        "predictions": board.predicted,
        "customers": board.compared,
        "unsaid": {
            "people": (board.unsaid or {}).get("people", 0),
            "estimate": estimate_document(estimate_of(board.unsaid)),
        },
    }


def _group(board: Board, row: Any) -> dict[str, Any]:
    idea = board.ideas.get(row.unit, {})
    return {
        "id": row.unit,
        "rank": row.rank,
        "group": row.title,
        "votes": row.votes,
        "side": row.side,
        "cause": row.cause,
        "proposed_cause": row.proposed,
        "accepted": row.accepted,
        "whys": list(row.whys),
        "cards": list(row.cards),
        **{name: idea.get(name, "") for name in ("idea", "owner", "due", "measure")},
    }


def rows_of(document: Mapping[str, Any], label: Callable[[str], str]) -> Iterator[list[Any]]:
    """The head and one row for each group; `label` gives words for a cause's code."""
    yield list(COLUMNS)
    lines = {line["code"]: line for line in document["causes"]}
    for group in document["groups"]:
        line = lines.get(group["cause"], {})
        cells = {
            **group,
            "cause_label": label(group["cause"]) if group["cause"] else "",
            "whys": "\n".join(group["whys"]),
            "cards": "\n".join(group["cards"]),
            "customers_rank": line.get("customers_rank"),
            "customers_share": line.get("share"),
            "predicted_rank": line.get("predicted_rank"),
        }
        yield ["" if cells[name] is None else cells[name] for name in COLUMNS]


def csv_of(rows: Iterator[Sequence[Any]]) -> str:
    """Rows as CSV text in which no cell is run as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()


def safe_cell(cell: Any) -> Any:
    """The cell, or with a leading apostrophe where a spreadsheet would run it."""
    is_live = isinstance(cell, str) and cell.lstrip().startswith(FORMULA_STARTS)
    return f"'{cell}" if is_live else cell
