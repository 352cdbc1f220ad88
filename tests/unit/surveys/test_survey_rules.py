"""Slugs, k and definitions: what a survey may be."""

from __future__ import annotations

import copy
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.surveys.rules import (
    Mode,
    SurveyDefinition,
    UnableToChangeSurvey,
    UnableToReadDefinition,
    check_k,
    make_slug,
)
from feedback_app.surveys.rules.survey import LONGEST_SLUG
from feedback_app.surveys.templates import list_templates, read_template


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Why customers left", "why-customers-left"),
        ("Почему уходят клиенты?", "pochemu-ukhodyat-klienty"),
        ("Чому йдуть клієнти: їхні причини", "chomu-ydut-kliyenti-yikhni-prichini"),
        ("…", "survey"),
    ],
)
def test_slugs_can_be_read_aloud(name: str, slug: str) -> None:
    made = make_slug(name, ())
    assert re.fullmatch(r"[a-z0-9-]+", made)
    if name.isascii():
        assert made == slug
    else:
        assert made.split("-")[0][:4] == slug.split("-", maxsplit=1)[0][:4]


def test_a_taken_slug_gets_a_number() -> None:
    assert make_slug("Exit", {"exit", "exit-2"}) == "exit-3"


@given(st.text(max_size=300), st.integers(0, 3))
def test_any_name_makes_a_short_plain_slug(name: str, taken: int) -> None:
    used: set[str] = set()
    for _ in range(taken + 1):
        slug = make_slug(name, used)
        assert slug not in used
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
        assert len(slug) <= LONGEST_SLUG
        used.add(slug)


@pytest.mark.parametrize(("k", "mode"), [(4, Mode.ANONYMOUS), (0, Mode.NAMED), (1001, Mode.IMPORT)])
def test_a_k_that_breaks_the_promise_is_refused(k: int, mode: Mode) -> None:
    with pytest.raises(UnableToChangeSurvey, match=str(k)):
        check_k(k, mode)


def test_every_template_is_a_definition_in_three_languages() -> None:
    assert "departed" in list_templates()
    for name in list_templates():
        definition = SurveyDefinition.from_document(read_template(name))
        assert definition.languages == ("en", "ru", "uk")
        assert definition.box_bytes() % 4096 == 0


def test_an_unknown_template_names_those_there_are() -> None:
    with pytest.raises(UnableToChangeSurvey, match="departed"):
        read_template("nothing")


def broken(change: str) -> dict[str, object]:
    """The departed template with one fault."""
    document = copy.deepcopy(read_template("departed"))
    questions = document["question"]
    if change == "kind":
        questions[1]["kind"] = "guess"
    elif change == "twice":
        questions[1]["code"] = questions[0]["code"]
    elif change == "order":
        questions.reverse()
    elif change == "text":
        del questions[2]["text"]
    elif change == "title":
        del document["title"]
    return document


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("kind", "Question 2: unknown kind 'guess'"),
        ("twice", "used twice"),
        ("order", "does not stand before it"),
        ("text", r"Question 3 \(competitor\)"),
        ("title", "title"),
    ],
)
def test_a_faulty_definition_says_which_question_and_what(change: str, says: str) -> None:
    with pytest.raises(UnableToReadDefinition, match=says):
        SurveyDefinition.from_document(broken(change))
