"""How many answers a second the respondent's page takes, as a share of the floor's rows.

    python -m tests.bench.respondent_post [--answers 1500] [--rounds 3] [--clients 8]

Product and floor run on the same server with the same processes, one after the other, several
rounds in turn; the medians and their ratio are printed for SQLite and PostgreSQL, then the
memory of a page server process and of the worker, and the bytes of the page. Loopback only.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import psycopg

from config import Settings, load_settings
from feedback_app.answers import actions as answers
from feedback_app.answers.forms import make_token
from feedback_app.cli import setting
from feedback_app.cli.server import SPARING_ALLOCATOR
from feedback_app.foundation.db import Database
from feedback_app.front import THREADS
from feedback_app.surveys import actions as surveys
from feedback_app.surveys.queries import find_for_respondent
from tests.bench.floor import TABLE
from tests.databases import PostgresServer, running_postgres

PROCESSES = 2
STARTUP_SECONDS = 20
FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
FIELDS = {
    "reasons": ["company.price", "company.slow_response", "competitor.offer"],
    "reasons.decided": ["company.slow_response"],
    "price_compared": ["earlier_price"],
    "competitor.rather_not": ["yes"],
    "attraction": ["price", "promotion"],
    "quality.product": ["4"],
    "quality.service": ["2"],
    "improve": ["Answer within a day, please. Four days is too long when nothing works."],
    "return": ["6"],
    "step": ["send"],
}


def main() -> None:
    """Run both databases and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="feedback-bench-"))
    try:
        _compare("SQLite", folder / "sqlite", None, options)
        with running_postgres() as server:
            _make_durable(server)
            _compare("PostgreSQL", folder / "postgresql", server, options)
    finally:
        shutil.rmtree(folder)


def _compare(
    name: str, home: Path, server: PostgresServer | None, options: argparse.Namespace
) -> None:
    home.mkdir()
    environ = {"FEEDBACK_HOME": str(home), "FLOOR_DATABASE": str(home / "floor.sqlite3")}
    if server is not None:
        environ["FEEDBACK_DATABASE_URL"] = server.url(server.create())
        floor = server.create()
        environ["FLOOR_DATABASE"] = f"postgresql://postgres@/{floor}?host={server.folder}"
        with psycopg.connect(environ["FLOOR_DATABASE"]) as connection:
            connection.execute(TABLE)
    settings = load_settings({k: v for k, v in environ.items() if k.startswith("FEEDBACK_")})
    slug, version = _prepare(settings)
    if server is None:
        _floor_table(environ["FLOOR_DATABASE"])
    rates: dict[str, list[float]] = {"floor": [], "product": []}
    memory = 0.0
    for _ in range(options.rounds):
        with _serving("tests.bench.floor:make_app", environ) as (port, _pids):
            bodies = [_body("x") for _ in range(options.answers)]
            rates["floor"].append(_load(port, "/floor", bodies, options.clients, expected=204))
        with _serving("feedback_app.wsgi:make_app", environ) as (port, pids):
            path = f"/s/{slug}"
            tokens = _make_tokens(settings, f"{path} {version}", options.answers)
            bodies = [_body(token) for token in tokens]
            sent_to = f"{path}?lang=en"  # as the form of the page does
            rates["product"].append(_load(port, sent_to, bodies, options.clients, expected=303))
            memory = max(_resident(pid) for pid in pids)
            page = _get(port, path)
    floor_rate, rate = (statistics.median(rates[each]) for each in ("floor", "product"))
    ratio = rate / floor_rate
    print(f"{name}: {rate:.0f} answers/s, floor {floor_rate:.0f} rows/s, ratio {ratio:.2f}")
    total = options.answers * options.rounds
    print(f"{name}: page server process {memory:.0f} MB after {total} answers")
    compressed = len(gzip.compress(page)) / 1024
    print(f"{name}: page {compressed:.1f} KB compressed, {len(page) / 1024:.1f} KB plain")
    print(f"{name}: worker {_worker_memory(environ):.0f} MB")


def _prepare(settings: Settings) -> tuple[str, str]:
    database = Database(settings.database_url)
    setting.prepare(settings, database)
    with database.writing() as session:
        survey = surveys.create(
            session, by="bench", template="departed", name="Bench", language="en", k=1000
        )
        answers.open_survey(session, survey.id, by="bench", folder=settings.keys)
        opened = find_for_respondent(session, survey_id=survey.id)
        assert opened is not None
    database.dispose()
    return survey.slug, opened.version_id.hex


def _floor_table(path: str) -> None:
    import sqlite3

    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(TABLE)


def _make_tokens(settings: Settings, path: str, count: int) -> list[str]:
    """Tokens of forms that people took a minute to fill in: no proof of work is asked of them."""
    a_minute_ago = time.time() - 60
    with patch("time.time", return_value=a_minute_ago):
        return [make_token(settings.secret_key, path) for _ in range(count)]


def _body(token: str) -> bytes:
    return urllib.parse.urlencode({**FIELDS, "token": [token]}, doseq=True).encode()


@contextmanager
def _serving(target: str, environ: dict[str, str]) -> Iterator[tuple[int, list[int]]]:
    """A granian server for `target`; its port and its processes."""
    port = _free_port()
    code = (
        "from granian import Granian; from granian.constants import Interfaces;"
        f"Granian({target!r}, factory=True, address='127.0.0.1', port={port},"
        f"interface=Interfaces.WSGI, workers={PROCESSES}, blocking_threads={THREADS},"
        "websockets=False, log_level='error').serve()"
    )
    everything = {**os.environ, **SPARING_ALLOCATOR, **environ}
    process = subprocess.Popen([sys.executable, "-c", code], env=everything)
    try:
        _await(port)
        yield port, _children(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _load(port: int, path: str, bodies: Sequence[bytes], clients: int, *, expected: int) -> float:
    """Requests a second with `clients` connections; fails on any other status than expected."""
    failures: list[int] = []

    def run(mine: Sequence[bytes]) -> None:
        # Bare sockets: http.client takes longer over a response than the floor over its row.
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            for body in mine:
                head = (
                    f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{FORM}{len(body)}\r\n\r\n"
                )
                connection.sendall(head.encode() + body)
                status = _read_status(connection)
                if status != expected:
                    failures.append(status)

    threads = [threading.Thread(target=run, args=(bodies[i::clients],)) for i in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"{path}: {len(failures)} answers were not taken ({failures[0]})")
    return len(bodies) / (time.perf_counter() - started)


def _read_status(connection: socket.socket) -> int:
    """The status of the next response, which is read to its end."""
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += _receive(connection)
    head, rest = received[:end].lower(), received[end + 4 :]
    found = re.search(rb"\r\ncontent-length: *(\d+)", head)
    missing = (int(found[1]) if found else 0) - len(rest)
    while missing > 0:
        missing -= len(_receive(connection))
    return int(head.split(b" ", 2)[1])


def _receive(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise SystemExit("the server closed the connection")
    return part


def _get(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    return connection.getresponse().read()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int) -> None:
    for _ in range(STARTUP_SECONDS * 20):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).request("GET", "/health")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server did not start")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    # multiprocessing's resource tracker is a child too; page servers are the large ones.
    return [int(each) for each in found if _resident(int(each)) > 20]


def _resident(pid: int) -> float:
    """Resident memory in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _worker_memory(environ: dict[str, str]) -> float:
    """Peak resident memory in MB of a worker that opens everything there is."""
    code = (
        "import resource, sys; from feedback_app.cli import feedback;"
        "feedback.main(['worker', '--once'], standalone_mode=False);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return float(done.stderr.split()[-1])


def _make_durable(server: PostgresServer) -> None:
    """Both sides shall wait for the disk, as in production."""
    with server.connect() as connection:
        connection.execute("ALTER SYSTEM SET fsync = on")
        connection.execute("ALTER SYSTEM SET synchronous_commit = on")
        connection.execute("SELECT pg_reload_conf()")


if __name__ == "__main__":
    main()
