"""Real databases for the tests: a PostgreSQL server of our own and migrated empty databases.

One server lives as long as the test process. A database is made by copying a migrated
template, which costs milliseconds, so every test has its own.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from feedback_app.foundation.db import Database
from feedback_app.foundation.schema import migrate
from tests.provision import find_postgres

START_SECONDS = 60
STOP_SECONDS = 15
TEMPLATE = "migrated"
PR_SET_PDEATHSIG = 1

#: Lines of postgresql.conf that differ from the defaults. What the attack suite reads (WAL,
#: pages) is left as an installation has it; only waiting for the disk is dropped.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "dynamic_shared_memory_type": "mmap",
    "log_min_messages": "warning",
}


@dataclass(frozen=True)
class PostgresServer:
    """A running server, reached by a socket in a folder that only its user and root may enter."""

    programs: Path
    folder: Path
    process: subprocess.Popen[bytes]
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def data(self) -> Path:
        """The data folder: pages under base/, the write-ahead log under pg_wal/."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.folder / "log"

    def url(self, name: str) -> str:
        """The address of database `name` as FEEDBACK_DATABASE_URL takes it."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def connect(self, name: str = "postgres") -> psycopg.Connection:
        """A raw connection as superuser, each statement its own transaction."""
        return psycopg.connect(
            dbname=name, user="postgres", host=str(self.folder), autocommit=True, connect_timeout=10
        )

    def create(self, *, template: str = TEMPLATE) -> str:
        """Make a database like `template`; returns its name."""
        name = f"test_{next(self._numbers)}"
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A server with a migrated template database, stopped and removed at the end."""
    programs = find_postgres()
    if programs is None:
        raise RuntimeError("PostgreSQL's server programs are missing: `make test` installs them")
    # Directly under /tmp: a socket's path may be 103 characters long, and a test's own
    # folder can not be entered by another user.
    folder = Path(tempfile.mkdtemp(prefix="feedback-postgres-", dir="/tmp"))
    process: subprocess.Popen[bytes] | None = None
    try:
        process = _start(programs, folder)
        server = PostgresServer(programs, folder, process)
        _await_start(server)
        with server.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        _migrate(server.url(TEMPLATE))
        yield server
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def _start(programs: Path, folder: Path) -> subprocess.Popen[bytes]:
    account = _server_account()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    identity = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    )
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": _locale()}
    subprocess.run(
        [
            *(programs / "initdb", "--pgdata", folder / "data", "--username=postgres"),
            *("--auth=trust", "--encoding=UTF8", f"--locale={_locale()}", "--no-sync"),
        ],
        check=True,
        capture_output=True,
        cwd=folder,
        env=environ,
        timeout=START_SECONDS,
        **identity,  # type: ignore[call-overload]  # a mapping stands for three arguments
    )
    settings = {**SERVER_SETTINGS, "unix_socket_directories": str(folder)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        started: subprocess.Popen[bytes] = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env=environ,
            preexec_fn=_end_with_parent(),  # noqa: PLW1509  fixtures start before any thread
            **identity,  # type: ignore[call-overload]
        )
    return started


def _server_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: the account it runs as then, else None."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("run the tests as an ordinary user: there is no account for PostgreSQL")


def _locale() -> str:
    return "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux: have the kernel stop the server should the test process be killed."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None, use_errno=True)

    def ask_kernel() -> None:
        library.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)

    return ask_kernel


def _await_start(server: PostgresServer) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"PostgreSQL did not start: {server.log.read_text()}") from None
            time.sleep(0.05)
        else:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then the hard ways; never waits longer than three times STOP_SECONDS."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        process.send_signal(number)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


def _migrate(url: str) -> None:
    database = Database(url)
    try:
        migrate(database)
    finally:
        database.dispose()


def make_sqlite_template(folder: Path) -> Path:
    """A migrated, empty SQLite file in `folder`, to be copied for every test."""
    path = folder / "migrated.sqlite3"
    _migrate(f"sqlite:///{path}")  # closing the last connection empties the log into the file
    return path


def copy_sqlite(template: Path, folder: Path) -> str:
    """Copy the template into `folder`; returns the address of the copy."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "feedback.sqlite3"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"
