"""`feedback import customers` on both databases: what is stored, refused, updated."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from config import Settings
from feedback_app.customers.models import Customer
from feedback_app.foundation.db import Database
from feedback_app.staff.models import AuditEntry
from tests.factories.customers import LIST_HEADER, LIST_ROWS, write_list
from tests.factories.exports import write_workbook
from tests.integration.customers.conftest import Ended

Run = Callable[..., Ended]


def stored(database: Database) -> dict[str, Any]:
    with database.reading() as session:
        return {each.reference: each for each in session.scalars(select(Customer))}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_lists_come_as_tools_write_them(bring_in: Run, database: Database, tmp_path: Path) -> None:
    hows: tuple[dict[str, str], ...] = (
        {},
        {"delimiter": ";", "encoding": "utf-8-sig"},
        {"delimiter": ";", "encoding": "cp1251"},
        {"delimiter": "\t", "encoding": "utf-16"},
    )
    for how in hows:
        with database.writing() as session:
            session.execute(delete(Customer))
        ended = bring_in(write_list(tmp_path / "list.csv", **how))
        assert ended.status == 0, ended.err
        assert "reference=Customer ID" in ended.err
        found = stored(database)
        assert found["C-1"].name == "Олена Коваль"
        assert found["C-3"].phone == "8 (495) 111-22-33 доб. 4"


def test_a_list_becomes_customers(
    bring_in: Run, database: Database, settings: Settings, tmp_path: Path
) -> None:
    ended = bring_in(write_list(tmp_path / "list.csv"))
    assert ended.status == 0, ended.err
    assert (ended.number("Rows read"), ended.number("New")) == (3, 3)
    assert (ended.number("Departed"), ended.number("Rejected")) == (2, 0)
    olena = stored(database)["C-1"]
    assert (olena.email, olena.language, olena.status) == ("olena@example.com", "uk", "departed")
    assert olena.departed_on == date(2026, 3, 5)
    assert olena.monthly_revenue_cents == 120050
    assert olena.attributes == {"Industry": "retail"}
    assert list((settings.home / "uploads").iterdir()) == []
    with database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "customers.import"))
    assert entry.subject == "list"
    assert entry.detail["new"] == 3
    assert "Олена" not in str(entry.detail)


def test_a_workbook_is_read_like_the_same_csv(
    bring_in: Run, database: Database, tmp_path: Path
) -> None:
    rows: list[list[object]] = [list(row) for row in LIST_ROWS]
    rows[0][5], rows[0][9], rows[1][9] = date(2026, 3, 5), 1200.5, 99
    file = write_workbook(tmp_path / "list.xlsx", rows, header=LIST_HEADER, sheets=("A", "B"))
    ended = bring_in(file)
    assert ended.status == 0, ended.err
    assert "Only the sheet “A” was read" in ended.err
    found = stored(database)
    assert found["C-1"].departed_on == date(2026, 3, 5)
    assert (found["C-1"].monthly_revenue_cents, found["C-2"].monthly_revenue_cents) == (
        120050,
        9900,
    )


def test_a_second_list_updates_by_reference(
    bring_in: Run, database: Database, tmp_path: Path
) -> None:
    bring_in(write_list(tmp_path / "list.csv"))
    before = stored(database)
    again = bring_in(write_list(tmp_path / "list.csv"))
    assert (again.number("Unchanged"), again.number("Updated")) == (3, 0)
    later = write_list(
        tmp_path / "later.csv",
        [("C-2", "2026-06-01"), ("C-1", "2026-03-05"), ("C-9", "")],
        header=("Customer ID", "Cancelled at"),
    )
    ended = bring_in(later)
    assert (ended.number("New"), ended.number("Updated"), ended.number("Unchanged")) == (1, 1, 1)
    after = stored(database)
    assert (after["C-2"].status, after["C-2"].departed_on) == ("departed", date(2026, 6, 1))
    assert after["C-2"].email == "john@example.org"
    assert {name: each.id for name, each in before.items()}.items() <= {
        name: each.id for name, each in after.items()
    }.items()


def test_rows_of_one_customer_are_merged_wherever_they_stand(
    bring_in: Run, database: Database, tmp_path: Path
) -> None:
    others = [(f"X-{number}", "", "", "active") for number in range(2100)]
    rows = [("C-1", "Anna", "", "active"), *others, ("C-1", "", "a@b.co", "gone")]
    ended = bring_in(
        write_list(tmp_path / "list.csv", rows, header=("id", "name", "email", "status"))
    )
    assert (ended.number("New"), ended.number("Duplicates merged")) == (2101, 1)
    found = stored(database)["C-1"]
    assert (found.name, found.email, found.status) == ("Anna", "a@b.co", "departed")


def test_faulty_rows_are_told_and_written_aside_the_others_taken(
    bring_in: Run, database: Database, tmp_path: Path
) -> None:
    rows = [
        ("C-1", "nobody", "gone", "=1+1"),
        ("", "a@b.co", "gone", ""),
        ("C-3", "c@d.co", "perhaps", ""),
        ("C-4", "d@e.co", "gone", "x", "too many"),
        ("C-5", "e@f.co", "gone", "fine"),
    ]
    ended = bring_in(
        write_list(tmp_path / "list.csv", rows, header=("id", "email", "status", "note"))
    )
    assert ended.status == 0
    assert (ended.number("New"), ended.number("Rejected")) == (1, 4)
    assert "line 2: email: “nobody” is not an e-mail address" in ended.err
    assert "line 3: reference: is empty" in ended.err
    assert set(stored(database)) == {"C-5"}
    with (tmp_path / "list.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert [line[0] for line in lines] == ["line", "2", "3", "4", "5"]
    assert lines[1][-1] == "'=1+1"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_map_decides_over_names(bring_in: Run, database: Database, tmp_path: Path) -> None:
    file = write_list(
        tmp_path / "list.csv",
        [("a@b.co", "03/04/2026", "x", "y")],
        header=("Kontakt", "Wann", "Notiz", "Rest"),
    )
    by_map = tmp_path / "map.toml"
    by_map.write_text(
        '[columns]\nreference = "Kontakt"\nemail = "Kontakt"\ndeparted_on = "Wann"\n'
        '[options]\ndate_format = "%d/%m/%Y"\nextra = ["Notiz"]\n'
    )
    assert bring_in(file, "--map", by_map).status == 0
    found = stored(database)["a@b.co"]
    assert (found.email, found.departed_on) == ("a@b.co", date(2026, 4, 3))
    assert found.attributes == {"Notiz": "x"}
    by_options = ("--mapping", "reference=Kontakt", "--mapping", "region=Rest")
    assert bring_in(file, *by_options, "--everybody", "current").status == 0
    found = stored(database)["a@b.co"]
    assert (found.status, found.region) == ("current", "y")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_dry_run_counts_and_stores_nothing(
    bring_in: Run, database: Database, tmp_path: Path
) -> None:
    ended = bring_in(write_list(tmp_path / "list.csv"), "--dry-run")
    assert (ended.status, ended.number("New")) == (0, 3)
    assert stored(database) == {}


UNREADABLE: tuple[tuple[bytes, tuple[str, ...], str], ...] = (
    (b"", (), "empty"),
    (b"\x00\x01\x02", (), "neither CSV nor"),
    (b"\xd0\xcf\x11\xe0rest", (), "save it as .xlsx"),
    (b"PK\x03\x04 broken", (), "damaged workbook"),
    (b"note\nx\n", (), "No column is the reference"),
    (b"id,name\n1,x\n", (), "Nothing says who has left"),
    (b"id,id,status\n1,2,gone\n", (), "stands in the file twice"),
    (b"id,status\n,gone\n", (), "No row could be taken"),
    (b"id,status\n1,gone\n", ("--mapping", "emial=id"), "There is no field 'emial'"),
    (b"id,status\n1,gone\n", ("--mapping", "email"), "FIELD=COLUMN"),
    (b"id,status\n1,gone\n", ("--mapping", "reference=No"), "no column 'No'"),
    (b"id,status\n1,gone\n", ("--mapping", "reference=id"), "Nothing says who has left"),
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_can_not_be_read_is_refused_in_one_line(
    bring_in: Run, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    for content, more, words in UNREADABLE:
        file.write_bytes(content)
        ended = bring_in(file, *more)
        assert ended.status == 2
        last = ended.err.strip().splitlines()[-1]
        assert words in last
        assert "Traceback" not in ended.err
        assert ".data" not in last
        assert stored(database) == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_too_many_rows_are_refused(
    bring_in: Run, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback_app.customers.importing.MOST_ROWS", 2)
    ended = bring_in(write_list(tmp_path / "list.csv"))
    assert ended.status == 2
    assert "more than 2 rows" in ended.err
    assert stored(database) == {}


def test_two_lists_at_once_add_every_customer_once(
    prepared: Database, settings: Settings, tmp_path: Path
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from feedback_app.customers.actions import Tally, store
    from tests.factories.customers import reading

    steps = [
        [reading(f"C-{number}", plan=plan) for number in range(300)] for plan in ("A", "B", "C")
    ]

    def bring(step: list[Any]) -> Tally:
        tally = Tally()
        with prepared.writing() as session:
            store(session, step, tally)
        return tally

    with ThreadPoolExecutor(3) as pool:
        tallies = list(pool.map(bring, steps))
    assert sorted(each.new for each in tallies) == [0, 0, 300]
    with prepared.reading() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 300
