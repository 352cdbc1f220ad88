"""All answers, question by question, as rows of one table, for CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from feedback_app.reporting.rules.tables import EVERY_CHANNEL, Row, safe_cell

COLUMNS = (
    *("table", "question", "code", "label", "from", "to", "base"),
    *("respondents", "share", "score", "low", "high", "mean", "mean_low", "mean_high", "channel"),
)
#: From a question's code and an option's ("" = the question itself) to words.
Labels = Callable[[str, str], str]


def question_csv(told: Mapping[str, Any], labels: Labels, about: Mapping[str, str]) -> str:
    """The whole page as CSV text; put UTF-8 with a byte order mark before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    channel = told["selection"].get("channel", EVERY_CHANNEL)
    for row in (*_about(told, about), *_rows(told, labels)):
        writer.writerow([safe_cell({"channel": channel, **row}.get(it, "")) for it in COLUMNS])
    return out.getvalue()


def _about(told: Mapping[str, Any], about: Mapping[str, str]) -> Iterator[Row]:
    yield {"table": "about", "code": "respondents", "respondents": told["respondents"]}
    yield {"table": "about", "code": "min_group", "label": str(told["min_group"])}
    for name, words in about.items():
        yield {"table": "about", "code": name, "label": words}


def _rows(told: Mapping[str, Any], labels: Labels) -> Iterator[Row]:
    for table in told["choices"]:
        code = table["code"]
        kind = "texts" if table["kind"] == "texts" else "choices"
        common = {"table": kind, "question": code, "base": table["base"]}
        for row in table["rows"]:
            yield {**common, "label": labels(code, row["code"]), **row}
        words = labels(code, "")
        yield {**common, "table": "no_answer", "label": words, "respondents": table["silent"]}
    for measure in told["measures"]:
        code = measure["code"]
        common = {"question": code, "label": labels(code, "")}
        names = ("respondents", "score", "low", "high", "mean", "mean_low", "mean_high")
        yield {**common, "table": "score", **{name: measure[name] for name in names}}
        for level in measure["levels"]:
            yield {**common, "table": "levels", **level}
