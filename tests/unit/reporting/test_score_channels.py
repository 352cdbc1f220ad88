"""The CSV of a report on current customers says the channel of every number."""

from __future__ import annotations

import csv
import io
from typing import Any

from feedback_app.reporting.rules.score_tables import score_csv

NUMBERS = {"respondents": 20, "score": 10.0, "low": 1.0, "high": 20.0, "mean": None}
NPS = {
    "code": "nps",
    "kind": "nps",
    **NUMBERS,
    "levels": [],
    "trend": [],
    "groups": [
        {"dimension": "channel", "rows": [{"value": "phone", **NUMBERS}]},
        {"dimension": "language", "rows": [{"value": "uk", **NUMBERS}]},
    ],
}
REPORT: dict[str, Any] = {
    "respondents": 20,
    "codebook": 1,
    "min_group": 5,
    "measures": [NPS],
    "warning": None,
    "ratings": [],
    "drivers": [],
    "sides": [],
    "causes": [],
    "offers": {"rows": []},
    "competitors": {"rows": []},
}


def test_every_row_says_its_channel() -> None:
    rows = list(csv.DictReader(io.StringIO(score_csv(REPORT, str, {}))))
    found = {(row["dimension"], row["value"]): row["channel"] for row in rows}
    assert found == {("", ""): "all", ("channel", "phone"): "phone", ("language", "uk"): "all"}
