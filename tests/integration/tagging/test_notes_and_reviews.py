"""A note taken on the telephone and a review from elsewhere: statements with suggestions."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from feedback_app import cli
from feedback_app.foundation.db import Database
from feedback_app.foundation.jobs import run_once
from feedback_app.staff.rules import Role
from feedback_app.surveys.queries import get_survey
from feedback_app.tagging.jobs import Suggester
from feedback_app.tagging.model_in_use import MODELS
from feedback_app.worker import make_jobs
from tests.factories.interviews import BY, plan_calls
from tests.factories.respondents import SMALLEST_K, open_survey
from tests.factories.staff import add_staff, browser_of
from tests.factories.statements import list_statements
from tests.factories.tagging import put_cold_start

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
INDEX = "/staff/interviews"
RESEARCHER = "researcher@example.com"


def suggested(database: Database, settings: Settings, slug: str) -> dict[str, str]:
    """Text -> suggested cause of a survey's statements, after the worker's turn."""
    run_once(make_jobs(has_tagger=False), database, settings)
    put_cold_start(settings.home / MODELS)
    Suggester().run(database, settings)
    with database.reading() as session:
        survey = get_survey(session, slug)
    return {each.text: each.suggested.primary for each in list_statements(database, survey)}


def test_what_an_interviewer_notes_down_is_read_once_its_batch_is_opened(
    app: Flask, prepared: Database, settings: Settings
) -> None:
    survey = open_survey(prepared, settings)
    calls = plan_calls(survey, people=SMALLEST_K)
    add_staff(prepared, BY, Role.INTERVIEWER)
    add_staff(prepared, RESEARCHER, Role.RESEARCHER)
    browser, reader = browser_of(app, BY), browser_of(app, RESEARCHER)
    for turn in range(SMALLEST_K):
        assert reader.get("/staff/tagging").text.count("<progress") == 0, "sealed: nothing to read"
        call = browser.send(f"{INDEX}/{calls.wave_id}/next", seen_at=INDEX).location
        told = {"more": "Стало дорого, call me: 067 123-45-67"} if turn == 0 else {}
        done = browser.send(f"{call}/answers", seen_at=call, reasons="client.closed", **told)
        assert done.location == INDEX
    assert suggested(prepared, settings, survey.slug) == {
        "Стало дорого, call me: [phone]": "company.price"
    }
    assert "[phone]" in reader.get(f"/staff/tagging/{survey.slug}/review").text


def test_imported_reviews_are_read_like_answers(
    prepared: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FEEDBACK_HOME", str(settings.home))
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", settings.database_url)
    file, plan = tmp_path / "reviews.csv", tmp_path / "map.toml"
    file.write_text(
        "number,day,review\n"
        "1,2026-03-01,far too expensive\n"
        "2,2026-03-02,Переїхали до іншого міста\n"
        "3,2026-03-03,\n",
        encoding="utf-8",
    )
    plan.write_text('[columns]\nid = "number"\ndate = "day"\ntext = "review"\n', encoding="utf-8")
    cli.main(["import", "answers", str(file), "--survey", "Reviews", "--map", str(plan)])
    assert suggested(prepared, settings, "reviews") == {
        "far too expensive": "company.price",
        "Переїхали до іншого міста": "client.relocated",
    }
