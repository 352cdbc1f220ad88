"""Every kind of question: what it stores, what it asks to be mended, when it applies."""

from __future__ import annotations

from typing import Any

import pytest

from feedback_app.causes.queries import get_starter
from feedback_app.causes.rules import Catalogue
from feedback_app.surveys.rules import (
    Problem,
    ProblemKind,
    Subject,
    SurveyDefinition,
    UnableToReadDefinition,
)
from feedback_app.surveys.rules.question import ShowIf
from feedback_app.surveys.templates import read_template

CATALOGUE = Catalogue(get_starter().causes, 1)
PRICE, QUALITY, MOVED = "company.price", "company.quality", "client.relocated"


def read(template: str, form: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    definition = SurveyDefinition.from_document(read_template(template))
    lists = {name: [sent] if isinstance(sent, str) else sent for name, sent in form.items()}
    return definition.read(lists, CATALOGUE)


@pytest.mark.parametrize(
    ("template", "subject"),
    [
        ("departed", Subject.DEPARTED),
        ("current", Subject.CURRENT),
        ("staff", Subject.STAFF),
        ("pulse-nps", Subject.CURRENT),
        ("pulse-csat", Subject.CURRENT),
    ],
)
def test_a_survey_tells_whom_it_asks(template: str, subject: Subject) -> None:
    assert SurveyDefinition.from_document(read_template(template)).subject is subject


def test_current_customers_are_stored_under_the_codes_that_reports_read() -> None:
    values, problems = read(
        "current",
        {
            "csat": "4",
            "nps": "0",
            "nps_why": "slow",
            "ces": "7",
            "ratings.quality": "5",
            "ratings.plans": "na",
            "could_leave": [PRICE, QUALITY],
            "could_leave.decided": PRICE,
            "leave_likelihood": "10",
            "offers_heard": ["price", "none"],
            "competitor": "Northwind",
        },
    )
    assert problems == []
    assert values == {
        "csat": 4,
        "nps": 0,
        "nps_why": "slow",
        "ces": 7,
        "ratings": {"quality": 5, "plans": "na"},
        "could_leave": {"ticked": [QUALITY, PRICE], "decided": PRICE},
        "leave_likelihood": 10,
        "offers_heard": {"choices": ["price"]},
        "competitor": {"name": "Northwind"},
    }


def test_no_offer_means_no_competitor() -> None:
    values, _problems = read(
        "current", {"csat": "4", "offers_heard": "none", "competitor": "Northwind"}
    )
    assert values == {"csat": 4, "offers_heard": {"choices": ["none"]}}


@pytest.mark.parametrize(("kind", "sent"), [("nps", "11"), ("csat", "0"), ("ces", "8")])
def test_a_measure_has_its_own_numbers_and_no_others(kind: str, sent: str) -> None:
    _values, problems = read("current", {"csat": "4", kind: sent})
    assert [(each.field, each.kind) for each in problems] == [(kind, ProblemKind.NOT_A_NUMBER)]
    document = read_template("current")
    changed = next(each for each in document["question"] if each["code"] == kind)
    changed["max"] = 9
    with pytest.raises(UnableToReadDefinition, match=kind):
        SurveyDefinition.from_document(document)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"believed": [PRICE]}, {"ticked": [PRICE], "ranked": [PRICE]}),
        (
            {"believed": [PRICE, QUALITY], "believed.1": PRICE, "believed.2": QUALITY},
            {"ticked": [QUALITY, PRICE], "ranked": [PRICE, QUALITY]},
        ),
        (
            {"believed": [PRICE, QUALITY], "believed.3": QUALITY},
            {"ticked": [QUALITY, PRICE], "ranked": [QUALITY]},
        ),
        (
            {"believed.2": MOVED, "believed.other": "the moon"},
            {"ticked": [MOVED], "ranked": [MOVED], "other": "the moon"},
        ),
    ],
)
def test_causes_are_ranked(sent: dict[str, Any], stored: dict[str, Any]) -> None:
    assert read("staff", sent) == ({"believed": stored}, [])


def test_a_ranking_has_a_most_and_one_place_for_each() -> None:
    six = list(CATALOGUE.codes()[:6])
    _values, problems = read("staff", {"believed": six})
    assert problems == [Problem("believed", ProblemKind.TOO_MANY, limit=5, given=6)]
    twice = {"believed": [PRICE], "believed.1": PRICE, "believed.3": PRICE}
    _values, problems = read("staff", twice)
    assert problems == [Problem("believed.3", ProblemKind.TWICE)]
    _values, problems = read("staff", {})
    assert problems == [Problem("believed", ProblemKind.MISSING)]


def test_predictions_of_ticked_causes_are_kept() -> None:
    sent = {
        "believed": [PRICE, QUALITY],
        "predicted.company.price": " 30 % ",
        "predicted.company.quality": "0",
        "predicted.client.relocated": "70",
    }
    values, problems = read("staff", sent)
    assert problems == []
    assert values["predicted"] == {QUALITY: 0, PRICE: 30}


@pytest.mark.parametrize("written", ["101", "-1", "a third", "1.5", "²"])
def test_a_prediction_is_a_whole_percent(written: str) -> None:
    _values, problems = read("staff", {"believed": [PRICE], "predicted.company.price": written})
    assert problems == [Problem("predicted.company.price", ProblemKind.NOT_A_PERCENT)]


@pytest.mark.parametrize(
    ("condition", "values", "holds"),
    [
        ({"any_of": ["b"]}, {"choice": "b"}, True),
        ({"any_of": ["b"]}, {"choice": "a"}, False),
        ({"any_of": ["b", "c"]}, {"choices": ["a", "c"]}, True),
        ({"any_side": "client"}, {"ticked": [MOVED], "ranked": []}, True),
        ({"any_side": "client"}, {"ticked": [PRICE], "decided": PRICE}, False),
        ({"at_least": 3, "at_most": 4}, 4, True),
        ({"at_least": 3, "at_most": 4}, 5, False),
        ({"at_most": 0}, 0, True),
        ({"at_least": 9}, None, False),
        ({"any_of": ["4"]}, 4, False),
    ],
)
def test_what_makes_a_question_apply(
    condition: dict[str, Any], values: object, holds: bool
) -> None:
    asked = ShowIf.from_document({"question": "q", **condition})
    assert asked.holds({} if values is None else {"q": values}) is holds


def test_a_statement_is_read_and_never_answered() -> None:
    document = {
        "title": {"en": "T"},
        "question": [
            {"code": "note", "kind": "statement", "text": {"en": "Next"}, "required": True},
            {"code": "line", "kind": "short_text", "text": {"en": "Which?"}},
        ],
    }
    definition = SurveyDefinition.from_document(document)
    values, problems = definition.read({"note": ["x"], "line": [" a\nb "]}, CATALOGUE)
    assert (values, problems) == ({"line": "a b"}, [])
    assert definition.subject is Subject.OTHER
