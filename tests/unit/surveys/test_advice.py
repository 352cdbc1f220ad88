"""Advice on method in three languages, and what it must not say."""

from __future__ import annotations

from typing import Any

import pytest

from feedback_app.surveys.rules.advice import Rule, advise, estimate_minutes
from feedback_app.surveys.templates import list_templates, read_template
from tests.factories.any_survey import CATALOGUE

LANGUAGES = ("en", "ru", "uk")


def rules(question: dict[str, Any], language: str = "en") -> set[Rule]:
    asked = {"code": "q", "kind": "text", "text": {}, **question}
    found = advise({"title": {}, "question": [asked]}, language, CATALOGUE)
    return {each.rule for each in found if each.question == "q"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list_templates())
def test_ready_surveys_need_no_advice(name: str, language: str) -> None:
    assert advise(read_template(name), language, CATALOGUE) == []


@pytest.mark.parametrize(
    ("language", "text", "rule"),
    [
        ("en", "How quick and polite were we?", Rule.JOINS_TWO),
        ("ru", "Насколько быстро и вежливо вам ответили?", Rule.JOINS_TWO),
        ("uk", "Наскільки швидко й увічливо вам відповіли?", Rule.JOINS_TWO),
        ("en", "How great was our new app?", Rule.LEADS),
        ("ru", "Какие проблемы у вас были?", Rule.LEADS),
        ("uk", "Чи розчарувала вас, на жаль, доставка?", Rule.LEADS),
        ("en", "word " * 26, Rule.LONG_QUESTION),
    ],
)
def test_what_spoils_a_question(language: str, text: str, rule: Rule) -> None:
    assert rule in rules({"text": {language: text}}, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "What brand do you order?"),
        ("ru", "Что вы ищете?"),
        ("uk", "Що ви шукаєте?"),
        ("de", "Was suchen Sie und warum?"),
    ],
)
def test_a_word_inside_another_is_none(language: str, text: str) -> None:
    assert rules({"text": {language: text}}, language) == set()


def choices(*texts: str, **more: Any) -> dict[str, Any]:
    options = [{"code": f"o{at}", "text": {"en": text}} for at, text in enumerate(texts)]
    return {"kind": "single", "text": {"en": "How?"}, "option": options, **more}


def test_options_lean_to_one_side() -> None:
    assert Rule.UNBALANCED in rules(choices("Excellent", "Very good", "Good", "Poor"))
    assert Rule.UNBALANCED not in rules(choices("Very good", "Good", "Poor", "Very poor"))


def test_whom_nothing_fits_needs_a_way_out() -> None:
    assert Rule.NO_WAY_OUT in rules(choices("Tea", "Coffee"))
    open_ended = choices("Tea", "Coffee")
    open_ended["option"][1]["with_text"] = True
    assert rules(open_ended) == set()
    rows = {"kind": "rating", "row": [{"code": "a", "text": {"en": "A"}}]}
    assert Rule.NO_WAY_OUT in rules(rows)
    assert rules({**rows, "not_applicable": {"en": "Does not apply"}}) == set()


def test_scales() -> None:
    ends = {"low": {"en": "Bad"}, "high": {"en": "Really quite wonderful"}}
    assert Rule.UNEVEN_ENDS in rules({"kind": "scale", **ends})
    assert Rule.UNEVEN_ENDS in rules({"kind": "scale", "low": {"en": "Bad"}})
    recommend = {"kind": "scale", "text": {"en": "Would you recommend us?"}}
    assert rules(recommend) == {Rule.OWN_NPS}
    rating = {"kind": "rating", "points": 4, "not_applicable": {"en": "n/a"}, "row": []}
    assert rules(rating) == {Rule.NO_MIDDLE}


def test_the_survey_as_a_whole() -> None:
    words = {"kind": "text", "text": {"en": "Why?"}, "required": True}
    questions = [{"code": f"q{at}", **words} for at in range(12)]
    document = {"title": {}, "question": questions}
    whole = {each.rule for each in advise(document, "en", CATALOGUE) if not each.question}
    assert whole == {Rule.MANY_REQUIRED, Rule.MANY_TEXTS, Rule.TOO_LONG}
    assert estimate_minutes(document, "en", CATALOGUE) == pytest.approx(5.05, abs=0.1)
