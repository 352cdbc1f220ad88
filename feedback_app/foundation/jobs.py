"""The worker's loop: every job that is due, one after the other, until told to stop.

A job that fails is reported and tried again later; it does not stop the others.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from config import Settings
from feedback_app.foundation.db import Database

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Job:
    """Something the worker does every `every` seconds; `run` returns how much it did."""

    name: str
    every: float
    run: Callable[[Database, Settings], int]
    due_at: float = field(default=0.0, compare=False)


def run_once(jobs: Sequence[Job], database: Database, settings: Settings) -> dict[str, int]:
    """Run every job until it finds nothing to do; what each did, by name. Failures raise."""
    done = dict.fromkeys((job.name for job in jobs), 0)
    for job in jobs:
        while some := job.run(database, settings):
            done[job.name] += some
    return done


def run_until_stopped(
    jobs: Sequence[Job], database: Database, settings: Settings, *, stop: threading.Event
) -> None:
    """Run due jobs until `stop` is set; SIGTERM and SIGINT set it."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        for job in jobs:
            if monotonic() >= job.due_at and not stop.is_set():
                _run_guarded(job, database, settings)
        stop.wait(max(0.05, min(job.due_at for job in jobs) - monotonic()))


def _run_guarded(job: Job, database: Database, settings: Settings) -> None:
    try:
        job.run(database, settings)
    except Exception as error:  # noqa: BLE001  one bad job must not stop the others
        # The type only: a message can carry what was being worked on.
        log.error("job %s failed: %s", job.name, type(error).__name__)  # noqa: TRY400
    job.due_at = monotonic() + job.every
