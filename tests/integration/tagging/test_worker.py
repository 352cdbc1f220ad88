"""The worker suggests, trains when 25 more are confirmed, and keeps the old model meanwhile."""

from __future__ import annotations

import signal
import time

import pytest
from sqlalchemy import update

from config import Settings
from feedback_app.foundation.db import Database
from feedback_app.tagging import jobs, queries
from feedback_app.tagging.model_in_use import MODELS, find_model
from feedback_app.tagging.models import Statement
from feedback_app.tagging.suggesting import training
from feedback_app.tagging.training_process import ENOUGH_NEW, TrainingProcess
from tests.factories.answers import make_survey
from tests.factories.statements import confirm, list_statements, put_statements
from tests.factories.tagging import cold_tagger, put_cold_start

PATIENCE = 120  # seconds

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def cold_models(settings: Settings) -> None:
    """The model as it ships, made already."""
    put_cold_start(settings.home / MODELS)


def test_suggestions_follow_the_model_in_use(
    prepared: Database, settings: Settings, cold_models: None
) -> None:
    survey = make_survey(prepared, k=5)
    put_statements(prepared, survey, ["far too expensive", "мы переехали в другой город", "!!!"])
    suggester = jobs.Suggester()
    assert suggester.run(prepared, settings) == 3
    assert suggester.run(prepared, settings) == 0
    said = {row.text: row.suggested for row in list_statements(prepared, survey)}
    assert said["far too expensive"].primary == "company.price"
    assert said["far too expensive"].evidence
    assert said["мы переехали в другой город"].primary == "client.relocated"
    assert said["!!!"].primary == "none"
    made = find_model(settings.home)
    assert made is not None
    assert (made.version, made.confirmed) == (suggester.version, 0)

    training.save_tagger(settings.home / MODELS, cold_tagger(), (), codebook=1)
    assert suggester.run(prepared, settings) == 3
    assert {row.model for row in list_statements(prepared, survey)} == {suggester.version}
    # Another worker that starts finds nothing to do, and loads nothing.
    fresh = jobs.Suggester()
    assert fresh.run(prepared, settings) == 0
    assert fresh.tagger is None


def test_training_begins_with_25_more_and_survives_being_killed(
    prepared: Database, settings: Settings, cold_models: None
) -> None:
    survey = make_survey(prepared, k=5)
    rows = put_statements(prepared, survey, [f"the ferry was late {n}" for n in range(26)])
    with prepared.writing() as session:
        session.execute(update(Statement).values(is_audit=False))
    worker = TrainingProcess()
    confirm(prepared, rows[: ENOUGH_NEW - 1], "company.expectations")
    assert worker.run(prepared, settings) == 0
    confirm(prepared, rows[ENOUGH_NEW - 1 : ENOUGH_NEW], "company.expectations")
    assert worker.run(prepared, settings) == 1
    assert worker.child is not None
    before = find_model(settings.home)
    worker.child.send_signal(signal.SIGKILL)
    assert worker.child.wait(PATIENCE) == -signal.SIGKILL
    assert find_model(settings.home) == before
    # The same number is not tried again; one more is.
    assert worker.run(prepared, settings) == 0
    confirm(prepared, rows[ENOUGH_NEW:], "company.expectations")
    give_up_at = time.monotonic() + PATIENCE
    while worker.run(prepared, settings):
        assert time.monotonic() < give_up_at
    made = find_model(settings.home)
    assert made is not None
    assert made.confirmed == ENOUGH_NEW + 1
    assert worker.run(prepared, settings) == 0
    with prepared.reading() as session:
        assert queries.count_learnt(session) == ENOUGH_NEW + 1
