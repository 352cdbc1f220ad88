"""An open link under load and under attack: held up, flagged, never dropped."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from feedback_app.answers import forms
from feedback_app.answers.arrivals import MOST_OF_ONE_NETWORK, Arrivals
from tests.factories.respondents import OpenedSurvey, fetch_token, send
from tests.unit.answers.test_proof import sent, solve

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SHORT = {"reasons": "client.closed"}


def flags_of(survey: OpenedSurvey) -> list[str]:
    return sorted(row["flag"] for row in survey.answers())


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load as high as it gets."""
    monkeypatch.setattr(Arrivals, "is_busy", lambda _self, _survey: True)


def test_a_robot_that_fills_in_everything_is_flagged_and_stored(
    survey: OpenedSurvey, client: FlaskClient
) -> None:
    robot = send(client, survey.path, {**SHORT, forms.TRAP: "https://buy.example"})
    assert robot.status_code == 303, "it is told nothing"
    for _ in range(4):
        send(client, survey.path, SHORT)
    assert survey.work() == 5
    assert flags_of(survey) == ["", "", "", "", "flagged"]
    assert all("_website" not in row["document"] for row in survey.answers())


def test_the_record_shows_the_flag_before_it_is_sent(
    survey: OpenedSurvey, client: FlaskClient
) -> None:
    page = send(client, survey.path, {**SHORT, forms.TRAP: "x"}, step="preview").text
    assert "&#34;flagged&#34;: true" in page
    assert "flagged" not in send(client, survey.path, SHORT, step="preview").text


def test_many_answers_out_of_one_network_are_flagged(
    survey: OpenedSurvey, client: FlaskClient
) -> None:
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    for _ in range(MOST_OF_ONE_NETWORK + 5):
        send(client, survey.path, SHORT)
    survey.work()
    assert flags_of(survey) == [""] * MOST_OF_ONE_NETWORK + ["flagged"] * 5


def test_under_load_work_is_proved_and_the_answer_taken(
    busy: None, survey: OpenedSurvey, client: FlaskClient
) -> None:
    page = client.get(survey.path)
    assert "script-src 'nonce-" in page.headers["Content-Security-Policy"]
    puzzle = re.search(r'data-puzzle="([^"]+)"', page.text)
    token = re.search(r'name="token" value="([^"]+)"', page.text)
    assert puzzle is not None
    assert token is not None
    fields = {**SHORT, "_proof": sent(solve(unescape(puzzle[1])))}
    assert send(client, survey.path, fields, token=token[1]).status_code == 303
    assert survey.count("box") == 1
    # The same work does not pay twice: it is bound to the form, and a form is sent once.
    send(client, survey.path, fields, token=token[1])
    assert survey.count("box") == 1
    answer = send(client, survey.path, fields, token=fetch_token(client, survey.path))
    assert answer.status_code == 422
    assert survey.count("box") == 1


def test_without_a_script_one_waits_and_keeps_what_was_typed(
    busy: None, survey: OpenedSurvey, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = fetch_token(client, survey.path)
    fields = {**SHORT, "more": "Kept."}
    early = send(client, survey.path, fields, token=token)
    assert early.status_code == 422
    assert "Please wait" in early.text
    assert "Kept." in early.text
    assert survey.count("box") == 0
    monkeypatch.setattr("feedback_app.answers.views.guard.WAITING_SECONDS", 0)
    assert send(client, survey.path, fields, token=token).status_code == 303
    assert survey.count("box") == 1


def test_in_calm_times_there_is_neither_script_nor_puzzle(
    survey: OpenedSurvey, client: FlaskClient
) -> None:
    page = client.get(survey.path)
    assert "<script" not in page.text
    assert "data-puzzle" not in page.text
    assert 'name="_website"' in page.text
