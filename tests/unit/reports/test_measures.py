"""Scores over time and by group: nothing told can be subtracted down to a few people."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.measures import measures_of
from reports.schema import UnableToReadReportInput
from reports.score_schema import Field, Measure

CSAT = Field("csat", "csat", 1, 5)
COLUMNS = ["field", "value", "month", "segment_1", "channel", "respondents"]
DIMENSIONS = ("segment_1", "channel")
BAND_OF = {1: 0, 2: 0, 3: 1, 4: 2, 5: 2}


def _measure(rows: Sequence[tuple[object, ...]], total: int, min_group: int = 10) -> Measure:
    frame = pd.DataFrame([("csat", *row) for row in rows], columns=COLUMNS)
    (found,) = measures_of([CSAT], frame, total, DIMENSIONS, min_group)
    return found


def test_months_with_few_answers_are_put_together_and_groups_stand_by_name():
    rows = [
        (value, month, segment, "link", 10)
        for value in (2, 3, 5)
        for month in ("2025-01", "2025-02", "2025-03")
        for segment in ("north", "south")
    ] + [(5, "2025-04", "north", "link", 3)]

    found = _measure(rows, 183)

    periods = [(it.first_month, it.last_month, it.respondents) for it in found.trend]
    assert periods == [
        ("2025-01", "2025-01", 60),
        ("2025-02", "2025-02", 60),
        ("2025-03", "2025-04", 63),
    ]
    (segments,) = found.groups  # one channel is no table
    assert [(it.value, it.respondents) for it in segments.groups] == [("north", 93), ("south", 90)]
    assert sum(it.respondents or 0 for it in segments.groups) == found.respondents


def test_rare_values_are_told_together_or_not_at_all():
    large = [(value, "2025-01", "big", "link", 30) for value in (1, 3, 5)]
    rare = [(value, "2025-01", name, "link", 6) for value in (1, 3, 5) for name in ("a", "b")]

    found = _measure(large + rare, 126)
    (segments,) = found.groups
    assert [(it.value, it.respondents) for it in segments.groups] == [("big", 90), ("*", 36)]

    assert _measure(large + rare[::2], 108).groups == ()  # one rare value: nobody to hide among


def test_a_table_that_another_one_would_cut_open_is_left_out():
    """All of "link" are without a segment; three more without one came by invitation."""
    rows = [(value, "2025-01", "", "link", 20) for value in (1, 3, 5)]
    rows += [(value, "2025-01", "", "invitation", 3) for value in (1, 3, 5)]
    rows += [(value, "2025-01", "big", "invitation", 20) for value in (1, 3, 5)]

    (only,) = _measure(rows, 129).groups

    assert only.dimension == "segment_1"


def test_with_a_smallest_group_of_one_everything_is_told():
    found = _measure([(5, "2025-01", "a", "link", 1), (1, "2025-02", "b", "kiosk", 1)], 3, 1)

    assert [level.respondents for level in found.levels] == [1, 0, 0, 0, 1]
    assert len(found.trend) == 2
    assert [it.dimension for it in found.groups] == ["segment_1", "channel"]


def test_does_not_apply_is_apart_and_silent_people_stay_hidden():
    rows = [(value, "", "", "", 30) for value in (1, 2, 3, 4, 5)]

    assert _measure([*rows, (-1, "", "", "", 25)], 175).not_applicable == 25
    assert _measure([*rows, (-1, "", "", "", 25)], 178).not_applicable is None
    assert _measure([*rows, (-1, "", "", "", 4)], 180).not_applicable is None


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(6, "2025-01", "", "", 10)], "asked from 1 to 5"),
        ([(5, "2025-01", "", "", 10)], "more answers than respondents"),
        ([(5, "2025-01", "", "", -1)], "whole numbers"),
    ],
)
def test_frames_that_break_the_contract_are_refused(rows, words):
    with pytest.raises(UnableToReadReportInput, match=words):
        _measure(rows, 5)


def test_a_field_that_nobody_asked_and_a_missing_column_are_refused():
    frame = pd.DataFrame([("csat", 5, "2025-01", "", "", 10)], columns=COLUMNS)

    with pytest.raises(UnableToReadReportInput, match="unknown field 'csat'"):
        measures_of([], frame, 20, DIMENSIONS, 1)
    with pytest.raises(UnableToReadReportInput, match="column value is missing"):
        measures_of([CSAT], frame.drop(columns="value"), 20, DIMENSIONS, 1)


cells = st.lists(
    st.tuples(
        st.sampled_from([1, 3, 5]),
        st.sampled_from(["2025-01", "2025-02", "2025-03"]),
        st.sampled_from(["a", "b", "c", ""]),
        st.sampled_from(["link", "kiosk"]),
        st.integers(1, 25),
    ),
    max_size=30,
)


@given(cells, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    total = sum(row[-1] for row in rows) + 20

    assert _measure(rows, total) == _measure(shuffled, total)


@given(cells)
def test_every_group_and_every_subtraction_of_two_tables_is_large(rows):
    total = sum(row[-1] for row in rows) + 20
    found = _measure(rows, total, 5)
    tables = [_members(it.dimension, [g.value for g in it.groups], rows) for it in found.groups]
    if found.trend:
        spans = [(it.first_month, it.last_month) for it in found.trend]
        tables.append([[row for row in rows if first <= row[1] <= last] for first, last in spans])
    for table in tables:
        assert all(_is_large(group) for group in table)
    for one, other in combinations(tables, 2):
        for first, second in ((one, other), (other, one)):
            for size in range(1, len(second)):
                for chosen in combinations(second, size):
                    inside = [id(row) for group in chosen for row in group]
                    touching = [g for g in first if any(id(row) in inside for row in g)]
                    left = [row for g in touching for row in g if id(row) not in inside]
                    assert _is_large(left) or not left


def _members(dimension: str, values: list[str], rows: list) -> list[list]:
    place = {"segment_1": 2, "channel": 3}[dimension]
    told = [[row for row in rows if row[place] == value] for value in values if value != "*"]
    rest = [row for row in rows if row[place] not in values]
    return told + ([rest] if rest else [])


def _is_large(rows: list) -> bool:
    bands = [0, 0, 0]
    for value, *_, number in rows:
        bands[BAND_OF[value]] += number
    return sum(bands) >= 5 and all(count == 0 or count >= 5 for count in bands)
