"""The texts of every ready survey: three languages, lengths, neutral questions, a time kept."""

from __future__ import annotations

import re
import tomllib

import pytest

from feedback_app.surveys.templates import list_templates
from tests.factories.survey_texts import (
    CATALOGUE,
    FOREIGN_LETTERS,
    JOINS_TWO_QUESTIONS,
    LANGUAGES,
    LEADING,
    LIMIT,
    LIMITS,
    READING_RATE,
    RUSSISMS,
    asked_in,
    matching,
    questions_of,
    read_document,
    tables,
    texts_of,
)

#: Minutes that the introduction announces.
PROMISED = {"departed": 2, "current": 3, "staff": 2, "pulse-nps": 0.5, "pulse-csat": 0.5}
#: Its wording is the standard one, "or" and all (docs/survey-method.md).
STANDARD = {"question.nps.text"}

pytestmark = pytest.mark.parametrize("name", list_templates())


def test_every_text_stands_in_exactly_the_three_languages(name):
    assert [
        where for where, table in tables(read_document(name)) if tuple(table) != LANGUAGES
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
class TestTexts:
    def test_none_is_empty_or_padded(self, name, language):
        assert [
            w for w, text in texts_of(name, language) if not text or text != " ".join(text.split())
        ] == []

    def test_lengths_fit_a_phone(self, name, language):
        too_long = [
            (where, len(text))
            for where, text in texts_of(name, language)
            if len(text) > LIMITS.get(where.split(".")[-1], LIMIT)
        ]
        assert too_long == []

    def test_no_letter_is_from_another_alphabet(self, name, language):
        assert matching(FOREIGN_LETTERS[language], texts_of(name, language)) == []

    def test_apostrophes_and_quotes_are_typographic(self, name, language):
        assert matching("['\"`]| - |\\.\\.\\.", texts_of(name, language)) == []

    def test_a_question_ends_with_one_question_mark_and_nothing_else_has_any(self, name, language):
        asked = asked_in(name, language)
        assert [text for _, text in asked if text.count("?") != 1 or text[-1] != "?"] == []
        others = set(texts_of(name, language)) - set(asked)
        assert matching(r"\?", sorted(others)) == []

    def test_no_question_asks_two_things(self, name, language):
        asked = [(where, text) for where, text in asked_in(name, language) if where not in STANDARD]
        assert matching(JOINS_TWO_QUESTIONS[language], asked) == []

    def test_no_question_leads(self, name, language):
        assert matching(LEADING[language], asked_in(name, language)) == []

    def test_options_of_a_question_differ(self, name, language):
        for question in questions_of(name).values():
            options = [o["text"][language] for o in question.get("option", question.get("row", []))]
            assert len({option.casefold() for option in options}) == len(options)

    def test_nobody_is_addressed_by_gender(self, name, language):
        assert matching(r"\(\w{1,3}\)|\w/\w", texts_of(name, language)) == []

    def test_no_placeholder_is_left_in_a_text(self, name, language):
        assert matching(r"[{}<>%]", texts_of(name, language)) == []

    def test_it_can_be_read_in_the_time_it_announces(self, name, language):
        causes = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["cause"]
        shown = [text for _, text in texts_of(name, language)]
        if any(
            question["kind"] in ("causes", "ranking") for question in questions_of(name).values()
        ):
            shown += [cause["label"][language] for cause in causes if cause["tickable"]]
        words = sum(len(text.split()) for text in shown)
        assert words / READING_RATE <= PROMISED[name]


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_the_respondent_is_always_the_polite_plural_in_lower_case(name, language):
    capital = r"(?<=[^.!?] )(Вы|Ви|Вас|Вам|Вами|Ваш\w*)\b"
    familiar = r"\b(ты|тебя|тебе|твой|твоя|ти|тебе|твій|твоя)\b"
    texts = texts_of(name, language)
    assert [text for _, text in texts if re.search(capital, text)] == []
    assert matching(familiar, texts) == []


def test_ukrainian_is_free_of_russisms(name):
    assert matching(RUSSISMS, texts_of(name, "uk")) == []
