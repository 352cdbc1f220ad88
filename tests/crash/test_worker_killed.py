"""The worker's process is killed again and again while answers come in: none is lost.

Half of the kills strike at the moment a new key appears: then the worker is between writing
the next key and committing the opening. The other half strike at a random moment after that.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config import Settings
from feedback_app.answers import actions as answers
from feedback_app.answers.models import Answer
from feedback_app.answers.rules import Envelope
from feedback_app.ballots import keys
from feedback_app.ballots.models import Batch, Box
from feedback_app.ballots.rules import WAITING
from feedback_app.foundation.db import Database
from feedback_app.surveys import actions as surveys
from feedback_app.surveys import queries
from feedback_app.surveys.queries import OpenSurvey
from feedback_app.surveys.rules import Channel
from tests.crash.nursery import Nursery

K = 5
KILLS = 8
SENDERS = 3
PAUSE = 0.02  # between two answers of one sender
LONGEST_LIFE = 0.8  # seconds a worker lives on after its first opening
PATIENCE = 60  # seconds until a worker that opens nothing is killed anyway
WORKER = ["worker", "--no-tagger"]
#: `feedback worker`, with everything loaded that its jobs would load late.
WORK = f"""
import sys
from feedback_app.cli import main
from feedback_app.worker import make_jobs
import sqlite3, psycopg, nacl.public
make_jobs(has_tagger=False)
def work():
    main({WORKER!r})
"""


@pytest.fixture
def survey(prepared: Database, settings: Settings) -> OpenSurvey:
    with prepared.writing() as session:
        row = surveys.create(session, by="test", template="departed", name="S", language="en", k=K)
        answers.open_survey(session, row.id, by="test", folder=settings.keys)
        opened = queries.find_for_respondent(session, survey_id=row.id)
    assert opened is not None
    return opened


def send(database: Database, survey: OpenSurvey, mark: str) -> None:
    with database.writing() as session:
        answers.take_sealed(
            session,
            survey.survey,
            Envelope(survey.version_id, "en", {"comment": mark}),
            channel=Channel.LINK,
            token=None,
        )


@contextmanager
def senders(database: Database, survey: OpenSurvey, acknowledged: list[str]) -> Iterator[None]:
    """Threads that send until the block ends; what was committed is acknowledged."""
    stop = threading.Event()
    failures: list[BaseException] = []

    def run(name: str) -> None:
        try:
            for number in itertools.count():
                if stop.wait(PAUSE):
                    return
                send(database, survey, f"{name} {number}")
                acknowledged.append(f"{name} {number}")
        except BaseException as error:  # noqa: BLE001  shown below, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(f"sender {n}",)) for n in range(SENDERS)]
    for each in threads:
        each.start()
    try:
        yield
    finally:
        stop.set()
        for each in threads:
            each.join()
    assert failures == []


def environment(settings: Settings) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "FEEDBACK_HOME": str(settings.home),
        "FEEDBACK_DATABASE_URL": settings.database_url,
        "FEEDBACK_SECRET_KEY": settings.secret_key,
    }


def kill_at_a_bad_moment(
    nursery: Nursery, settings: Settings, number: int, chance: random.Random
) -> None:
    """Start a worker, let it work, kill it."""
    before = _key_names(settings.keys)
    worker = nursery.start()
    try:
        gives_up_at = time.monotonic() + PATIENCE
        while not _key_names(settings.keys) - before and time.monotonic() < gives_up_at:
            time.sleep(0.0005)
        if number % 2:
            time.sleep(chance.uniform(0, LONGEST_LIFE))
    finally:
        os.kill(worker, signal.SIGKILL)


def _key_names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def work_once(settings: Settings) -> None:
    command = [sys.executable, "-m", "feedback_app.cli", *WORKER, "--once"]
    subprocess.run(command, env=environment(settings), check=True, timeout=60, capture_output=True)


def opened(database: Database) -> list[str]:
    with database.reading() as session:
        return [str(each["comment"]) for each in session.scalars(select(Answer.document))]


def boxes(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(Box.id))) or 0


def test_every_acknowledged_answer_is_in_a_box_or_opened_once(
    prepared: Database, settings: Settings, survey: OpenSurvey
) -> None:
    acknowledged: list[str] = []
    chance = random.Random(7)
    nursery = Nursery(WORK, environment(settings))
    try:
        with senders(prepared, survey, acknowledged):
            for number in range(KILLS):
                kill_at_a_bad_moment(nursery, settings, number, chance)
    finally:
        nursery.end()
    assert len(acknowledged) > 10 * K
    now_open = Counter(opened(prepared))
    assert now_open, "no worker lived long enough to open anything"
    assert max(now_open.values()) == 1
    assert set(now_open) <= set(acknowledged)
    assert sum(now_open.values()) + boxes(prepared) == len(acknowledged)
    # What waits in a box can still be read: its key is there.
    for number in range(K):
        send(prepared, survey, f"last {number}")
    work_once(settings)
    assert Counter(opened(prepared)) == Counter(
        [*acknowledged, *(f"last {number}" for number in range(K))]
    )
    with prepared.reading() as session:
        sizes = session.scalars(select(Batch.boxes_opened).where(Batch.state == "opened")).all()
        waiting = set(session.scalars(select(Batch.id).where(Batch.state.in_(WAITING))))
        over = set(session.scalars(select(Batch.id).where(Batch.state.not_in(WAITING))))
    assert all(size is not None and size >= K for size in sizes)
    present = {each.batch_id for each in keys.list_keys(settings.keys)}
    assert waiting <= present
    assert not over & present
