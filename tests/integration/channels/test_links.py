"""The open link's spellings, posters, and slots that batches stand behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Settings
from feedback_app.ballots.models import Batch
from feedback_app.channels import actions, jobs
from feedback_app.channels.rules import make_short_code
from feedback_app.foundation.db import Database
from feedback_app.surveys import queries as surveys
from feedback_app.surveys.rules import Channel
from tests.factories.answers import make_survey
from tests.factories.respondents import OpenedSurvey
from tests.factories.staff import StaffBrowser


def batches_of(survey: OpenedSurvey) -> list[str]:
    with survey.database.reading() as session:
        found = session.scalars(select(Batch.channel).where(Batch.survey_id == survey.id))
        return sorted(found)


def test_a_slot_gets_a_batch_at_once_and_once(survey: OpenedSurvey) -> None:
    folder = survey.settings.keys
    with survey.database.writing() as session:
        row = surveys.get_survey(session, survey.slug)
        for _ in range(2):
            actions.open_slot(session, row, Channel.KIOSK, folder=folder)
    assert batches_of(survey) == ["kiosk", "link"]
    assert jobs.start_missing_batches(survey.database, survey.settings) == 0


def test_the_worker_starts_what_a_page_server_without_keys_could_not(
    survey: OpenedSurvey, settings: Settings
) -> None:
    with survey.database.writing() as session:
        row = surveys.get_survey(session, survey.slug)
        actions.open_slot(session, row, Channel.EMBED, folder=settings.home / "no-such-folder")
    assert batches_of(survey) == ["link"]
    assert jobs.start_missing_batches(survey.database, survey.settings) == 1
    assert batches_of(survey) == ["embed", "link"]
    survey.close()
    assert jobs.start_missing_batches(survey.database, survey.settings) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_short_code_leads_to_the_open_link(survey: OpenedSurvey, client: FlaskClient) -> None:
    code = make_short_code(survey.id)
    for typed in (code, code.upper(), f"{code[:3]}-{code[3:]}"):
        assert client.get(f"/q/{typed}").location == survey.path
    lost = client.get("/q/nothing")
    assert lost.status_code == 404
    assert "no survey at this address" in lost.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_page_of_channels_and_the_posters(
    survey: OpenedSurvey, browser: StaffBrowser, valid_html: Callable[[str], None]
) -> None:
    page = browser.get(f"/staff/surveys/{survey.slug}").text
    valid_html(page)
    assert f"/staff/surveys/{survey.slug}/channels#link" in page
    page = browser.get(f"/staff/surveys/{survey.slug}/channels").text
    valid_html(page)
    assert f"127.0.0.1:8000/q/{make_short_code(survey.id)}" in page
    says = {"en": "Anonymous.", "ru": "Анонимно.", "uk": "Анонімно."}
    for language, words in says.items():
        poster = browser.get(f"/staff/surveys/{survey.slug}/poster?in={language}").text
        valid_html(poster)
        assert words in poster
        assert "<svg" in poster
    assert browser.get(f"/staff/surveys/{survey.slug}/poster?in=xx").status_code == 404
    code = browser.get(f"/staff/surveys/{survey.slug}/code.svg")
    assert code.mimetype == "image/svg+xml"
    assert code.text.startswith("<svg xmlns=")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_imported_answers_have_no_channels(database: Database, browser: StaffBrowser) -> None:
    from feedback_app.surveys.rules import Mode

    row = make_survey(database, "Old tool", mode=Mode.IMPORT)
    assert browser.get(f"/staff/surveys/{row.slug}/channels").status_code == 404
    assert "Each answer says which way" not in browser.get(f"/staff/surveys/{row.slug}").text
