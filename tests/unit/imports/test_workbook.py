from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from feedback_app.imports import workbook
from feedback_app.imports.sources import Source, UnableToReadSource, open_source
from tests.factories.exports import HEADER, ROWS, write_workbook


def opened(path: Path, sheet: str = "") -> Source:
    return open_source(path, wanted=HEADER, sheet=sheet)


def test_a_workbook_gives_what_the_csv_gives(tmp_path: Path) -> None:
    # The name does not matter, the content does.
    found = opened(write_workbook(tmp_path / "export.csv"))
    assert found.header == HEADER
    assert [row.cells for row in found.rows()] == [list(row) for row in ROWS]
    assert [row.line for row in found.rows()] == [2, 3, 4, 5, 6]
    assert found.fraction_read() == 1
    assert found.notes == ()


def test_a_reading_given_up_half_way_does_not_shorten_the_next(tmp_path: Path) -> None:
    found = opened(write_workbook(tmp_path / "x.xlsx"))
    assert next(found.rows()).line == 2
    assert [row.line for row in found.rows()] == [row.line for row in found.rows()]
    assert len(list(found.rows())) == len(ROWS)


def test_numbers_and_dates_are_written_as_csv_exports_do(tmp_path: Path) -> None:
    row = (7, 7.0, 7.5, True, datetime(2024, 3, 9, 10, 11, 12), date(2024, 3, 9), None, "end")  # noqa: DTZ001
    found = opened(write_workbook(tmp_path / "x.xlsx", [row], header=list("abcdefgh")))
    assert next(found.rows()).cells == [
        *("7", "7", "7.5", "true", "2024-03-09 10:11:12", "2024-03-09 00:00:00", "", "end")
    ]


def test_one_sheet_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "x.xlsx", sheets=("Answers", "Notes"))
    assert "“Answers”" in str(opened(path).notes[0])
    assert "Notes" in str(opened(path).notes[0])
    assert opened(path, "Answers").notes == ()
    with pytest.raises(UnableToReadSource, match="is empty"):
        opened(path, "Notes")
    with pytest.raises(UnableToReadSource, match=r"no sheet 'Else'.*Answers, Notes"):
        opened(path, "Else")


def test_cells_beyond_the_header_are_told(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "x.xlsx", [("a", "b", "c"), ("a", "b")], header=("x", "y"))
    assert [row.fault for row in opened(path).rows()] == ["3 cells, the file has 2 columns", ""]


def test_one_far_cell_does_not_make_rows_wide(tmp_path: Path) -> None:
    rows = [("a", "b", *[None] * 16_000, "far"), *[("a", "b")] * 50]
    path = write_workbook(tmp_path / "x.xlsx", rows, header=("x", "y"))
    assert {len(row.cells) for row in opened(path).rows()} == {2}


def _add(path: Path, name: str, size: int) -> None:
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as part,
    ):
        block = b" " * (1 << 20)
        for _ in range(size >> 20):
            part.write(block)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("xl/sharedStrings2.xml", workbook.LARGEST_REST + (2 << 20)),
        ("xl/worksheets/sheet9.xml", 18 << 20),
    ],
)
def test_a_zip_bomb_is_refused_before_it_unpacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, size: int
) -> None:
    monkeypatch.setattr(workbook, "LARGEST_SHEETS", 16 << 20)
    path = write_workbook(tmp_path / "x.xlsx")
    _add(path, name, size)
    assert path.stat().st_size < 3 << 20
    with pytest.raises(UnableToReadSource, match=r"unpacks to .* MB.*save the sheet as CSV"):
        opened(path)


def test_xml_definitions_are_refused(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "x.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/more.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>')
    with pytest.raises(UnableToReadSource, match="XML definitions"):
        opened(path)


def test_rows_beyond_what_excel_has_are_refused(tmp_path: Path) -> None:
    path, changed = write_workbook(tmp_path / "x.xlsx"), tmp_path / "y.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'<row r="4"', b'<row r="99999999999"'))
    with pytest.raises(UnableToReadSource, match="more than 1048576 rows"):
        list(opened(changed).rows())


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 5000])
def test_a_damaged_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnableToReadSource, match="damaged workbook or none"):
        opened(path)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    with pytest.raises(UnableToReadSource, match="damaged workbook or none"):
        opened(path)


def test_a_part_cut_short_is_refused_while_reading(tmp_path: Path) -> None:
    path, changed = write_workbook(tmp_path / "x.xlsx"), tmp_path / "y.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            is_sheet = part.startswith(workbook.SHEETS)
            new.writestr(part, content[: len(content) // 2] if is_sheet else content)
    with pytest.raises(UnableToReadSource, match="damaged workbook or none"):
        list(opened(changed).rows())
