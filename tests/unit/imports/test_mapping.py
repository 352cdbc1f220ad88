from __future__ import annotations

import tomllib

import pytest

from feedback_app.imports.rules import (
    ImportMap,
    UnableToPlaceSegments,
    UnableToReadMap,
    place_segments,
    read_map,
)
from tests.factories.exports import MAP, starter_catalogue

REASON = '[columns]\nreason = "r"\n'


def read(text: str) -> ImportMap:
    return read_map(tomllib.loads(text), starter_catalogue())


def test_a_whole_map_is_read() -> None:
    found = read(MAP + '[options]\nseparator = ";"\ndate_format = "%m/%d/%Y"\n')
    assert found.columns == {
        "id": ("customer",),
        "date": ("created_at",),
        "channel": ("survey_type",),
        "reason": ("reason",),
        "text": ("details",),
    }
    assert found.segments == {"plan": "survey_type"}
    assert found.reasons["Other"] == "none"
    assert (found.separator, found.date_format, found.encoding) == (";", "%m/%d/%Y", "")
    assert found.list_columns() == ("created_at", "customer", "details", "reason", "survey_type")


def test_a_reason_is_all_that_is_needed() -> None:
    assert read(REASON).columns == {"reason": ("r",)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must name the reason"),
        ('[columns]\ndate = "day"', "or else the text"),
        ("[columns]\nreason = []", "must name the reason"),
        ('[columns]\nreason = "r"\nreson = "x"', "'reson'"),
        (REASON + "[reson]", "'reson'"),
        (REASON + '[options]\nseperator = ";"', "'seperator'"),
        (REASON + '[reasons]\n"a" = "company.prise"', "'company.prise'"),
        (REASON + '[reasons]\n"a" = ["company.price"]', "must be a cause code"),
        (REASON + "[options]\nseparator = 5", "separator"),
        (REASON + '[options]\nencoding = "klingon"', "klingon"),
        ('[columns]\nreason = "r"\ndate = ["a", "b"]', "date in .* one column's name"),
        ('[columns]\nreason = ["r", 5]', "reason in .* column names"),
        ('[columns]\nreason = "r"\nsegment = "plan"', "A segment needs a name"),
        (REASON + 'segment = {a="1", b="2", c="3", d="4"}', "At most 3 segments"),
        (REASON + f'segment.{"x" * 41} = "plan"', "1 to 40 characters"),
        ("columns = 5", "must be a table"),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str) -> None:
    with pytest.raises(UnableToReadMap, match=message):
        read(text)


def test_unknown_codes_come_with_the_known_ones() -> None:
    with pytest.raises(UnableToReadMap, match=r"company\.price.*client\.mistake, none, skip"):
        read(REASON + '[reasons]\n"a" = "pricing"')


def test_apostrophes_spaces_and_composition_do_not_separate_reasons() -> None:
    found = read(REASON + '[reasons]\n"I’m off to a café" = "competitor.unspecified"')
    for spelling in ("I'm off to a café", "  I’m off to a café ", "Iʼm off to a cafe\u0301"):
        assert found.meaning(spelling) == "competitor.unspecified"
    assert found.meaning("i'm off to a café") is None


def test_exact_spelling_comes_first() -> None:
    found = read(REASON + '[reasons]\n"it\'s" = "company.price"\n"it’s" = "client.budget"')
    assert found.meaning("it's") == "company.price"
    assert found.meaning("it’s") == "client.budget"


def test_segments_keep_their_places() -> None:
    assert place_segments((), ("plan", "region")) == (("plan", "region"), (0, 1))
    assert place_segments(("plan",), ("region", "plan")) == (("plan", "region"), (1, 0))
    with pytest.raises(UnableToPlaceSegments, match="more than 3"):
        place_segments(("a", "b"), ("c", "d"))
