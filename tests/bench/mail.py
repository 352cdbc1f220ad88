"""Invitations prepared and handed to a local SMTP server, against a bare smtplib loop.

By hand: `python -m tests.bench.mail [--people 1000] [--rounds 5] [--memory 100000]`.
The bare loop sends the very bytes that the worker sent, over one connection, to the same
server in a process of its own. Rounds are interleaved; the median of their ratios counts.

Two workers are compared with one on PostgreSQL before a server that costs next to nothing and
takes its time for each text, as servers far away do: else a machine of two cores would show
the limits of the server beside it. What they do before a server that answers at once is told too.
"""

from __future__ import annotations

import argparse
import os
import resource
import smtplib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import Settings, load_settings
from feedback_app.cli.setting import prepare
from feedback_app.foundation.db import Database
from feedback_app.foundation.mail import Mail
from feedback_app.invitations.stationery import Stationery
from tests import databases
from tests.bench.mail_sink import running_sink
from tests.factories.respondents import open_survey
from tests.factories.waves import Mailing, plan_mailing

ROOT = Path(__file__).resolve().parents[2]
FAR_AWAY = 0.01  # seconds that a server far away takes for a text
WORKER = """
import os, sys, time
from config import load_settings
from feedback_app.foundation.db import Database
from feedback_app.invitations.sending import SendingDesk
settings = load_settings(os.environ)
database, desk = Database(settings.database_url), SendingDesk(settings)
print("ready", flush=True)
sys.stdin.readline()
while desk.run(database):
    pass
"""


class Kept:
    """Keeps what a worker's letters were, to send the very same bytes once more."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note every mail that is written meanwhile."""
        write = Stationery.write

        def note(stationery: Stationery, due: object) -> Mail:
            mail = write(stationery, due)  # type: ignore[arg-type]
            self.mails.append(mail)
            return mail

        Stationery.write = note  # type: ignore[method-assign,assignment]
        try:
            yield
        finally:
            Stationery.write = write  # type: ignore[method-assign]


def send_bare(mails: list[Mail], port: int) -> float:
    """Mails a second of smtplib alone."""
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
        server.ehlo()
        start = time.perf_counter()
        for mail in mails:
            server.sendmail(mail.return_path, [mail.to], mail.content)
        return len(mails) / (time.perf_counter() - start)


def send_wave(mailing: Mailing) -> tuple[float, float]:
    """Mails a second, with the preparation of the wave and without it."""
    start = time.perf_counter()
    people = mailing.prepare()
    middle = time.perf_counter()
    assert mailing.send() == people
    end = time.perf_counter()
    assert mailing.states() == {"sent": people}
    return people / (end - start), people / (end - middle)


def make_mailing(settings: Settings, port: int, *, people: int, number: int) -> Mailing:
    """A scheduled wave of its own survey to its own customers."""
    database = Database(settings.database_url)
    prepare(settings, database)
    survey = open_survey(database, settings, name=f"Bench {number}")
    return plan_mailing(survey, None, people=people, prefix=f"n{number}x", environ=sink_at(port))


def sink_at(port: int) -> dict[str, str]:
    """Settings that send to the sink."""
    return {
        "FEEDBACK_MAIL_HOST": "127.0.0.1",
        "FEEDBACK_MAIL_PORT": str(port),
        "FEEDBACK_MAIL_SECURITY": "none",
        "FEEDBACK_MAIL_FROM": "feedback@example.com",
        "FEEDBACK_MAIL_BOUNCES": "bounces@example.com",
    }


def compare(name: str, make_settings: list[Settings], port: int, people: int) -> None:
    """Interleaved rounds of the worker and the bare loop."""
    whole, sending, bare, ratios = [], [], [], []
    for number, settings in enumerate(make_settings):
        kept = Kept()
        mailing = make_mailing(settings, port, people=people, number=number)
        with kept.watching():
            both, sent = send_wave(mailing)
        whole.append(both)
        sending.append(sent)
        bare.append(send_bare(kept.mails, port))
        ratios.append(both / bare[-1])
        mailing.database.dispose()
    ratio = statistics.median(ratios)
    say(
        f"{name}: prepared and sent {statistics.median(whole):.0f}/s, "
        f"sent alone {statistics.median(sending):.0f}/s, "
        f"bare smtplib {statistics.median(bare):.0f}/s, "
        f"ratio {ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    )


def compare_workers(settings: Settings, port: int, people: int, where: str) -> None:
    """One worker process against two on PostgreSQL."""
    rates = {}
    for workers in (1, 2):
        mailing = make_mailing(settings, port, people=people, number=100 + workers)
        mailing.prepare()
        environ = {
            **os.environ,
            "FEEDBACK_HOME": str(settings.home),
            "FEEDBACK_DATABASE_URL": settings.database_url,
            **sink_at(port),
        }
        crew = [
            subprocess.Popen(
                [sys.executable, "-c", WORKER],
                cwd=ROOT,
                env=environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(workers)
        ]
        for each in crew:
            assert each.stdout is not None
            each.stdout.readline()
        start = time.perf_counter()
        for each in crew:  # all of them begin before one is waited for
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        for each in crew:
            each.communicate()
        rates[workers] = people / (time.perf_counter() - start)
        assert mailing.states() == {"sent": people}
        mailing.database.dispose()
    say(
        f"workers on postgresql, {where}: one {rates[1]:.0f}/s, two {rates[2]:.0f}/s, "
        f"ratio {rates[2] / rates[1]:.2f}"
    )


def watch_memory(settings: Settings, people: int) -> None:
    """How the worker's memory grows over a long wave into a folder."""
    database = Database(settings.database_url)
    prepare(settings, database)
    survey = open_survey(database, settings, name="Memory")
    mailing = plan_mailing(survey, None, people=people, prefix="m")
    before = resident()
    start = time.perf_counter()
    mailing.prepare()
    prepared = resident()
    seconds = time.perf_counter() - start
    say(f"memory: {people} prepared in {seconds:.0f} s, {before} MB before, {prepared} MB after")
    stop = threading.Event()
    peaks: list[int] = []
    watcher = threading.Thread(target=lambda: _watch(stop, peaks))
    watcher.start()
    start = time.perf_counter()
    mailing.send()
    seconds = time.perf_counter() - start
    stop.set()
    watcher.join()
    tenth = max(1, len(peaks) // 10)
    say(
        f"memory: {people} written in {seconds:.0f} s, "
        f"{max(peaks[:tenth])} MB in the first tenth, {max(peaks[-tenth:])} MB in the last, "
        f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    )


def _watch(stop: threading.Event, peaks: list[int]) -> None:
    while not stop.wait(0.2):
        peaks.append(resident())


def resident() -> int:
    """Memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024**2


def say(text: str) -> None:
    """One line at once."""
    print(text, flush=True)


def main() -> None:
    """Everything, on both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", type=int, default=0, help="people of the memory run")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        databases.running_postgres() as postgres,
        running_sink() as port,
    ):
        folder = Path(name)
        template = databases.make_sqlite_template(folder)

        def settings(kind: str, number: int) -> Settings:
            home = folder / f"{kind}{number}"
            home.mkdir(mode=0o700)
            url = (
                databases.copy_sqlite(template, home)
                if kind == "sqlite"
                else postgres.url(postgres.create())
            )
            return load_settings({"FEEDBACK_HOME": str(home), "FEEDBACK_DATABASE_URL": url})

        if asked.memory:
            watch_memory(settings("sqlite", 99), asked.memory)
            return
        for kind in ("sqlite", "postgresql"):
            compare(
                kind, [settings(kind, each) for each in range(asked.rounds)], port, asked.people
            )
        for number, pause in enumerate((0.0, FAR_AWAY)):
            where = f"server takes {pause * 1000:.0f} ms for a text"
            with running_sink(pause) as light:
                compare_workers(settings("postgresql", 50 + number), light, asked.people, where)


if __name__ == "__main__":
    main()
