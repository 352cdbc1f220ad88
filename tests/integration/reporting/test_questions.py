"""All answers, question by question: what an edited survey asks has its place in the reports."""

from __future__ import annotations

import csv
import io
import random
from datetime import date
from typing import Any

import pytest

from feedback_app.foundation.db import utc_now
from feedback_app.surveys import actions, queries
from feedback_app.surveys.models import SurveyVersion
from tests.factories.answers import Told, make_survey, put_answers
from tests.factories.scores import put_values

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGE = "/reports/tea/answers"
TEXT = "Green would be better."


def option(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "text": {"en": code.title()}, **more}


def question(code: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "text": {"en": f"About {code}?"}, **more}


ENDS = {"low": {"en": "Low"}, "high": {"en": "High"}}
FIRST = [
    question("drink", "single", option=[option("green"), option("black"), option("none")]),
    question("when", "multiple", option=[option("dawn"), option("noon"), option("dusk")]),
    question("strength", "scale", min=1, max=4, **ENDS),
    question("parts", "rating", row=[option("taste"), option("price")], points=5, **ENDS),
    question("wish", "text", max=200),
    question("next", "statement"),
]
#: The second version asks one thing more and offers a further drink.
SECOND = [
    question("drink", "single", option=[option("green"), option("white", with_text=True)]),
    *FIRST[1:],
    question("rival", "competitor", rather_not={"en": "Rather not say"}),
]


@pytest.fixture
def tea(prepared):
    """200 answers to two versions of a survey that staff made; three drink white."""
    with prepared.writing() as session:
        row = actions.create(
            session, by="test", template="pulse-nps", name="Tea", language="en", k=5
        )
        version = session.get_one(SurveyVersion, queries.list_versions(session, row.id)[0].id)
        version.definition = {"title": {"en": "Tea"}, "question": FIRST}
        actions.publish(session, row.id, by="test")
        actions.name_segments(session, row.id, ("region",))
        survey = queries.get_survey(session, row.slug)
    chance = random.Random(3)
    for region in ("north", "south"):
        made = [_answer(chance) for _ in range(70)]
        put_values(prepared, survey, made, segments=(region,), on=date(2024, 3, 1))
    with prepared.writing() as session:
        session.add(
            SurveyVersion(
                survey_id=survey.id,
                number=2,
                definition={"title": {"en": "Tea"}, "question": SECOND},
                published_at=utc_now(),
            )
        )
    white = {"drink": {"choice": "white", "text": "A pale one"}}
    later = [{"drink": {"choice": "green"}, "rival": {"name": "Northwind"}}] * 57
    put_values(prepared, survey, [*later, *[white] * 3], segments=("south",), on=date(2024, 4, 1))
    return survey


def _answer(chance: random.Random) -> dict[str, Any]:
    return {
        "drink": {"choice": chance.choice(("green", "black"))},
        "when": {"choices": chance.sample(("dawn", "noon", "dusk"), 2)},
        "strength": chance.randint(1, 4),
        "parts": {"taste": chance.randint(2, 5), "price": "na" if chance.random() < 0.2 else 3},
        **({"wish": TEXT} if chance.random() < 0.5 else {}),
    }


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def told(text: str, table: str, code: str) -> dict[str, str]:
    return {
        row["code"] or row["from"]: row["respondents"]
        for row in rows(text)
        if (row["table"], row["question"]) == (table, code)
    }


def test_every_question_of_every_version_is_told(tea, manager, valid_html):
    page = manager.get(PAGE).text
    valid_html(page)
    text = manager.get(f"{PAGE}.csv").text

    drinks = told(text, "choices", "drink")
    # Three who drink white could be subtracted, so a second number goes untold with them.
    assert "white" not in drinks
    assert len(drinks) == 1
    assert "Chosen by nobody, or by too few to tell:" in page
    assert sum(map(int, told(text, "choices", "when").values())) == 280
    assert sum(map(int, told(text, "levels", "strength").values())) == 140
    assert told(text, "score", "parts.taste") == {"": "140"}
    assert told(text, "choices", "rival") == {"Northwind": "57"}
    assert told(text, "no_answer", "rival") == {"": "143"}
    for words in ("About drink?", "Taste", "Northwind", "respondents wrote something"):
        assert words in page
    assert {row["channel"] for row in rows(text)} == {"all"}


@ONE_DATABASE
def test_it_is_narrowed_by_filters_and_refuses_kindly(tea, manager, valid_html):
    north = manager.get(f"{PAGE}.csv?segment_1=north").text
    south = manager.get(f"{PAGE}.csv?segment_1=south").text
    whole = manager.get(f"{PAGE}.csv").text

    # Who drinks white lives in the south alone: what hides them is hidden on both sides.
    assert set(told(north, "choices", "drink")) <= set(told(whole, "choices", "drink"))
    for code, number in told(whole, "choices", "when").items():
        parts = [told(each, "choices", "when").get(code) for each in (north, south)]
        assert None in parts or sum(int(it or 0) for it in parts) == int(number)
    page = manager.get(f"{PAGE}?segment_1=west")
    assert page.status_code == 200
    valid_html(page.text)
    assert "Too narrow to tell" in page.text
    assert manager.get(f"{PAGE}.csv?segment_1=west").status_code == 404


@ONE_DATABASE
def test_texts_of_a_question_need_a_crowd(tea, manager, valid_html):
    shown = manager.get(f"{PAGE}/texts?question=wish").text
    valid_html(shown)
    assert shown.count(TEXT) == 20
    assert "page=2" in shown
    hidden = manager.get(f"{PAGE}/texts?question=drink.text").text
    assert "A pale one" not in hidden
    assert "at least 5 answers" in hidden
    assert "A pale one" not in manager.get(PAGE).text


@ONE_DATABASE
def test_what_a_report_tells_is_not_told_twice(prepared, manager, valid_html):
    gone = make_survey(prepared, "Gone", k=5)
    said = {"price_compared": {"choice": "own_budget"}, "quality": {"product": 4}}
    put_answers(prepared, gone, [(Told(("company.price",), "company.price", document=said), 30)])

    page = manager.get("/reports/gone/answers").text

    valid_html(page)
    assert page.count("Told in the report, with what belongs to it:") >= 4
    assert told(manager.get("/reports/gone/answers.csv").text, "choices", "price_compared") == {
        "own_budget": "30"
    }
    assert 'href="/reports/gone/answers"' in manager.get("/reports/gone/causes").text
    assert manager.get("/reports/nobody/answers").status_code == 404
