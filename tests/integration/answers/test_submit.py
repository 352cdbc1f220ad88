"""From the form to the box and out of it, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback_app.surveys import actions as surveys
from feedback_app.surveys.rules import Mode
from tests.factories.respondents import BY, OpenedSurvey, fetch_token, read_token, send

FULL = {
    "reasons": ["company.price", "competitor.offer"],
    "reasons.decided": "company.price",
    "reasons.other": "the queue on Mondays",
    "price_compared": "competitor_price",
    "competitor": "  northWIND ",
    "attraction": ["terms", "price"],
    "quality.product": "4",
    "quality.service": "na",
    "improve": "Answer\r\nthe phone.",
    "return": "3",
    "more": "Привіт, 100\u00a0% 👩‍🚀",
}


def test_an_answer_is_sealed_and_thanked_for(survey: OpenedSurvey, client: FlaskClient) -> None:
    answer = send(client, survey.path, FULL)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert answer.location == f"{survey.path}/thanks?lang=en"
    assert survey.count("box") == survey.count("spent_form_token") == 1
    assert survey.answers() == []
    assert b"Monday" not in survey.boxes()[0]
    thanks = client.get(answer.location)
    assert "1 sealed answer is waiting" in thanks.text
    assert "at least 5 answers" in thanks.text


def test_the_worker_opens_at_k_and_not_before(survey: OpenedSurvey, client: FlaskClient) -> None:
    with survey.database.writing() as session:
        surveys.add_competitor(session, "Northwind", by=BY)
    for _ in range(4):
        send(client, survey.path, {"reasons": "client.relocated"})
    assert survey.work() == 0
    send(client, survey.path, FULL, language="uk")
    assert survey.work() == 5
    assert survey.count("box") == 0
    rows = {row["primary_cause"]: row for row in survey.answers()}
    assert len(survey.answers()) == 5
    # One tick decides by itself.
    assert rows["client.relocated"]["cause_set"] == "client.relocated"
    full = rows["competitor.price"]
    # The price was compared with a competitor's: that is the cause, the ticked ones beside it.
    assert full["cause_set"] == "company.price competitor.offer competitor.price"
    assert full["competitor"] == "Northwind"
    assert full["offers"] == "price terms"
    assert full["return_likelihood"] == 3
    assert (full["language"], full["channel"], full["has_text"]) == ("uk", "link", True)
    assert full["document"] == {
        "reasons": {
            "ticked": ["competitor.offer", "company.price"],
            "decided": "company.price",
            "other": "the queue on Mondays",
        },
        "price_compared": {"choice": "competitor_price"},
        "competitor": {"name": "northWIND"},
        "attraction": {"choices": ["price", "terms"]},
        "quality": {"product": 4, "service": "na"},
        "improve": "Answer\nthe phone.",
        "return": 3,
        "more": "Привіт, 100 % 👩‍🚀",
    }


def test_answers_that_did_not_apply_are_dropped(survey: OpenedSurvey, client: FlaskClient) -> None:
    hidden = {**FULL, "reasons": "client.relocated", "reasons.decided": ""}
    for _ in range(5):
        send(client, survey.path, hidden)
    survey.work()
    for row in survey.answers():
        assert set(row["document"]) == {"reasons", "quality", "improve", "return", "more"}
        assert (row["competitor"], row["offers"]) == ("", "")


def test_a_double_post_stores_one_answer(survey: OpenedSurvey, client: FlaskClient) -> None:
    token = fetch_token(client, survey.path)
    answers = [send(client, survey.path, FULL, token=token) for _ in range(3)]
    assert {each.status_code for each in answers} == {HTTPStatus.SEE_OTHER}
    assert {each.location for each in answers} == {f"{survey.path}/thanks?lang=en"}
    assert survey.count("box") == 1


def test_fifty_at_once_store_one_answer(survey: OpenedSurvey, app: Flask) -> None:
    token = fetch_token(app.test_client(), survey.path)
    statuses: list[int] = []

    def press() -> None:
        # A plain client: the watchful one looks at connections, which others hold here.
        client = FlaskClient(app, app.response_class)
        answer = client.post(survey.path, data={"token": token, "reasons": "client.closed"})
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=press) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [HTTPStatus.SEE_OTHER] * 50
    assert survey.count("box") == 1


def test_a_preview_stores_nothing_and_shows_the_record(
    survey: OpenedSurvey, client: FlaskClient, valid_html: Callable[[str], None]
) -> None:
    token = fetch_token(client, survey.path)
    shown = send(client, survey.path, FULL, token=token, step="preview")
    assert shown.status_code == HTTPStatus.OK
    valid_html(shown.text)
    assert "Exactly this would be stored" in shown.text
    assert "&#34;decided&#34;: &#34;company.price&#34;" in shown.text
    assert "Another provider: <strong>Better price elsewhere</strong> (decided it)" in shown.text
    assert survey.count("box") == survey.count("spent_form_token") == 0
    # The form below is still the same one: sent from there and from the first tab, one answer.
    assert read_token(shown.text) == token
    send(client, survey.path, FULL, token=token)
    send(client, survey.path, FULL, token=read_token(shown.text))
    assert survey.count("box") == 1


@pytest.mark.parametrize("token", ["", "nonsense", "eyJhIjoxfQ.aaaa.bbbb"])
def test_a_form_without_its_token_comes_back_whole(
    survey: OpenedSurvey, client: FlaskClient, token: str
) -> None:
    refused = send(client, survey.path, FULL, token=token)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "the queue on Mondays" in refused.text
    assert survey.count("box") == 0
    again = send(client, survey.path, FULL, token=read_token(refused.text))
    assert again.status_code == HTTPStatus.SEE_OTHER
    assert survey.count("box") == 1


def test_a_token_serves_one_survey_only(
    make_survey: Callable[..., OpenedSurvey], client: FlaskClient
) -> None:
    one, other = make_survey(name="One"), make_survey(name="Other")
    refused = send(client, other.path, FULL, token=fetch_token(client, one.path))
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert other.count("box") == 0


def test_texts_too_long_for_the_box_come_back(
    make_survey: Callable[..., OpenedSurvey], client: FlaskClient
) -> None:
    survey = make_survey(box_bytes=1024)
    # Random letters that no compression shortens.
    text = "".join(chr(0x4E00 + (number * number * 7919) % 20000) for number in range(900))
    fields = {"reasons": "client.closed", "improve": text, "more": "short"}
    for step in ("preview", "send"):
        refused = send(client, survey.path, fields, step=step)
        assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "All your texts together are too long" in refused.text
        assert "Shorten this text by about" in refused.text
        assert text in refused.text
    assert survey.count("box") == survey.count("spent_form_token") == 0


def test_a_named_survey_says_so_and_keeps_the_name(
    make_survey: Callable[..., OpenedSurvey], client: FlaskClient
) -> None:
    survey = make_survey(mode=Mode.NAMED)
    page = client.get(survey.path).text
    assert page.index("This survey is not anonymous") < page.index('name="reasons"')
    refused = send(client, survey.path, {"reasons": "client.closed"})
    assert "Write your name or your customer number." in refused.text
    shown = send(
        client, survey.path, {"reasons": "client.closed", "respondent": "K-7"}, step="preview"
    )
    assert "&#34;respondent&#34;: &#34;K-7&#34;" in shown.text
    token = fetch_token(client, survey.path)
    for _ in range(2):
        send(
            client,
            survey.path,
            {"reasons": "client.closed", "respondent": " K-7 "},
            token=token,
        )
    assert [row["primary_cause"] for row in survey.answers()] == ["client.closed"]
    assert survey.count("named_respondent WHERE reference = 'K-7'") == 1
    assert survey.count("box") == 0


def test_a_closed_survey_takes_nothing(survey: OpenedSurvey, client: FlaskClient) -> None:
    token = fetch_token(client, survey.path)
    survey.close()
    for answer in (client.get(survey.path), send(client, survey.path, FULL, token=token)):
        assert answer.status_code == HTTPStatus.GONE
        assert "This survey has ended" in answer.text
    assert survey.count("box") == 0
