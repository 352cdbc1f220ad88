"""What could lose an answer, open it too early or give it away, one case each."""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import insert, update

from config import Settings
from feedback_app.answers import actions as answers
from feedback_app.ballots import actions as ballots
from feedback_app.ballots import keys
from feedback_app.ballots.models import Batch, Box
from feedback_app.ballots.rules import OTHER, UnableToOpenBatch
from feedback_app.foundation.db import Database, changed_rows, insert_if_absent
from feedback_app.surveys.models import Competitor
from feedback_app.tagging.rules import chosen_tags
from tests.integration.ballots.conftest import K, Poll

INVITATION = "invitation"


def test_inserted_rows_are_counted_on_both_databases(database: Database) -> None:
    with database.writing() as session:
        one = insert_if_absent(session, Competitor).values(name="A", is_retired=False)
        assert [changed_rows(session, one), changed_rows(session, one)] == [1, 0]


def test_a_full_batch_opens_and_the_next_takes_over(poll: Poll) -> None:
    poll.send(K)
    (before,) = poll.waiting()
    poll.work()
    (after,) = poll.waiting()
    assert (len(poll.opened()), after.boxes) == (K, 0)
    assert after.id != before.id
    assert [each.batch_id for each in keys.list_keys(poll.settings.keys)] == [after.id]


def test_one_below_k_stays_sealed(poll: Poll) -> None:
    poll.send(K - 1)
    poll.work()
    assert poll.opened() == []
    assert [each.boxes for each in poll.waiting()] == [K - 1]
    with poll.database.writing() as session, pytest.raises(UnableToOpenBatch):
        answers.open_crowd(session, poll.waiting(), folder=poll.settings.keys, tagger=chosen_tags)


def test_leftovers_of_a_closed_survey_open_together_without_segments(poll: Poll) -> None:
    poll.start("north")
    poll.start("south")
    poll.send(K - 1, channel=INVITATION, segments=("north",))
    poll.send(2, channel=INVITATION, segments=("south",))
    poll.send(K - 1)
    poll.close()
    poll.work()
    assert Counter(poll.opened()) == {(INVITATION, OTHER, "en"): K + 1}
    poll.work()
    assert poll.waiting() == []
    assert keys.list_keys(poll.settings.keys) == []


def test_a_rare_language_is_withheld_from_the_invited_only(poll: Poll) -> None:
    poll.start()
    poll.send(K, channel=INVITATION)
    poll.send(1, channel=INVITATION, language="uk")
    poll.send(K)
    poll.send(1, language="uk")
    poll.work()
    assert {each[2] for each in poll.opened() if each[0] == INVITATION} == {""}
    assert {each[2] for each in poll.opened() if each[0] == "link"} == {"en", "uk"}


def test_an_answer_that_arrives_while_leftovers_are_given_up_saves_them(poll: Poll) -> None:
    poll.send(K - 1)
    seen = [each.id for each in poll.waiting()]
    poll.send(1)
    with poll.database.writing() as session:
        assert ballots.discard(session, seen, unless_crowd_of=K) == 0
    poll.close()
    poll.work()
    assert len(poll.opened()) == K


def test_a_full_batch_without_its_key_is_never_given_up(poll: Poll) -> None:
    """The key folder of a closed survey is away for a while: nothing is lost."""
    poll.send(K)
    poll.close()
    away = poll.settings.keys.rename(poll.settings.home / "away")
    poll.work()
    keys.make_folder(poll.settings.keys)
    poll.work()
    assert (poll.opened(), [each.boxes for each in poll.waiting()]) == ([], [K])
    for key in away.glob("*.key"):
        key.rename(poll.settings.keys / key.name)
    poll.work()
    assert len(poll.opened()) == K


def test_no_answer_is_sealed_for_a_key_that_is_gone(
    poll: Poll, caplog: pytest.LogCaptureFixture
) -> None:
    """As after a restored copy of the database."""
    poll.send(2)
    (lost,) = poll.waiting()
    keys.destroy_key(poll.settings.keys, poll.survey.id, lost.id)
    with caplog.at_level(logging.WARNING):
        poll.work()
    assert [each.message for each in caplog.records] == [
        f"batch {lost.id} has no key in {poll.settings.keys}: stopped"
    ]
    poll.send(K)
    poll.work()
    assert len(poll.opened()) == K
    assert [each.boxes for each in poll.waiting() if each.id == lost.id] == [2]
    poll.close()
    poll.work()
    assert poll.waiting() == []


def test_one_damaged_box_does_not_hold_the_others_back(
    poll: Poll, caplog: pytest.LogCaptureFixture
) -> None:
    poll.send(K)
    (batch,) = poll.waiting()
    with poll.database.writing() as session:
        session.execute(
            insert(Box).values(id=uuid4(), batch_id=batch.id, ciphertext=os.urandom(500))
        )
    poll.work()
    assert len(poll.opened()) == K
    assert "1 boxes not readable" in caplog.text


def test_damaged_boxes_do_not_count_as_a_crowd(poll: Poll) -> None:
    poll.send(K - 1)
    (batch,) = poll.waiting()
    with poll.database.writing() as session:
        session.execute(
            insert(Box).values(id=uuid4(), batch_id=batch.id, ciphertext=os.urandom(500))
        )
    poll.work()
    assert poll.opened() == []
    assert [each.boxes for each in poll.waiting()] == [K]


def test_one_failing_crowd_does_not_stop_the_others_nor_tell_its_answers(
    make_poll: Callable[[str], Poll],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad, good = make_poll("bad"), make_poll("good")
    bad.send(K)
    good.send(K)
    store = answers.store

    def fail_for_bad(session: object, survey: object, *rest: object, **named: object) -> object:
        if survey == bad.survey:
            raise RuntimeError("the answer was: too expensive")
        return store(session, survey, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(answers, "store", fail_for_bad)
    good.work()
    assert len(good.opened()) == K
    assert "RuntimeError" in caplog.text
    assert "expensive" not in caplog.text
    monkeypatch.setattr(answers, "store", store)
    bad.work()
    assert len(bad.opened()) == 2 * K


def test_a_page_server_without_keys_leaves_batches_to_the_worker(
    make_poll: Callable[[str], Poll], settings: Settings
) -> None:
    for file in settings.keys.iterdir():
        file.unlink()
    settings.keys.rmdir()
    poll = make_poll("opened elsewhere")
    assert poll.waiting() == []
    poll.work()
    assert poll.waiting() == []
    with pytest.raises(ballots.UnableToDropBallot):
        poll.send(1)
    keys.make_folder(settings.keys)
    poll.work()
    poll.send(K)
    poll.work()
    assert len(poll.opened()) == K


def test_a_page_server_that_may_not_write_keys_opens_surveys_all_the_same(
    make_poll: Callable[[str], Poll], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a worker that may not write them says so."""
    with monkeypatch.context() as shut_out:
        shut_out.setattr(os, "access", lambda *_args, **_named: False)
        poll = make_poll("opened by a page server")
        assert poll.waiting() == []
        with pytest.raises(keys.UnableToUseKeys, match="can not be written"):
            poll.work()
    poll.work()
    assert len(poll.waiting()) == 1


def test_keys_of_another_database_are_left_alone_and_strays_are_not(poll: Poll) -> None:
    folder = poll.settings.keys
    foreign, stray, fresh = (uuid4(), uuid4()), (poll.survey.id, uuid4()), (poll.survey.id, uuid4())
    for each in (foreign, stray, fresh):
        keys.write_key(folder, *each, bytes(32))
    long_ago = time.time() - 2 * ballots.STRAY_SECONDS
    for survey, batch in (foreign, stray):
        os.utime(folder / f"{survey}_{batch}.key", (long_ago, long_ago))
    poll.work()
    assert keys.find_key(folder, *foreign) is not None
    assert keys.find_key(folder, *stray) is None
    assert keys.find_key(folder, *fresh) is not None


def test_starting_twice_gives_the_same_batch(poll: Poll) -> None:
    poll.start("north")
    poll.start("north")
    assert len(poll.waiting()) == 2
    assert len(keys.list_keys(poll.settings.keys)) == 2


def test_a_stopped_batch_takes_nothing_and_can_still_open(poll: Poll) -> None:
    poll.send(K)
    (batch,) = poll.waiting()
    with poll.database.writing() as session:
        assert ballots.stop_batch(session, batch.id)
        assert not ballots.stop_batch(session, batch.id)
    with pytest.raises(ballots.UnableToDropBallot):
        poll.send(1)
    poll.work()
    assert len(poll.opened()) == K


def test_a_batch_that_was_opened_is_not_stopped(poll: Poll) -> None:
    (batch,) = poll.waiting()
    with poll.database.writing() as session:
        session.execute(update(Batch).where(Batch.id == batch.id).values(state="discarded"))
        assert not ballots.stop_batch(session, batch.id)
