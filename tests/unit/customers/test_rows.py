"""Rows read by a map, merged within a file, and laid over what is known."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.customers.rules import (
    BLANK,
    ColumnMap,
    Fault,
    Field,
    Reading,
    RowReader,
    Status,
    UnableToReadRow,
    decide,
    guess_map,
    merge,
)
from tests.factories.customers import LIST_HEADER, LIST_ROWS, reading


def reader(
    header: tuple[str, ...], *, everybody: Status | None = None, **columns: str
) -> RowReader:
    made = ColumnMap({Field(name): column for name, column in columns.items()}, (), everybody)
    made.check(header)
    return RowReader(made, header)


def test_a_row_becomes_what_it_says() -> None:
    rows = RowReader(guess_map(LIST_HEADER), LIST_HEADER)
    olena, john, maria = (rows.read(row) for row in LIST_ROWS)
    assert olena.reference == "C-1"
    assert olena.values == {
        "name": "Олена Коваль",
        "email": "olena@example.com",
        "phone": "+380 50 111 22 33",
        "language": "uk",
        "account_manager": "Павло",
        "plan": "Pro",
        "region": "Kyiv",
        "monthly_revenue_cents": 120050,
        "status": "departed",
        "departed_on": date(2026, 3, 5),
    }
    assert olena.attributes == {"Industry": "retail"}
    assert (john.values["status"], john.values["departed_on"]) == ("current", None)
    assert maria.values["departed_on"] == date(2025, 12, 31)


def test_everything_that_is_wrong_with_a_row_is_told() -> None:
    rows = RowReader(guess_map(LIST_HEADER), LIST_HEADER)
    with pytest.raises(UnableToReadRow) as refused:
        rows.read(("", "x" * 201, "nobody", "-", "?", "soon", "", "p" * 61, "", "a lot", "y" * 501))
    assert {(each.field, each.fault) for each in refused.value.faults} == {
        ("reference", Fault.MISSING),
        ("name", Fault.TOO_LONG),
        ("email", Fault.NO_ADDRESS),
        ("phone", Fault.NO_PHONE),
        ("departed_on", Fault.NO_DAY),
        ("plan", Fault.TOO_LONG),
        ("monthly_revenue", Fault.NO_AMOUNT),
        ("Industry", Fault.TOO_LONG),
        ("language", Fault.NO_LANGUAGE),
    }


@pytest.mark.parametrize(
    ("status", "left", "expected"),
    [
        ("gone", "2026-01-02", ("departed", date(2026, 1, 2))),
        ("gone", "", ("departed", None)),
        ("active", "2026-01-02", ("current", None)),
        ("", "2026-01-02", ("departed", date(2026, 1, 2))),
        ("", "", ("current", None)),
        ("2026-03-04", "", ("departed", date(2026, 3, 4))),
        ("2026-03-04", "2026-01-02", ("departed", date(2026, 1, 2))),
    ],
)
def test_the_column_of_states_has_the_last_word(
    status: str, left: str, expected: tuple[str, date | None]
) -> None:
    rows = reader(("no", "state", "left"), reference="no", status="state", departed_on="left")
    values = rows.read(("1", status, left)).values
    assert (values["status"], values["departed_on"]) == expected


def test_a_status_alone_keeps_a_known_day() -> None:
    rows = reader(("no", "state"), reference="no", status="state")
    assert rows.read(("1", "gone")).values == {"status": "departed"}
    assert rows.read(("1", "active")).values == {"status": "current", "departed_on": None}
    with pytest.raises(UnableToReadRow, match="status: is empty"):
        rows.read(("1", ""))


def test_everybody_may_have_left() -> None:
    rows = reader(("no", "left"), everybody=Status.DEPARTED, reference="no", departed_on="left")
    assert rows.read(("1", "")).values == {"status": "departed", "departed_on": None}
    stay = reader(("no", "left"), everybody=Status.CURRENT, reference="no", departed_on="left")
    assert stay.read(("1", "2026-01-02")).values == {"status": "current", "departed_on": None}


def test_the_later_row_of_a_customer_wins_where_it_says_something() -> None:
    merged = merge(
        reading("1", name="Anna", email="a@b.co", attributes={"x": "1", "y": "2"}),
        reading("1", name="Anna B.", email="", status="departed", attributes={"x": "", "y": "3"}),
    )
    assert merged.values == {"name": "Anna B.", "email": "a@b.co", "status": "departed"}
    assert merged.attributes == {"x": "1", "y": "3"}


def test_who_came_back_has_no_day_of_leaving() -> None:
    gone = Reading("1", {"status": "departed", "departed_on": date(2026, 1, 2)}, {})
    back = Reading("1", {"status": "current", "departed_on": None}, {})
    assert merge(gone, back).values == {"status": "current", "departed_on": None}


TEXTS = st.text("ab ", max_size=3)
VALUES = st.fixed_dictionaries(
    {"status": st.sampled_from(["current", "departed"])},
    optional={"name": TEXTS, "plan": TEXTS, "departed_on": st.none() | st.dates()},
)
READINGS = st.builds(
    Reading, st.just("1"), VALUES, st.dictionaries(st.sampled_from("xyz"), TEXTS, max_size=3)
)


@given(st.none() | READINGS, READINGS)
def test_a_list_brought_in_twice_changes_nothing(before: Reading | None, again: Reading) -> None:
    known = None if before is None else decide(None, before)
    after = decide(known, again)
    settled = known if after is None else after
    assert settled is not None
    assert decide(settled, again) is None
    assert settled["status"] == again.values["status"]
    assert settled["departed_on"] is None or settled["status"] == "departed"
    assert "" not in settled["attributes"].values()


@given(READINGS, READINGS)
def test_what_a_file_has_no_column_for_stays(before: Reading, later: Reading) -> None:
    known = decide(None, before)
    assert known is not None
    after = decide(known, later) or known
    for name in set(BLANK) - set(later.values) - {"departed_on"}:
        assert after[name] == known[name]
    for name in set(known["attributes"]) - set(later.attributes):
        assert after["attributes"][name] == known["attributes"][name]
