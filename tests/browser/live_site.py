"""A real installation for the browser: `feedback serve` in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import Settings, load_settings
from feedback_app.foundation.db import Database

START_SECONDS = 60
STOP_SECONDS = 15
SECRET_KEY = "a-key-that-only-tests-use-0123456789"


@dataclass(frozen=True)
class LiveSite:
    """A served installation and the same command line its owner would use."""

    url: str
    home: Path
    environ: Mapping[str, str]

    @property
    def settings(self) -> Settings:
        """The settings its processes run with."""
        return load_settings(self.environ)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Its database, for preparing what a page shall show."""
        settings = self.settings
        opened = Database(settings.database_url, reports_url=settings.reports_database_url)
        try:
            yield opened
        finally:
            opened.dispose()

    def command(self, *arguments: str, typed: str = "") -> str:
        """Run `feedback ARGUMENTS` with `typed` on standard input; returns what it printed.

        Fails with both outputs when the exit status is not 0.
        """
        answer = subprocess.run(
            [sys.executable, "-m", "feedback_app.cli", *arguments],
            env=self.environ,
            cwd=self.home,
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert answer.returncode == 0, (
            f"feedback {' '.join(arguments)} ended with {answer.returncode}:\n"
            f"{answer.stdout}{answer.stderr}"
        )
        return answer.stdout


@contextmanager
def serving(home: Path, more: Mapping[str, str] | None = None) -> Iterator[LiveSite]:
    """An installation without demo data on a free port, stopped at the end.

    `more`: further settings, such as a mail server.
    """
    port = find_free_port()
    url = f"http://127.0.0.1:{port}"
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "FEEDBACK_HOME": str(home),
        "FEEDBACK_BASE_URL": url,
        "FEEDBACK_SECRET_KEY": SECRET_KEY,
        **(more or {}),
    }
    site = LiveSite(url, home, environ)
    site.command("init")
    log = home / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "feedback_app.cli", "serve", "--port", str(port)],
            env=environ,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _await_health(url, process, log)
        yield site
    finally:
        _stop(process)


def find_free_port() -> int:
    """A TCP port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_health(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
                answer.read()
        except (OSError, urllib.error.URLError):
            if process.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"the site did not start: {log.read_text()}") from None
            time.sleep(0.1)
        else:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the server to end; then end it with the processes it started."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOP_SECONDS)
