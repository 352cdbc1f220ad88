from __future__ import annotations

from pathlib import Path

import pytest

from feedback_app.imports.sources import Source, SourceRow, UnableToReadSource, open_source
from tests.factories.exports import HEADER, ROWS, csv_bytes

LISTED = [list(row) for row in ROWS]


def source(tmp_path: Path, content: bytes, **how: str) -> Source:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    return open_source(path, wanted=HEADER, **how)


def cells(found: Source) -> list[list[str]]:
    rows = list(found.rows())
    assert [row.fault for row in rows] == [""] * len(rows)
    return [row.cells for row in rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiters_and_encodings_are_detected(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    found = source(tmp_path, csv_bytes(delimiter=delimiter, encoding=encoding))
    assert found.header == HEADER
    assert cells(found) == LISTED
    assert found.notes == ()


def test_windows_cyrillic_is_read_with_a_note(tmp_path: Path) -> None:
    found = source(tmp_path, csv_bytes(encoding="cp1251"))
    assert cells(found) == LISTED
    assert "cp1251" in str(found.notes[0])


def test_a_named_encoding_overrules(tmp_path: Path) -> None:
    row = ("1", "2024-03-01", "exit", "Trop cher", "Déçu")
    found = source(tmp_path, csv_bytes([row], encoding="cp1252"), encoding="cp1252")
    assert cells(found) == [list(row)]
    assert found.notes == ()
    with pytest.raises(UnableToReadSource, match="not a text encoding"):
        source(tmp_path, csv_bytes(), encoding="hex")


def test_the_delimiter_that_finds_the_columns_wins(tmp_path: Path) -> None:
    header = ("reason", "a,b,c,d,e,f")
    found = source(tmp_path, csv_bytes([("x", "y")], header=header, delimiter=";"))
    assert found.header == header


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    found = source(tmp_path, csv_bytes())
    assert [row.line for row in found.rows()] == [2, 3, 4, 6, 7]


def test_blank_lines_are_no_rows_and_short_rows_are_filled(tmp_path: Path) -> None:
    found = source(tmp_path, b"\n\na,b,c\n1,2\n\n,,\n3,4,5,,\n")
    assert list(found.rows()) == [SourceRow(4, ["1", "2", ""]), SourceRow(7, ["3", "4", "5"])]


def test_rows_that_can_not_be_read_are_told_and_the_others_are_read(tmp_path: Path) -> None:
    content = (
        'reason,details\ngood,дорого\ntoo,many,cells\nbroken,"quote"x\ngood,дорого\n'
    ).encode()
    found = source(tmp_path, content + b"bad,\xff\xfe\ngood,last\n" + b'open,"never closed\n')
    rows = list(found.rows())
    assert [(row.line, bool(row.fault)) for row in rows] == [
        (2, False),
        (3, True),
        (4, True),
        (5, False),
        (6, True),
        (7, False),
        (8, True),
    ]
    assert "3 cells, the file has 2 columns" in rows[1].fault
    assert "encoding" in rows[4].fault


def test_an_unclosed_quotation_does_not_swallow_the_file(tmp_path: Path) -> None:
    lines = "good,text of a row\n" * 20_000
    found = source(tmp_path, f'reason,details\nbad,"never closed\n{lines}'.encode())
    rows = list(found.rows())
    assert rows[0].fault
    assert sum(not row.fault for row in rows) > 10_000


def test_it_can_be_read_again_and_tells_how_far_it_is(tmp_path: Path) -> None:
    found = source(tmp_path, csv_bytes(ROWS * 2000))
    assert found.fraction_read() == 0
    fractions = [found.fraction_read() for _row in found.rows()]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1, abs=0.05)
    assert len(list(found.rows())) == len(ROWS) * 2000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither CSV nor"),
        (b"\xd0\xcf\x11\xe0rest", r"old \.xls or a workbook with a password"),
        (b",".join([b"c"] * 1001), "1001 columns"),
        (b'"never closed', "can not be read as CSV|is empty"),
    ],
)
def test_what_is_no_csv_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(UnableToReadSource, match=message):
        source(tmp_path, content)


def test_a_csv_has_no_sheets(tmp_path: Path) -> None:
    with pytest.raises(UnableToReadSource, match="no workbook"):
        source(tmp_path, csv_bytes(), sheet="Answers")
