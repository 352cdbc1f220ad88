from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest

from feedback_app.imports.rejects import RejectsFile, UnableToWriteRejects


def test_no_rejected_row_no_file(tmp_path: Path) -> None:
    rejects = RejectsFile(tmp_path / "rejects.csv", ["a"])
    rejects.close()
    assert list(tmp_path.iterdir()) == []


def test_rows_come_with_line_and_problem_and_never_as_formulas(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    path.write_text("of an earlier run")
    rejects = RejectsFile(path, ["=a", "b"])
    rejects.write(7, "no date", ['=HYPERLINK("x")', "Дорого"])
    rejects.write(9, "broken", ["+1", "-1", "@x", "\tx", "a=b", "lone \udc98"])
    rejects.close()
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["line", "problem", "'=a", "b"],
            ["7", "no date", '\'=HYPERLINK("x")', "Дорого"],
            ["9", "broken", "'+1", "'-1", "'@x", "'\tx", "a=b", "lone \\udc98"],
        ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    target, path = tmp_path / "precious", tmp_path / "rejects.csv"
    target.write_text("kept")
    path.symlink_to(target)
    rejects = RejectsFile(path, ["a"])
    rejects.write(2, "broken", [])
    rejects.close()
    assert target.read_text() == "kept"
    assert not path.is_symlink()


def test_a_place_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    rejects = RejectsFile(tmp_path / "missing" / "rejects.csv", ["a"])
    with pytest.raises(UnableToWriteRejects, match="another file with --rejects"):
        rejects.write(2, "broken", [])
