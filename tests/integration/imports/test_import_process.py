"""The command as a process of its own, on SQLite: status, memory's enemies, quiet output."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.factories.exports import ROWS, write_csv, write_map

COMMAND = (sys.executable, "-X", "importtime", "-m", "feedback_app.cli", "import", "answers")


def test_a_new_home_takes_an_import_and_loads_no_analysis(home: Path, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "export.csv", ROWS * 3)
    by_map = write_map(tmp_path / "map.toml")
    ended = subprocess.run(
        [*COMMAND, str(file), "--survey", "Leavers", "--map", str(by_map)],
        env={"PATH": os.environ["PATH"], "FEEDBACK_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "Taken: 12" in ended.stdout
    loaded = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    said = [line for line in ended.stderr.splitlines() if not line.startswith("import time:")]
    assert said == [], "no progress bar where nobody looks"
    assert "sqlalchemy" in loaded
    for heavy in ("pandas", "numpy", "scipy", "matplotlib", "openpyxl"):
        assert heavy not in loaded


def test_an_unreadable_file_is_status_2(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "feedback_app.cli", "import", "answers", str(file)),
            *("--survey", "Leavers", "--map", str(write_map(tmp_path / "map.toml"))),
        ],
        env={"PATH": os.environ["PATH"], "FEEDBACK_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr == "feedback: export.csv is neither CSV nor an Excel workbook (.xlsx).\n"
