"""What a person may say a statement is about, and how themes are found."""

from __future__ import annotations

import pytest

from feedback_app.causes.queries import get_starter
from feedback_app.causes.rules import Catalogue
from feedback_app.tagging.rules import NONE, SKIP, Tag, UnableToTag, check_tag
from feedback_app.tagging.suggesting.themes import group

CATALOGUE = Catalogue(get_starter().causes, 1)


def test_a_tag_has_one_primary_and_up_to_three_others() -> None:
    tag = check_tag(
        CATALOGUE, "company.price", ["company.price", "client.budget", "", "client.budget"]
    )
    assert tag == Tag("company.price", ("client.budget",))
    assert tag.joined == "client.budget"
    assert Tag.of(tag.primary, tag.joined) == tag
    assert tag.causes == {"company.price", "client.budget"}


def test_no_reason_and_putting_aside_have_no_others() -> None:
    for word in (NONE, SKIP):
        assert check_tag(CATALOGUE, word, ["company.price"]) == Tag(word)
        assert Tag(word).causes == frozenset()


def test_what_is_no_cause_is_refused() -> None:
    with pytest.raises(UnableToTag, match="no cause"):
        check_tag(CATALOGUE, "company.nonsense", ())
    four = ["client.budget", "company.plans", "company.neglect", "company.quality"]
    with pytest.raises(UnableToTag, match="3 others"):
        check_tag(CATALOGUE, "company.price", four)


def test_statements_alike_make_a_theme() -> None:
    alike = [
        f"the parking lot near the office is always {word}"
        for word in ("full", "closed", "dirty", "dark", "crowded", "locked", "narrow", "wet")
    ]
    noise = ["hm", "see above", "as said", "ask my colleague", "yes", "good", "ok then", "later"]
    themes = group([*alike, *noise], smallest=5)
    assert len(themes) == 1
    assert set(themes[0].members) <= set(range(8))
    assert "parking" in themes[0].words
    assert len(themes[0].typical) == 3
    assert themes == group([*alike, *noise], smallest=5)
    assert group(noise, smallest=5) == []
    assert group([], smallest=5) == []


def test_what_is_said_beside_too_is_no_theme() -> None:
    places = ("door", "hall", "shop", "gate", "office")
    alike = [f"your support never answers about the parking lot at the {word}" for word in places]
    noise = ["hm", "see above", "as said", "ask my colleague", "later"]
    beside = [f"your support never answers when I call the {word}" for word in places * 8]
    (theme,) = group([*alike, *noise], beside, smallest=5)
    assert theme.words[0] == "parking"
    assert not {"support", "answers"} & set(" ".join(theme.words).split())
