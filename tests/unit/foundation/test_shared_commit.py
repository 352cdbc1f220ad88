"""Writes of many threads in few commits: each hears of its own, none takes another with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from feedback_app.foundation.shared_commit import SharedCommit


class Ledger:
    """A connection whose commits are counted and can be held up."""

    def __init__(self) -> None:
        self.commits: list[list[str]] = []
        self.may_commit = threading.Event()
        self.has_begun = threading.Event()

    @contextmanager
    def transaction(self) -> Iterator[list[str]]:
        written: list[str] = []
        yield written
        self.has_begun.set()
        assert self.may_commit.wait(10)
        self.commits.append(written)


def write(name: str) -> Callable[[Any], str]:
    def work(connection: list[str]) -> str:
        connection.append(name)
        return f"{name} is in"

    return work


def test_who_comes_during_a_commit_shares_the_next_one() -> None:
    ledger = Ledger()
    shared = SharedCommit(ledger.transaction)
    results: dict[str, str] = {}

    def run(name: str) -> None:
        results[name] = shared.run(write(name))

    first = threading.Thread(target=run, args=("first",))
    first.start()
    assert ledger.has_begun.wait(10)
    names = [f"later {number}" for number in range(8)]
    later = [threading.Thread(target=run, args=(name,)) for name in names]
    for thread in later:
        thread.start()
    while len(shared._line) < len(names):
        threading.Event().wait(0.001)
    ledger.may_commit.set()
    for thread in (first, *later):
        thread.join(10)
    assert [len(each) for each in ledger.commits] == [1, 8]
    assert results == {name: f"{name} is in" for name in ("first", *names)}


def test_one_that_fails_takes_no_other_with_it() -> None:
    ledger = Ledger()
    ledger.may_commit.set()
    shared = SharedCommit(ledger.transaction)
    outcomes: list[str] = []
    start = threading.Barrier(6)

    def fail(_connection: list[str]) -> str:
        raise ValueError("refused")

    def run(number: int) -> None:
        start.wait(10)
        try:
            outcomes.append(shared.run(fail if number == 0 else write(str(number))))
        except ValueError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(outcomes) == ["1 is in", "2 is in", "3 is in", "4 is in", "5 is in", "refused"]
    assert sorted(name for each in ledger.commits for name in each) == ["1", "2", "3", "4", "5"]


def test_a_commit_that_fails_is_heard_of() -> None:
    @contextmanager
    def full_disk() -> Iterator[list[str]]:
        yield []
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        SharedCommit(full_disk).run(write("one"))
