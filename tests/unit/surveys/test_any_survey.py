"""Any survey the editor can make: answered, told, sealed, exported and brought back the same."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_app.answers.rules import Envelope, competitor_of, holds_text, offers_of
from feedback_app.ballots.sealing import make_key, seal, unseal
from feedback_app.surveys.exchange import UnableToReadSurvey, read_survey, write_survey
from feedback_app.surveys.rules import SurveyDefinition
from feedback_app.surveys.rules.advice import advise
from feedback_app.surveys.rules.checking import find_gaps
from feedback_app.surveys.rules.schema import FORMAT, build_schema
from feedback_app.surveys.rules.versions import find_breaks, join_versions
from feedback_app.surveys.templates import list_templates, read_template
from feedback_app.tagging.rules import chosen_tags
from tests.factories.any_survey import CATALOGUE, LANGUAGES, forms, surveys

VERSION = UUID("00000000-0000-4000-8000-000000000000")
PRIVATE, PUBLIC = make_key()
SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "survey-schema.json"


@settings(max_examples=60)
@given(st.data())
def test_it_is_answered_told_and_sealed(data: st.DataObject) -> None:
    document = data.draw(surveys())
    assert find_gaps(document, CATALOGUE) == []
    definition = SurveyDefinition.from_document(document)
    values, problems = definition.read(data.draw(forms(definition)), CATALOGUE)
    assert problems == []
    assert all(definition.find(code) is not None for code in values)
    lines = definition.record(values, "ru", CATALOGUE)
    assert len(lines) >= len(values)
    envelope = Envelope(VERSION, "en", values)
    sealed = seal(envelope.document(), public_key=PUBLIC, box_bytes=definition.box_bytes())
    again = Envelope.from_document(unseal(sealed, private_key=PRIVATE))
    assert again.values == values
    # What a stored row takes from it.
    assert set(chosen_tags(values).causes) <= set(CATALOGUE.codes())
    assert isinstance(holds_text(values), bool)
    assert isinstance(competitor_of(values, {}) + offers_of(values), str)
    for language in LANGUAGES:
        advise(document, language, CATALOGUE)


@settings(max_examples=60)
@given(surveys())
def test_it_comes_back_from_json_the_same(document: dict[str, Any]) -> None:
    text = write_survey(document, name="Any «survey»")
    assert read_survey(text, CATALOGUE) == document
    definition = SurveyDefinition.from_document(document)
    assert find_breaks(document, [definition]) == []
    assert join_versions([definition, definition]) == definition


@pytest.mark.parametrize("name", list_templates())
def test_ready_surveys_come_back_the_same(name: str) -> None:
    document = read_template(name)
    assert read_survey(write_survey(document, name=name), CATALOGUE) == document


@st.composite
def broken(draw: st.DrawFn) -> str:
    """A survey as JSON with one thing put in a wrong place."""
    document = {"format": FORMAT, **copy.deepcopy(draw(surveys(most=3)))}
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, child in items:
            places.append((node, key))
            if isinstance(child, dict | list):
                walk(child)

    walk(document)
    node, key = draw(st.sampled_from(places))
    wrong: st.SearchStrategy[Any] = st.sampled_from(
        [None, True, -1, 1.5, 10**30, "", "x" * 700, "\ud800", "\x00", [], {}, [[]], {"x": "y"}]
    )
    act = draw(st.sampled_from(("change", "add", "remove")))
    if act == "remove":
        del node[key]
    elif act == "add" and isinstance(node, dict):
        node[draw(st.text(max_size=5))] = draw(wrong)
    else:
        node[key] = draw(wrong)
    return json.dumps(document)


@settings(max_examples=150)
@given(st.one_of(broken(), st.text(max_size=200), st.binary(max_size=100).map(repr)))
def test_whatever_is_brought_is_a_survey_or_is_refused_in_words(text: str) -> None:
    try:
        document = read_survey(text, CATALOGUE)
    except UnableToReadSurvey as refusal:
        document = None
        said = [str(refusal), *map(str, refusal.faults)]
    if document is None:
        assert all(said)
        return
    SurveyDefinition.from_document(document)
    json.dumps(document, ensure_ascii=False).encode()
    find_gaps(document, CATALOGUE)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "guess"}, ("1", "kind", "“guess” is none of: causes")),
        ({"colour": 1}, ("1", "", "“colour” is not known there")),
        ({"text": {"en": "x" * 301}}, ("1", "text.en", "longer than 300 characters")),
        ({"text": {"e n": "x"}}, ("1", "text", "“e n” is no language code")),
        ({"max": "many"}, ("1", "max", "not what is expected there: integer")),
        ({"max": 5}, ("1", "max", "smaller than 50")),
        ({"code": "Why?"}, ("1", "code", "“Why?” is no code there")),
        ({"text": None}, ("1", "text", "not what is expected there: object")),
        ({"text": {"en": "a\u0007b"}}, ("1", "text.en", "can not be shown")),
        ({"show_if": {"question": "later"}}, ("why", "show_if.question", "“later”")),
    ],
)
def test_a_fault_names_its_question_and_its_field(
    change: dict[str, Any], says: tuple[str, str, str]
) -> None:
    question = {"code": "why", "kind": "text", "text": {"en": "Why?"}, **change}
    document = {"format": FORMAT, "title": {"en": "T"}, "question": [question]}
    with pytest.raises(UnableToReadSurvey) as refusal:
        read_survey(json.dumps(document), CATALOGUE)
    (fault,) = refusal.value.faults
    assert (fault.question, fault.field) == says[:2]
    assert says[2] in str(fault)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no JSON: line 1, character 1"),
        ('{"a": 1,\n}', "line 2, character 1"),
        ("NaN", "no JSON that can be read"),
        ("[" * 100_000, "no JSON"),
        ("9" * 5000, "no JSON that can be read"),
        ('{"a":' * 50 + "1" + "}" * 50, "nested too deeply"),
        (" " * 1_100_000, "no survey is"),
    ],
)
def test_what_is_no_json_says_where(text: str, says: str) -> None:
    with pytest.raises(UnableToReadSurvey, match=says):
        read_survey(text, CATALOGUE)


def test_the_published_schema_is_the_one_in_force() -> None:
    assert json.loads(SCHEMA.read_text("utf-8")) == build_schema()
