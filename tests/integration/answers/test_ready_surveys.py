"""Every ready survey: small, valid, answered, opened."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient

from feedback_app.surveys.templates import list_templates, read_template
from tests.factories.respondents import OpenedSurvey, send

SMALLEST_PACKET_TRAIN = 14 * 1024
LANGUAGES = ("en", "ru", "uk")
ANSWER = {
    "departed": {"reasons": "client.closed"},
    "current": {"csat": "5", "nps": "9", "could_leave": "company.price", "offers_heard": "price"},
    "staff": {"believed": "company.price", "predicted.company.price": "30"},
    "pulse-nps": {"nps": "10", "nps_why": "Why not"},
    "pulse-csat": {"csat": "1"},
}
FAULTY = {
    "departed": {},
    "current": {"nps": "3"},
    "staff": {"believed": "company.price", "predicted.company.price": "most"},
    "pulse-nps": {"nps_why": "x" * 1001},
    "pulse-csat": {"csat": "6"},
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", list_templates())
def test_it_is_small_valid_and_answered(
    make_survey: Callable[..., OpenedSurvey],
    client: FlaskClient,
    valid_html: Callable[[str], None],
    name: str,
) -> None:
    survey = make_survey(document=read_template(name))
    for language in LANGUAGES:
        path = f"{survey.path}?lang={language}"
        packed = client.get(path, headers={"Accept-Encoding": "gzip"}).data
        assert len(packed) <= SMALLEST_PACKET_TRAIN
        page = gzip.decompress(packed).decode()
        assert f'<html lang="{language}">' in page
        valid_html(page)
    valid_html(client.get(f"{survey.path}/what-we-store").text)
    refused = send(client, survey.path, FAULTY[name])
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    valid_html(refused.text)
    shown = send(client, survey.path, ANSWER[name], step="preview")
    assert "Exactly this would be stored" in shown.text
    valid_html(shown.text)
    for _ in range(5):
        assert send(client, survey.path, ANSWER[name]).status_code == HTTPStatus.SEE_OTHER
    assert survey.work() == 5
    assert all(set(answer["document"]) for answer in survey.answers())
    offers = {answer["offers"] for answer in survey.answers()}
    assert offers == ({"price"} if name == "current" else {""})
