"""The package that `pip install .` makes: whole, and working away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture import sources

CARRIED = ("feedback_app", "reports", "templates", "migrations")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    script = f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"
    answer = subprocess.run(
        [sys.executable, "-c", script],
        cwd=sources.ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return folder / answer.stdout.split()[-1]


def test_wheel_carries_every_file_of_the_product(wheel: Path) -> None:
    expected = {"config.py"}
    for path in sources.list_files():
        if path.parts[0] in ("templates", "migrations"):
            expected.add(f"feedback_app/{path.as_posix()}")
        elif path.parts[0] in CARRIED:
            expected.add(path.as_posix())
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert carried == expected


def test_installed_package_makes_its_database(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere and run from elsewhere, as from an empty environment."""
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(installed),
        "FEEDBACK_HOME": str(tmp_path / "home"),
    }
    script = "import feedback_app, feedback_app.cli as c; print(feedback_app.__file__); c.main()"
    answer = subprocess.run(
        [sys.executable, "-c", script, "init"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith(str(installed))
    assert (tmp_path / "home" / "feedback.sqlite3").exists()
