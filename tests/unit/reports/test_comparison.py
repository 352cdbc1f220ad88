from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.comparison import competitor_tables
from reports.schema import NamedTable
from tests.unit.reports.groups_of_answers import competitors_frame

Rows = list[tuple[str, str, int]]


def counts(table: NamedTable) -> dict[str, int]:
    return {row.code: row.respondents for row in table.rows}


def test_competitors_and_offers_of_a_worked_example() -> None:
    rows = [("Aster", "price product", 6), ("Birch", "price", 3), ("Aster", "", 2), ("", "", 9)]
    competitors, offers = competitor_tables(competitors_frame(rows), 1)
    assert competitors.respondents == offers.respondents == 20
    # Not named comes last whatever its count.
    assert list(counts(competitors).items()) == [("Aster", 8), ("Birch", 3), ("", 9)]
    assert list(counts(offers).items()) == [("price", 9), ("product", 6)]
    assert [row.share for row in offers.rows] == [0.45, 0.30]


def test_equal_counts_stand_in_alphabetical_order() -> None:
    rows = [("Birch", "terms", 4), ("Aster", "price", 4), ("Cedar", "", 7)]
    competitors, offers = competitor_tables(competitors_frame(rows), 1)
    assert list(counts(competitors)) == ["Cedar", "Aster", "Birch"]
    assert list(counts(offers)) == ["price", "terms"]


def test_nobody_asked_makes_empty_tables() -> None:
    for table in competitor_tables(competitors_frame(), 5):
        assert table == NamedTable(0, (), 0)


def test_few_asked_are_withheld_altogether() -> None:
    for table in competitor_tables(competitors_frame([("Aster", "price", 4)]), 5):
        assert table == NamedTable(None, (), 0)


def test_one_small_competitor_takes_the_next_larger_along() -> None:
    rows = [("Aster", "", 30), ("Birch", "", 12), ("Cedar", "", 2)]
    competitors, _ = competitor_tables(competitors_frame(rows), 5)
    assert counts(competitors) == {"Aster": 30}
    assert competitors.suppressed == 2


def test_one_small_offer_stays_alone_where_offers_overlap() -> None:
    rows = [("Aster", "price product", 20), ("Aster", "price", 9), ("Aster", "price terms", 2)]
    _, offers = competitor_tables(competitors_frame(rows), 5)
    assert counts(offers) == {"price": 31, "product": 20}
    assert offers.suppressed == 1


@given(st.lists(st.integers(1, 14), min_size=1, max_size=5), st.integers(2, 6))
def test_no_withheld_competitor_can_be_computed(sizes: list[int], min_group: int) -> None:
    rows = [(f"Company {place}", "", size) for place, size in enumerate(sizes)]
    table, _ = competitor_tables(competitors_frame(rows), min_group)
    if table.respondents is None:
        return
    told = counts(table)
    assert all(count >= min_group for count in told.values())
    hidden = [size for (name, _, size) in rows if name not in told]
    rest = table.respondents - sum(told.values())
    assert table.suppressed == len(hidden)
    # All ways to part the rest among the withheld competitors, at least one each.
    ways = [way for way in product(range(1, rest + 1), repeat=len(hidden)) if sum(way) == rest]
    for place, size in enumerate(hidden):
        assert size >= min_group or len({way[place] for way in ways}) > 1
    assert rest == 0 or rest >= min_group


@given(st.permutations([("Aster", "price", 6), ("Birch", "price terms", 3), ("", "terms", 9)]))
def test_row_order_changes_nothing(rows: Rows) -> None:
    first = competitor_tables(competitors_frame(sorted(rows)), 2)
    assert competitor_tables(competitors_frame(rows), 2) == first


@pytest.mark.parametrize("min_group", [1, 3])
def test_every_share_lies_within_its_interval(min_group: int) -> None:
    rows = [("Aster", "price", 60), ("Birch", "price terms", 30), ("", "terms", 9)]
    for table in competitor_tables(competitors_frame(rows), min_group):
        assert all(row.low <= row.share <= row.high for row in table.rows)
