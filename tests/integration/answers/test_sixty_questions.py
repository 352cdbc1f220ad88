"""The largest surveys: sixty questions in one light page; any survey on the page and in reports."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from feedback_app.staff.rules import Role
from feedback_app.surveys.rules import SurveyDefinition
from feedback_app.surveys.rules.shapes import SHAPES
from feedback_app.surveys.templates import read_starter, read_template
from tests.factories.any_survey import CATALOGUE, forms, surveys
from tests.factories.respondents import OpenedSurvey, open_survey, send
from tests.factories.staff import add_staff, browser_of
from tests.markup import assert_valid

LARGEST_PAGE = 30 * 1024
KINDS = ("single", "multiple", "rating", "scale", "short_text", "text", "nps", "csat", "ces")

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sixty() -> dict[str, Any]:
    """Sixty questions of every kind that can stand in a survey more than once."""
    document = read_template("departed")
    questions = document["question"][:1]
    while len(questions) < 60:
        kind = KINDS[len(questions) % len(KINDS)]
        question = read_starter(kind)
        number = len(questions)
        question["code"] = f"{kind}_{number}"
        for language in ("en", "ru", "uk"):
            question["text"][language] = f"Вопрос / Question {number} ({language})?"
            for item in question.get(SHAPES[kind].items, ()):
                item["text"][language] = item["text"].get(language) or f"{item['code']} {number}"
        if number % 7 == 0:
            question["show_if"] = {"question": "reasons", "any_side": "company"}
        questions.append(question)
    return {**document, "question": questions}


def test_sixty_questions_are_one_light_page_and_are_sent(
    make_survey: Callable[..., OpenedSurvey], app: Flask
) -> None:
    survey = make_survey(document=sixty())
    client = app.test_client()
    for language in ("en", "ru", "uk"):
        answer = client.get(f"{survey.path}?lang={language}", headers={"Accept-Encoding": "gzip"})
        assert len(answer.data) <= LARGEST_PAGE
    assert_valid(client.get(survey.path).text)
    fields: dict[str, Any] = {"reasons": ["company.price", "company.quality"]}
    for question in sixty()["question"][1:]:
        fields[question["code"]] = {"single": "first", "multiple": ["first", "second"]}.get(
            question["kind"], "5" if question["kind"] not in ("text", "short_text") else "x" * 100
        )
        for row in question.get("row", ()):
            fields[f"{question['code']}.{row['code']}"] = "4"
    for _ in range(5):
        sent = send(client, survey.path, fields)
        assert sent.status_code == HTTPStatus.SEE_OTHER
    assert survey.work() == 5
    assert {len(answer["document"]) for answer in survey.answers()} == {60}


@pytest.fixture
def reader(app: Flask) -> Any:
    """A manager who reads reports."""
    add_staff(app.extensions["feedback_database"], "manager@example.com", Role.MANAGER)
    return browser_of(app, "manager@example.com")


@settings(
    max_examples=6,
    phases=[Phase.generate],  # making a smaller example of a whole site takes too long
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_any_survey_is_shown_answered_and_reported(
    app: Flask, settings: Any, reader: Any, data: st.DataObject
) -> None:
    document = data.draw(surveys(most=5))
    definition = SurveyDefinition.from_document(document)
    form = data.draw(forms(definition))
    database = app.extensions["feedback_database"]
    survey = open_survey(database, settings, document=document, name=f"Any {id(document)}")
    client = app.test_client()
    assert_valid(client.get(survey.path).text)
    assert_valid(client.get(f"{survey.path}/what-we-store").text)
    assert_valid(send(client, survey.path, form, step="preview").text)
    for _ in range(5):
        assert send(client, survey.path, form).status_code == HTTPStatus.SEE_OTHER
    assert survey.work() == 5
    values, problems = definition.read(form, CATALOGUE)
    assert problems == []
    assert all(set(answer["document"]) == set(values) for answer in survey.answers())
    report = reader.get(f"/reports/{survey.slug}/causes")
    if report.status_code == HTTPStatus.FOUND:  # a survey that asks for no causes
        report = reader.get(report.location)
    assert report.status_code == HTTPStatus.OK
    assert_valid(report.text)
    every = reader.get(f"/reports/{survey.slug}/answers")
    assert every.status_code == HTTPStatus.OK
    assert_valid(every.text)
    asked = sum(each.is_answerable for each in definition.questions)
    assert every.text.count("question-answers") == asked
