"""What a report's address may ask for."""

from __future__ import annotations

import pytest

from feedback_app.reporting.rules.selection import (
    OTHERS,
    UNKNOWN,
    Selection,
    UnableToReadSelection,
    offered_values,
    read_selection,
)


def test_an_address_is_read_and_written_alike():
    given = {"side": "company", "from": "2024-03", "to": "2024-05-31", "language": "ru"}
    selection = read_selection({**given, "segment_2": "north", "width": "720", "channel": ""})
    assert selection.parameters() == {**given, "segment_2": "north"}
    assert selection.dimensions == ("language", "segment_2")
    assert read_selection(selection.parameters()) == selection
    assert selection.whole == Selection()


def test_only_filters_of_answers_narrow():
    assert not read_selection({"side": "client"}).is_narrowed
    assert read_selection({"to": "2024-05"}).is_narrowed
    assert read_selection({"channel": "link"}).is_narrowed


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"side": "weather"}, "side"),
        ({"from": "March"}, "from"),
        ({"from": "2024-13"}, "from"),
        ({"to": "2024-02-30"}, "to"),
        ({"from": "2024-05", "to": "2024-04"}, "before it begins"),
        ({"language": "x" * 61}, "60 characters"),
    ],
)
def test_nonsense_is_refused_by_name(given, says):
    with pytest.raises(UnableToReadSelection, match=says):
        read_selection(given)


def test_rare_values_are_offered_together():
    assert offered_values({"en": 40, "ru": 12, "uk": 3, "pl": 4}, 5) == ("en", "ru", OTHERS)


def test_a_rest_too_small_takes_the_smallest_value_in():
    assert offered_values({"en": 40, "ru": 12, "uk": 3}, 5) == ("en", OTHERS)


def test_no_choice_is_offered_where_there_is_none():
    assert offered_values({"en": 40}, 5) == ()
    assert offered_values({"en": 40, "uk": 2}, 5) == ()
    assert offered_values({}, 5) == ()


def test_answers_without_a_value_can_be_asked_for():
    assert offered_values({"": 9, "pro": 8}, 5) == (UNKNOWN, "pro")
