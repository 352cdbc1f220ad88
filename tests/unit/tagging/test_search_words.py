"""Causes are found by the words that come to mind, in three languages."""

from __future__ import annotations

import pytest

from feedback_app.causes.queries import get_starter
from feedback_app.tagging.quick import list_search_words


def test_every_cause_has_words() -> None:
    assert set(list_search_words()) == {cause.code for cause in get_starter().causes}
    assert all(len(words) > 20 for words in list_search_words().values())


@pytest.mark.parametrize(
    ("word", "code"),
    [
        *(("support", "company.slow_response"), ("поддержка", "company.slow_response")),
        *(("підтримка", "company.rudeness"), ("bug", "company.quality")),
        *(("feature", "company.features"), ("ошибка", "company.incompetence")),
        *(("ціна", "competitor.price"), ("контракт", "company.plans")),
        *(("дубль", "client.mistake"), ("помилка", "company.quality")),
    ],
)
def test_an_everyday_word_finds_its_causes(word: str, code: str) -> None:
    assert word in list_search_words()[code]
