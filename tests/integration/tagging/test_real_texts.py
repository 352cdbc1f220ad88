"""Real answers of another company: every text becomes a statement, and gets a suggestion."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from config import Settings
from feedback_app import cli
from feedback_app.answers.masking import mask_text
from feedback_app.foundation.db import Database
from feedback_app.surveys.queries import get_survey
from feedback_app.tagging import jobs, queries
from feedback_app.tagging.model_in_use import MODELS
from tests.factories.statements import list_statements
from tests.factories.tagging import put_cold_start

MAP = Path(__file__).resolve().parents[3] / "docs" / "imports" / "buffer-exit-survey.toml"
#: As many of those who gave a reason as hold enough texts.
ANSWERS = 8_000


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_real_text_is_a_statement(
    real_data: Path,
    prepared: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("FEEDBACK_HOME", str(settings.home))
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", settings.database_url)
    file = tmp_path / "answers.csv"
    whole = pd.read_csv(real_data / "buffer_exit_survey.csv", dtype=str, keep_default_na=False)
    plain = whole[whole["reason"] != ""].head(ANSWERS)
    plain.to_csv(file, index=False)
    more = ("--map", str(MAP), "--rejects", str(tmp_path / "rejects.csv"))
    cli.main(["import", "answers", str(file), "--survey", "Exit survey", *more])
    worded = plain["details"].str.strip() != ""

    assert jobs.make_statements_job()(prepared, settings) == int(worded.sum())
    with prepared.reading() as session:
        survey = get_survey(session, "exit-survey")
        (progress,) = queries.list_progress(session)
    assert progress.statements == int(worded.sum())
    assert 0.17 < progress.audit / progress.statements < 0.23
    statements = list_statements(prepared, survey)
    # What is masked once is masked for good.
    assert all(mask_text(row.text)[0] == row.text for row in statements)

    put_cold_start(settings.home / MODELS)
    suggester = jobs.Suggester()
    assert suggester.run(prepared, settings) == jobs.AT_ONCE
    suggested = [row for row in list_statements(prepared, survey) if row.suggested.primary]
    assert len(suggested) == jobs.AT_ONCE
    assert {row.model for row in suggested} == {suggester.version}
