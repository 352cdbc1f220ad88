"""The page "In their own words" as rows of one table, for CSV: what it shows and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from feedback_app.reporting.rules.tables import Labels, Row, safe_cell

COLUMNS = (
    *("table", "code", "label", "side", "from", "to", "rank", "respondents", "texts"),
    *("share", "low", "high", "uncorrected", "quote"),
)


def csv_of_words(document: Mapping[str, Any], labels: Labels, about: Mapping[str, str]) -> str:
    """The document of `words_document` as CSV text; `about` says in words what it is of."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in (*_about(about), *_rows(document, labels)):
        writer.writerow([safe_cell(row.get(name, "")) for name in COLUMNS])
    return out.getvalue()


def words_document(
    found: Mapping[str, Any], told: Mapping[str, Any], state: str, themes: Sequence[Row]
) -> dict[str, Any]:
    """What the page shows in one state of its switch; `found`: see analyst.own_words."""
    return {
        "count": state,
        "corrected": found["audit"],
        "ranked": told,
        "themes": list(themes),
        "unclear": found["unclear"],
    }


def _about(about: Mapping[str, str]) -> Iterator[Row]:
    for name, words in about.items():
        yield {"table": "about", "code": name, "label": words}


def _rows(document: Mapping[str, Any], labels: Labels) -> Iterator[Row]:
    audit = document["corrected"]
    yield {"table": "audit", "code": "statements", "texts": audit["statements"]}
    yield {"table": "audit", "code": "read", "texts": audit["read"]}
    for row in audit["causes"]:
        yield {"table": "corrected", "label": labels(row["code"]), **row}
    ranked = document["ranked"]
    if not ranked["withheld"]:
        for row in ranked["sides"]:
            yield {"table": "sides", "code": row["side"], "label": labels(row["side"]), **row}
        for row in ranked["causes"]:
            yield {"table": "ranked", "label": labels(row["code"]), **row}
        yield {"table": "no_cause", **ranked["no_cause"]}
    for theme in document["themes"]:
        row = {"table": "themes", "label": ", ".join(theme["words"]), "texts": theme["texts"]}
        yield row
        for quote in theme["quotes"]:
            yield {"table": "quotes", "label": row["label"], "quote": quote}
    for step in document["unclear"]:
        yield {
            "table": "unclear",
            "from": step["first_month"],
            "to": step["last_month"],
            "texts": step["statements"],
            **step["unclear"],
        }
