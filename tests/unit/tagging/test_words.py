"""Words of a statement: plain forms, places, language, stems."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.tagging.suggesting.lemmas import find_root
from feedback_app.tagging.suggesting.text import BREAK, NUMBER, find_language, read_words, stem


def forms(text: str) -> list[str]:
    return [word.form for word in read_words(text)]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Don’t", ["dont"]),
        ("dont", ["dont"]),
        ("I'll we've it's", ["i", "we", "it"]),
        ("зв'язок звʼязок зв\"язок", ["звязок", "звязок", "звязок"]),
        ("Подъёмный ЁЖ", ["подъемный", "еж"]),
        ("so sloooow", ["so", "slow"]),
        ("15:30, 2 000 and [num]", [NUMBER, NUMBER, NUMBER, "and", NUMBER]),
        ("Bad. Worse!\nWorst", ["bad", BREAK, "worse", BREAK, "worst"]),
        ("", []),
        ("👎 — …", [BREAK]),
    ],
)
def test_plain_forms(written: str, plain: list[str]) -> None:
    assert forms(written) == plain


def test_letters_in_two_parts_are_read_as_one_and_their_places_kept() -> None:
    text = "мой " + unicodedata.normalize("NFD", "йогурт її")
    words = read_words(text)
    assert [word.form for word in words] == ["мой", "йогурт", "її"]
    assert text[words[-1].start : words[-1].end] == unicodedata.normalize("NFD", "її")


def test_a_name_is_a_capital_letter_inside_a_sentence() -> None:
    words = read_words("Moved to Brightly. They are GREAT on Facebook")
    assert [word.form for word in words if word.is_name] == ["brightly"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The app crashes", "en"),
        ("Приложение вылетает", "ru"),
        ("Застосунок вилітає, що робити", "uk"),
        ("Пока не надо", "ru"),
        ("поки не треба", "uk"),
        ("iPhone не работает с вашим app", "ru"),
        ("Отримав телефон, не працює", "uk"),
        ("", "en"),
        ("¿Qué?", "en"),
    ],
)
def test_language_by_letters_and_little_words(text: str, language: str) -> None:
    assert find_language(read_words(text)) == language


@pytest.mark.parametrize(
    "family",
    [
        ["charge", "charges", "charged", "charging"],
        ["доставка", "доставки", "доставку", "доставкой"],
        ["ціна", "ціни", "ціну", "ціною"],
    ],
)
def test_inflected_forms_share_a_stem(family: list[str]) -> None:
    assert len({stem(form) for form in family}) == 1


def test_short_words_keep_their_letters() -> None:
    assert [stem(form) for form in ("не", "bad", "is")] == ["не", "bad", "is"]


def test_roots_are_stems_where_no_dictionary_is_meant() -> None:
    assert find_root("charges", "en") == stem("charges")


@given(st.text())
def test_every_word_has_its_place_and_some_form(text: str) -> None:
    behind = 0
    for word in read_words(text):
        assert behind <= word.start < word.end <= len(text)
        assert word.form
        behind = word.end
