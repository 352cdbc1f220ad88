"""The report of another company's real answers against a plain count by pandas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from feedback_app import cli
from feedback_app.foundation.db import Database
from feedback_app.surveys.rules import Mode
from tests.factories.answers import make_survey
from tests.integration.reporting.conftest import Ended

MAP = Path(__file__).resolve().parents[3] / "docs" / "imports" / "buffer-exit-survey.toml"
#: Words that occur in one reason alone -> its cause; written from the data, not from the map.
CAUSES = {
    "need": "client.need_gone",
    "using": "client.low_usage",
    "expensive": "company.price",
    "missing": "company.features",
    "switching": "competitor.unspecified",
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_report_of_real_answers_is_a_plain_count(
    real_data: Path, prepared: Database, report_command: Callable[..., Ended], tmp_path: Path
) -> None:
    file = real_data / "buffer_exit_survey.csv"
    make_survey(prepared, "Exit survey", mode=Mode.IMPORT, k=10)
    more = ("--map", str(MAP), "--rejects", str(tmp_path / "rejects.csv"))
    report_command("--survey", "exit-survey")  # settings of this test are in the environment
    cli.main(["import", "answers", str(file), "--survey", "exit-survey", *more])

    plain = pd.read_csv(file, dtype=str, keep_default_na=False)
    plain = plain[plain["reason"] != ""]
    counts = {
        cause: int(plain["reason"].str.contains(word, regex=False).sum())
        for word, cause in CAUSES.items()
    }
    report = report_command(
        "--survey", "Exit survey", "--min-group", "1", "--format", "json"
    ).document
    assert report["respondents"] == len(plain) == 22_449
    told = {row["code"]: row["respondents"] for row in report["causes"]}
    assert told == counts
    assert {row["code"]: row["primary"] for row in report["causes"]} == counts
    falling = sorted(counts.values(), reverse=True)
    assert [row["respondents"] for row in report["causes"]] == falling
    assert [row["rank"] for row in report["causes"]] == [1, 2, 3, 4, 5]
    assert report["no_cause"]["respondents"] == int((plain["reason"] == "Other").sum())
    company = counts["company.price"] + counts["company.features"]
    assert report["sides"][1]["respondents"] == company
    assert report["suppressed"] == 0

    _check_months_and_segments(plain, report, report_command)


def _check_months_and_segments(
    plain: pd.DataFrame, report: Any, report_command: Callable[..., Ended]
) -> None:
    by_month = plain["created_at"].str[:7].value_counts()
    months = {it["from"]: it["respondents"] for it in report["trend"]["sides"]["periods"]}
    assert {month: n for month, n in months.items() if n} == by_month.to_dict()

    plan = plain["survey_type"] == "exit_survey"
    narrowed = report_command(
        *("--survey", "exit-survey", "--segment", "plan=exit_survey"),
        *("--min-group", "1", "--format", "json"),
    ).document
    assert narrowed["respondents"] == int(plan.sum())
    priced = plain[plan]["reason"].str.contains("expensive", regex=False)
    told = {row["code"]: row["respondents"] for row in narrowed["causes"]}
    assert told["company.price"] == int(priced.sum())
