"""Short writes of many threads, committed together.

A commit waits for the disk, and on SQLite one writer at a time holds the right to write while
it waits. So whoever comes meanwhile lines up; the next to get the right writes for all of
them, and they wait for the disk once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar, cast

T = TypeVar("T")

#: Gives a driver connection in a transaction that is committed when the block ends.
Transaction = Callable[[], AbstractContextManager[Any]]


@dataclass(slots=True, eq=False)
class _Write:
    """One thread's write: what it does, and what came of it."""

    work: Callable[[Any], Any]
    is_done: bool = False
    result: Any = None
    failure: BaseException | None = None


class SharedCommit:
    """Writes of one process to one database, in as few commits as it takes."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._line: list[_Write] = []
        self._line_lock = Lock()
        self._right_to_write = Lock()

    def run(self, work: Callable[[Any], T]) -> T:
        """Run `work` on a connection and return what it returns, once that is on the disk.

        Others may be committed with it. A `work` that raises must not have written anything.
        """
        mine = _Write(work)
        with self._line_lock:
            self._line.append(mine)
        with self._right_to_write:
            if not mine.is_done:  # else somebody before wrote for this thread as well
                self._write(self._take_line())
        if mine.failure is not None:
            raise mine.failure
        return cast(T, mine.result)

    def _take_line(self) -> list[_Write]:
        with self._line_lock:
            waiting, self._line = self._line, []
        return waiting

    def _write(self, writes: Sequence[_Write]) -> None:
        try:
            self._commit(writes)
        except Exception:  # noqa: BLE001  each one hears of its own failure below
            for each in writes:  # one that fails must not take the others with it
                try:
                    self._commit([each])
                except Exception as failure:  # noqa: BLE001  raised in its own thread
                    each.failure = failure
        for each in writes:
            each.is_done = True

    def _commit(self, writes: Sequence[_Write]) -> None:
        with self._transaction() as connection:
            for each in writes:
                each.result = each.work(connection)
