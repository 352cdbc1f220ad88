"""`feedback init`, `serve` and `worker`."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading

import click

from config import Settings
from feedback_app.cli import setting
from feedback_app.foundation import jobs
from feedback_app.foundation.db import Database
from feedback_app.foundation.rules import Unable
from feedback_app.front import THREADS

STOP_SECONDS = 10
#: glibc: threads share two arenas (each of its own would keep what it once had), and what is
#: free at the end of one goes back to the system.
SPARING_ALLOCATOR = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}


class UnableToListen(Unable):
    """The address is taken or not ours."""


@click.command("init")
def init_command() -> None:
    """Create or update the database and the key folder; safe to repeat."""
    settings = setting.read_settings()
    database = Database(settings.database_url)
    click.get_current_context().call_on_close(database.dispose)
    setting.prepare(settings, database)
    click.echo(f"Ready: {database.url.render_as_string(hide_password=True)}")
    click.echo(f"Batch keys: {settings.keys} (never part of a backup)")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--processes",
    default=min(2, os.cpu_count() or 1),
    show_default=True,
    type=click.IntRange(1, 64),
    help="Page server processes.",
)
@click.option("--with-worker", is_flag=True, help="Start the worker beside the page server.")
@click.option("--respondents-only", is_flag=True, help="No staff pages: for a public machine.")
def serve_command(
    host: str, port: int, processes: int, with_worker: bool, respondents_only: bool
) -> None:
    """Serve the pages until stopped."""
    settings = setting.read_settings(port=port)
    # The processes below read the environment again: they must find the same address.
    os.environ.setdefault("FEEDBACK_BASE_URL", settings.base_url)
    _check_port(host, port)
    database = setting.open_database(settings)
    _say_where(settings, database, has_staff_pages=not respondents_only)
    database.dispose()
    worker = _start_worker() if with_worker else None
    try:
        if respondents_only:
            _serve(host, port, processes, "make_respondents", streams=0)
        else:
            _serve(host, port, processes, "make_app", streams=settings.session_streams)
    finally:
        if worker is not None:
            _end(worker)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do everything that is due, then exit.")
@click.option("--no-tagger", is_flag=True, help="Leave statements without suggestions.")
def worker_command(once: bool, no_tagger: bool) -> None:
    """Open full batches and do everything else that is due."""
    from feedback_app.worker import make_jobs

    logging.basicConfig(level=logging.WARNING, format="worker: %(message)s")
    settings = setting.read_settings()
    database = setting.open_database(settings)
    due = make_jobs(has_tagger=not no_tagger)
    if not once:
        jobs.run_until_stopped(due, database, settings, stop=threading.Event())
        return
    for name, done in jobs.run_once(due, database, settings).items():
        click.echo(f"{name}: {done}")


def _end(worker: subprocess.Popen[bytes]) -> None:
    """Let the worker finish what it is at; one that takes too long is killed, and loses nothing."""
    worker.terminate()
    try:
        worker.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def _serve(host: str, port: int, processes: int, factory: str, *, streams: int) -> None:
    for name, value in SPARING_ALLOCATOR.items():
        os.environ.setdefault(name, value)
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        f"feedback_app.wsgi:{factory}",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS + streams,
        # A stream that is still followed does not keep a server from stopping.
        workers_kill_timeout=STOP_SECONDS if streams else None,
        websockets=False,
        # No access log: it would write down who asked for which link, and when.
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
        respawn_failed_workers=True,
    )
    if streams:  # granian warns of so many threads; InTurn keeps all but THREADS for streams
        logging.getLogger("_granian").addFilter(lambda it: "Python threads" not in it.getMessage())
    server.serve()


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UnableToListen(
                f"Port {port} on {host} can not be used ({error.strerror}): "
                f"stop what uses it or choose another with --port."
            ) from error


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "feedback_app.cli", "worker"])


def _say_where(settings: Settings, database: Database, *, has_staff_pages: bool) -> None:
    click.echo(f"feedback_app: {settings.base_url}/")
    if not has_staff_pages:
        click.echo("Respondents' pages alone; no staff pages are served here.")
        return
    from feedback_app.staff import setup

    click.echo(f"Staff sign in: {settings.base_url}/staff/sign-in")
    click.echo(f"Data folder: {settings.home}")
    code = setup.ensure_code(settings, database)
    if code is not None:
        click.echo(f"First time here? Open {settings.base_url}/welcome?code={code}")
