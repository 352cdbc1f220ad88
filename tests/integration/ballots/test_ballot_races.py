"""Answers that arrive at the very moment a batch opens."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import select, text

from feedback_app.answers import actions as answers
from feedback_app.answers.rules import Envelope
from feedback_app.ballots import actions as ballots
from feedback_app.ballots.models import Batch
from feedback_app.ballots.queries import count_waiting
from tests.integration.ballots.conftest import K, Poll


def test_answers_sent_while_batches_open_are_neither_lost_nor_doubled(poll: Poll) -> None:
    """Four threads send, two workers open; on both databases."""
    sent = 15

    def send() -> None:
        poll.send(sent)

    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            poll.work()

    workers = [threading.Thread(target=work) for _ in range(2)]
    senders = [threading.Thread(target=send) for _ in range(4)]
    for each in (*workers, *senders):
        each.start()
    for each in senders:
        each.join()
    stop.set()
    for each in workers:
        each.join()
    poll.work()
    with poll.database.reading() as session:
        waiting = count_waiting(session, poll.survey.id)
        sizes = session.scalars(select(Batch.boxes_opened).where(Batch.state == "opened")).all()
    assert len(poll.opened()) + waiting == 4 * sent
    assert waiting < K
    assert all(size is not None and size >= K for size in sizes)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_opening_waits_for_an_answer_on_its_way_and_takes_it_along(poll: Poll) -> None:
    """Even where the server's default level would hide it."""
    with poll.database.writer.connect() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.exec_driver_sql(
            f"ALTER DATABASE \"{name}\" SET default_transaction_isolation = 'repeatable read'"
        )
        connection.commit()
    poll.database.dispose()
    poll.send(K)
    worker = threading.Thread(target=poll.work)
    with poll.database.writing() as session:
        answers.take_sealed(
            session,
            poll.survey,
            Envelope(poll.version_id, "en", {"comment": "late"}),
            channel="link",
            token=None,
        )
        worker.start()
        time.sleep(0.5)
        assert worker.is_alive()
    worker.join()
    assert len(poll.opened()) == K + 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_answer_that_comes_while_a_batch_opens_goes_into_the_next(
    poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll.send(K)
    is_opening, go_on = threading.Event(), threading.Event()
    close = ballots._close_batch

    def slowly(*args: object) -> None:
        is_opening.set()
        assert go_on.wait(10)
        close(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(ballots, "_close_batch", slowly)
    worker, sender = threading.Thread(target=poll.work), threading.Thread(target=poll.send)
    worker.start()
    assert is_opening.wait(10)
    sender.start()
    time.sleep(0.3)
    assert sender.is_alive()
    go_on.set()
    worker.join()
    sender.join()
    assert len(poll.opened()) == K
    assert [each.boxes for each in poll.waiting()] == [1]
