"""The lexicon's little language: elements, gaps, denial, order."""

from __future__ import annotations

import pytest

from feedback_app.tagging.suggesting.examples import list_codes, list_examples
from feedback_app.tagging.suggesting.lexicon import Lexicon, load_lexicon
from feedback_app.tagging.suggesting.patterns import UnableToReadLexicon, parse_pattern
from feedback_app.tagging.suggesting.text import read_words
from tests.factories.tagging import LANGUAGES, list_statements

CONCEPTS = {
    "dear": ["expensive", "дорог*"],
    "price": ["price*", "cost_of_living", "цен*"],
    "up": ["rise*", "went_up", "вырос*"],
    "brand": ["acme"],
}


def found(line: str, text: str) -> list[str]:
    """What `line` finds in `text`, as the words of its spans."""
    lexicon = Lexicon(CONCEPTS, [parse_pattern("company.price", line)])
    words = read_words(text)
    return [
        " ".join(word.form for word in words[first:behind])
        for hit in lexicon.find(words, [word.form for word in words])
        for first, behind in hit.spans
    ]


@pytest.mark.parametrize(
    ("line", "text", "spans"),
    [
        ("too dear", "Far too dear for me", ["too dear"]),
        ("too|so dear*", "so dearly bought", ["so dearly"]),
        ("@dear", "an expensive thing, дорогая вещь", ["expensive", "дорогая"]),
        ("@price .. @up", "the price of it all went up", ["price of it all went up"]),
        ("@price .. @up", "the price of all of it went up", []),
        ("@price .... @up", "the price of all of it went up", ["price of all of it went up"]),
        ("@price . @up", "prices suddenly rise", ["prices suddenly rise"]),
        ("@price .. @up", "The price. It went up", []),
        ("@price & @up", "it went up, I mean the price", ["price", "went up"]),
        ("@price & @up", "It went up. I mean the price", []),
        ("@price", "the cost of living", ["cost of living"]),
        ("to ^", "I moved to Zed", ["to zed"]),
        ("to ^", "I moved to acme", ["to acme"]),
        ("to ^", "I moved to bed", []),
    ],
)
def test_what_a_pattern_finds(line: str, text: str, spans: list[str]) -> None:
    assert sorted(found(line, text)) == sorted(spans)


@pytest.mark.parametrize(
    "text",
    [
        "not expensive",
        "it is not very expensive",
        "isn't expensive",
        "never too expensive",
        "не дорого",
        "совсем не дорогой",
    ],
)
def test_what_is_denied_is_no_concept(text: str) -> None:
    assert found("@dear", text) == []
    assert found("-dear", text) != []
    assert found("=dear", text) != []


@pytest.mark.parametrize(
    "text", ["not only expensive", "не только дорого", "No. Expensive", "expensive, not good"]
)
def test_what_looks_denied_but_is_not(text: str) -> None:
    assert found("@dear", text) != []


def test_denial_behind_the_word() -> None:
    assert found("-dear", "дорогого нет") == ["дорогого"]


@pytest.mark.parametrize("line", ["", "3", ".. x", "a & .. b", "a &"])
def test_a_line_without_sense_is_refused_by_name(line: str) -> None:
    with pytest.raises(UnableToReadLexicon, match=r"company\.price"):
        parse_pattern("company.price", line)


def test_every_concept_that_a_pattern_names_exists() -> None:
    lexicon = load_lexicon()
    named = {
        element.concept
        for pattern in lexicon.patterns
        for row in pattern.rows
        for element in row
        if element.kind == "concept"
    }
    assert named <= set(lexicon.concepts.names)


def test_patterns_and_examples_speak_of_causes_of_the_catalogue() -> None:
    assert len(list_codes()) == 30
    assert {pattern.cause for pattern in load_lexicon().patterns} <= set(list_codes())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_has_many_examples_in_every_language(language: str) -> None:
    counts = dict.fromkeys(list_codes(), 0)
    for spoken, code, _text in list_examples():
        counts[code] += spoken == language
    assert min(counts.values()) >= 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_statements_of_the_tests_are_in_no_example(language: str) -> None:
    shipped = {text.lower().strip(" .!") for _language, _code, text in list_examples()}
    own = list_statements(language)
    repeated = [each.text for each in own if each.text.lower().strip(" .!") in shipped]
    assert repeated == []
    assert {code: sum(each.primary == code for each in own) for code in list_codes()} == (
        dict.fromkeys(list_codes(), 8)
    )
