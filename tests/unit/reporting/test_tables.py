"""The CSV: every number of a report, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from feedback_app.reporting.rules.tables import COLUMNS, csv_of, rows_of, safe_cell

EMPTY_TREND: dict[str, Any] = {"periods": [], "series": []}
ESTIMATE = {"respondents": 8, "share": 0.4, "low": 0.21, "high": 0.61}
HIDDEN = {"respondents": None, "share": None, "low": None, "high": None}


def report(**parts: Any) -> dict[str, Any]:
    whole = {
        "survey": "s",
        "respondents": 20,
        "codebook": 3,
        "min_group": 5,
        "suppressed": 1,
        "sides": [],
        "sides_decided": [],
        "causes": [],
        "decided": [],
        "ties": [],
        "no_cause": ESTIMATE,
        "undecided": HIDDEN,
        "trend": {"sides": EMPTY_TREND, "causes": EMPTY_TREND},
        "competitors": {"respondents": 8, "rows": [], "suppressed": 0},
        "offers": {"respondents": 8, "rows": [], "suppressed": 0},
        "returns": [],
    }
    return whole | parts


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_would_run_becomes_text(start):
    cell = f"{start}HYPERLINK(1)"
    assert safe_cell(cell) == f"'{cell}"
    named = {"respondents": 8, "rows": [{"competitor": cell, **ESTIMATE}], "suppressed": 0}
    rows = read(csv_of(report(competitors=named), str, {"survey": cell}))
    texts = [row["label"] for row in rows if row["table"] in ("competitors", "about")]
    assert texts.count(f"'{cell}") == 2
    assert not any(
        value.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for value in row.values()
    )


def test_numbers_stay_numbers():
    assert safe_cell(-0.12345678) == -0.123457
    assert safe_cell(-3) == -3


def test_what_is_withheld_says_so_and_what_does_not_apply_is_empty():
    rows = {row["table"]: row for row in read(csv_of(report(), str, {}))}
    assert rows["undecided"]["respondents"] == "withheld"
    assert rows["undecided"]["rank"] == ""
    assert rows["no_cause"]["share"] == "0.4"


def test_every_row_has_columns_that_exist():
    cause = {"code": "company.price", "side": "company", "rank": 1, "tier": 1, **ESTIMATE}
    line = {"code": "company", "points": [ESTIMATE]}
    trend = {"periods": [{"from": "2024-01", "to": "2024-02", "respondents": 20}], "series": [line]}
    band = {"from": 0, "to": 3, "respondents": 8, "share": 1.0}
    returned = {
        "code": "company.price",
        "side": "company",
        "respondents": 8,
        "detail": "bands",
        "mean": 2.5,
        "low": 1.0,
        "high": 4.0,
        "distribution": [band],
    }
    whole = report(
        sides=[{"side": "company", **ESTIMATE}],
        causes=[{**cause, "primary": None}],
        decided=[cause],
        ties=[{"by": "played", "ranks": [1, 2], "codes": ["a", "b"], "p": None}],
        trend={"sides": trend, "causes": EMPTY_TREND},
        offers={"respondents": 8, "rows": [{"offer": "price", **ESTIMATE}], "suppressed": 0},
        returns=[returned],
    )
    rows = list(rows_of(whole, lambda code: f"<{code}>"))
    assert set().union(*rows) - {"detail"} <= set(COLUMNS)
    by_table = {row["table"]: row for row in rows}
    assert by_table["trend_sides"]["from"] == "2024-01"
    assert by_table["returns_scores"]["respondents"] == 8
    assert by_table["offers"]["label"] == "<price>"
    assert by_table["cannot_be_told_apart_played"]["rank"] == "#1 #2"
    assert [row["primary"] for row in read(csv_of(whole, str, {})) if row["table"] == "causes"] == [
        "withheld"
    ]
