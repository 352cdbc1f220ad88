"""The way of nearly every answer: plain sendings that no page is made for, on both databases."""

from __future__ import annotations

import threading
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback_app.answers import slot
from feedback_app.answers.forms import make_token
from feedback_app.answers.views import place, respond
from tests.conftest import SECRET_KEY, WatchfulClient
from tests.factories.respondents import OpenedSurvey, send

REASON = {"reasons": "client.closed"}


@pytest.fixture
def pages_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows whenever a sending reaches the views."""
    seen: list[str] = []
    submit = respond.submit

    def watched(*args: object, **kwargs: object) -> object:
        seen.append("submit")
        return submit(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(respond, "submit", watched)
    # "A moment ago" lasts as long as the test, however busy the machine.
    monkeypatch.setattr(place, "REMEMBERED_SECONDS", 3600.0)
    return seen


@pytest.fixture
def primed(survey: OpenedSurvey, client: FlaskClient, pages_made: list[str]) -> None:
    """One answer came in a moment ago: the survey is remembered for a second."""
    assert send(client, survey.path, REASON).status_code == HTTPStatus.SEE_OTHER
    assert pages_made.pop() == "submit"


def fresh(survey: OpenedSurvey) -> str:
    return make_token(SECRET_KEY, survey.form_name)


@pytest.mark.usefixtures("primed")
def test_a_plain_sending_is_taken_before_the_views(
    survey: OpenedSurvey, client: FlaskClient, pages_made: list[str]
) -> None:
    token = fresh(survey)
    answers = [send(client, survey.path, REASON, token=token, language="uk") for _ in range(2)]
    for answer in answers:
        assert answer.status_code == HTTPStatus.SEE_OTHER
        assert answer.location == f"{survey.path}/thanks?lang=uk"
        assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert answer.data == b""
    assert pages_made == []
    assert survey.count("box") == survey.count("spent_form_token") == 2


@pytest.mark.usefixtures("primed")
@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"step": "preview"}, HTTPStatus.OK),
        ({"reasons": ""}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"token": "made-up"}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"more": "x" * 1001}, HTTPStatus.UNPROCESSABLE_ENTITY),
    ],
)
def test_all_else_is_left_to_the_pages_with_what_was_typed(
    survey: OpenedSurvey,
    client: FlaskClient,
    pages_made: list[str],
    changed: dict[str, str],
    status: HTTPStatus,
) -> None:
    form = {
        "token": fresh(survey),
        "step": "send",
        **REASON,
        "improve": "Kept as typed.",
        **changed,
    }
    answer = client.post(f"{survey.path}?lang=en", data=form)
    assert answer.status_code == status
    assert "Kept as typed." in answer.text
    assert set(pages_made) == {"submit"}
    assert survey.count("box") == 1


@pytest.mark.usefixtures("primed")
def test_a_foreign_host_is_refused(survey: OpenedSurvey, client: FlaskClient) -> None:
    form = {"token": fresh(survey), "step": "send", **REASON}
    address = f"{survey.path}?lang=en"
    answer = client.post(address, data=form, headers={"Host": "evil.example"})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert survey.count("box") == 1


@pytest.mark.usefixtures("primed")
def test_a_survey_closed_within_the_second_takes_nothing(
    survey: OpenedSurvey, client: FlaskClient
) -> None:
    survey.close()
    answer = send(client, survey.path, REASON, token=fresh(survey))
    assert answer.status_code == HTTPStatus.GONE
    assert survey.count("box") == 1


@pytest.mark.usefixtures("primed")
def test_a_batch_opened_within_the_second_is_followed_by_its_next(
    survey: OpenedSurvey, client: FlaskClient, pages_made: list[str]
) -> None:
    for _ in range(4):
        send(client, survey.path, REASON, token=fresh(survey))
    assert survey.work() == 5
    token = fresh(survey)
    for _ in range(2):
        answer = send(client, survey.path, REASON, token=token)
        assert answer.status_code == HTTPStatus.SEE_OTHER
    assert survey.count("box") == 1
    assert pages_made == []


@pytest.mark.usefixtures("primed")
def test_many_at_once_are_all_stored_and_each_once(survey: OpenedSurvey, app: Flask) -> None:
    tokens = [fresh(survey) for _ in range(20)]
    statuses: list[int] = []

    def press(token: str) -> None:
        client = FlaskClient(app, app.response_class)
        form = {"token": token, "step": "send", **REASON}
        answers = [client.post(f"{survey.path}?lang=en", data=form) for _ in range(2)]
        statuses.extend(answer.status_code for answer in answers)

    threads = [threading.Thread(target=press, args=(token,)) for token in tokens * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [HTTPStatus.SEE_OTHER] * 80
    assert survey.count("box") == survey.count("spent_form_token") == 21


@pytest.mark.usefixtures("primed")
def test_a_failure_of_the_database_is_told_and_stores_nothing(
    survey: OpenedSurvey, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise OSError("no space")

    assert isinstance(client, WatchfulClient)
    client.may_fail = True
    monkeypatch.setattr(slot, "_drop", fail)
    answer = send(client, survey.path, REASON, token=fresh(survey))
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Nothing was stored" in answer.text
    assert survey.count("box") == 1
