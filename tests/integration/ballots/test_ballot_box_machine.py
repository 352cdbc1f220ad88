"""Whatever happens in whatever order: nothing opens below k, nothing is lost, nothing twice.

A machine submits, runs the worker, kills it at the worst moments, starts batches, closes
surveys and compares the database and the key folder with a plain model after every step.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from config import Settings, load_settings
from feedback_app.answers import actions as answers
from feedback_app.answers import jobs
from feedback_app.answers.models import Answer
from feedback_app.answers.rules import Envelope
from feedback_app.ballots import actions as ballots
from feedback_app.ballots import keys
from feedback_app.ballots.models import Batch, Box
from feedback_app.ballots.rules import WAITING
from feedback_app.cli.setting import prepare
from feedback_app.foundation.db import Database
from feedback_app.foundation.jobs import run_once
from feedback_app.surveys import actions as surveys
from feedback_app.surveys import queries
from feedback_app.surveys.rules import Channel
from feedback_app.tagging.rules import chosen_tags
from feedback_app.worker import make_jobs
from tests import databases
from tests.databases import PostgresServer

K = 5
SEGMENTS = ((), ("north",), ("south",))
KEY = "a-key-that-only-tests-use-0123456789"


class Killed(BaseException):
    """The process ends here; nothing catches it."""


@contextmanager
def killed_at(place: str) -> Iterator[None]:
    """The worker dies at `place`; what it had not committed is gone, its files stay."""

    def die(*_args: object, **_kwargs: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        owner, name = {
            "before the answers are stored": (answers, "store"),
            "before the batch is closed": (ballots, "_close_batch"),
            "after the next key is written": (ballots, "insert_if_absent"),
            "before keys are destroyed": (ballots, "forget_keys"),
            "while a key is destroyed": (Path, "unlink"),
        }[place]
        patch.setattr(owner, name, die)
        try:
            yield
        except Killed:
            return


class BallotBox(RuleBasedStateMachine):
    """The real ballot box beside a model of counters."""

    make_url: Callable[[Path], str]

    @initialize()
    def found(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="ballot-box-"))
        self.settings: Settings = load_settings(
            {
                "FEEDBACK_HOME": str(self.home),
                "FEEDBACK_DATABASE_URL": type(self).make_url(self.home),
                "FEEDBACK_SECRET_KEY": KEY,
            }
        )
        self.database = Database(self.settings.database_url)
        prepare(self.settings, self.database)
        with self.database.writing() as session:
            row = surveys.create(
                session, by="test", template="departed", name="S", language="en", k=K
            )
            self.survey = answers.open_survey(session, row.id, by="test", folder=self.settings.keys)
            for segments in SEGMENTS:
                ballots.start_batch(
                    session,
                    survey_id=row.id,
                    channel=Channel.INVITATION,
                    segments=segments,
                    folder=self.settings.keys,
                )
            opened = queries.find_for_respondent(session, survey_id=row.id)
            assert opened is not None
            self.version = opened.version_id
        self.acknowledged: list[str] = []
        self.is_closed = False
        self.was_settled = False  # the worker ran after the closing
        self.number = 0

    @rule(segments=st.sampled_from(SEGMENTS), many=st.integers(1, 4))
    def submit(self, segments: tuple[str, ...], many: int) -> None:
        for _ in range(many):
            self.number += 1
            mark = f"answer {self.number}"
            envelope = Envelope(self.version, "en", {"comment": mark})
            try:
                with self.database.writing() as session:
                    answers.take_sealed(
                        session,
                        self.survey,
                        envelope,
                        channel=Channel.INVITATION,
                        segments=segments,
                        token=None,
                    )
            except ballots.UnableToDropBallot:
                assert self.is_closed
            else:
                self.acknowledged.append(mark)

    @rule()
    def worker_runs(self) -> None:
        run_once(make_jobs(has_tagger=False), self.database, self.settings)
        self.was_settled = self.is_closed
        waiting = self.waiting()
        assert all(boxes < K for boxes in waiting.values())
        assert len(keys.list_keys(self.settings.keys)) >= len(waiting)

    @rule(
        place=st.sampled_from(
            [
                "before the answers are stored",
                "before the batch is closed",
                "after the next key is written",
                "before keys are destroyed",
                "while a key is destroyed",
            ]
        )
    )
    def worker_is_killed(self, place: str) -> None:
        with killed_at(place):
            run_once(make_jobs(has_tagger=False), self.database, self.settings)
            self.was_settled = self.is_closed

    @rule()
    def second_worker_acts_on_what_it_saw_before(self) -> None:
        """Two workers look, then both open: only one of them may."""
        readable, _keyless = jobs._look(self.database, self.settings)
        run_once(make_jobs(has_tagger=False), self.database, self.settings)
        late = jobs._open(self.database, self.settings, answers.list_crowds(readable), chosen_tags)
        jobs._discard(self.database, answers.list_hopeless(readable))
        assert late == 0
        self.was_settled = self.is_closed

    @rule()
    def process_restarts(self) -> None:
        self.database.dispose()
        self.database = Database(self.settings.database_url)

    @rule()
    def foreign_files_lie_in_the_key_folder(self) -> None:
        (self.settings.keys / "notes.key").write_text("not a key")

    @rule()
    def survey_is_closed(self) -> None:
        if not self.is_closed:
            with self.database.writing() as session:
                surveys.close(session, self.survey.id, by="test")
            self.is_closed = True

    @invariant()
    def nothing_is_lost_opened_twice_or_opened_too_early(self) -> None:
        with self.database.reading() as session:
            opened = [str(each["comment"]) for each in session.scalars(select(Answer.document))]
            boxes = len(session.scalars(select(Box.id)).all())
            sizes = session.scalars(select(Batch.boxes_opened).where(Batch.state == "opened")).all()
            states = {row.id: row.state for row in session.execute(select(Batch.id, Batch.state))}
        assert Counter(opened) - Counter(self.acknowledged) == Counter()
        lost = len(self.acknowledged) - len(opened) - boxes
        assert 0 <= lost < K if self.is_closed else lost == 0
        assert len(opened) == sum(size or 0 for size in sizes)
        # Leftovers of a closed survey open together: below k alone, a crowd in sum.
        if not self.is_closed:
            assert all(size is not None and size >= K for size in sizes)
        assert not opened or len(opened) >= K
        present = {each.batch_id for each in keys.list_keys(self.settings.keys)}
        assert {id_ for id_, state in states.items() if state in WAITING} <= present

    def waiting(self) -> Counter[object]:
        """Boxes per batch."""
        with self.database.reading() as session:
            return Counter(session.scalars(select(Box.batch_id)).all())

    def teardown(self) -> None:
        if not hasattr(self, "database"):
            return
        try:
            run_once(make_jobs(has_tagger=False), self.database, self.settings)
            with self.database.reading() as session:
                over = select(Batch.id).where(Batch.state.not_in(WAITING))
                gone = set(session.scalars(over).all())
            present = {each.batch_id for each in keys.list_keys(self.settings.keys)}
            assert not gone & present, "the key of an opened batch still exists"
            if self.is_closed:
                assert self.waiting() == {}
        finally:
            self.database.dispose()
            shutil.rmtree(self.home)


def run(machine: type[BallotBox], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_the_ballot_box_on_sqlite(sqlite_template: Path) -> None:
    class OnSqlite(BallotBox):
        make_url = staticmethod(lambda home: databases.copy_sqlite(sqlite_template, home))

    run(OnSqlite, examples=40, steps=25)


def test_the_ballot_box_on_postgresql(postgres_server: PostgresServer) -> None:
    names: list[str] = []

    def make_url(_home: Path) -> str:
        names.append(postgres_server.create())
        return postgres_server.url(names[-1])

    class OnPostgres(BallotBox):
        pass

    OnPostgres.make_url = staticmethod(make_url)
    try:
        run(OnPostgres, examples=12, steps=20)
    finally:
        for name in names:
            postgres_server.drop(name)
