"""The page server's end of the analyst: start it when needed, ask it, start it again."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from feedback_app.reporting.analyst import wire

PATIENCE_SECONDS = 60.0
CHUNK_BYTES = 1 << 20
TRIES = 2


class UnableToAnalyse(Exception):
    """The analyst did not answer; the next question may find it well again."""


class AnalystProcess:
    """A child process that computes reports, one question at a time.

    `folder` is where its chart library keeps a cache of fonts. Thread-safe.
    """

    def __init__(self, folder: Path, *, patience: float = PATIENCE_SECONDS) -> None:
        self._folder = folder
        self._patience = patience
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id, None while it does not run."""
        process = self._process
        return None if process is None or process.poll() is not None else process.pid

    def warm_up(self) -> None:
        """Start it now, so that it loads its libraries while the database still counts."""
        with self._lock:
            self._ensure_running()

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer to one question (analyst/desk.py says which there are).

        Raises UnableToAnalyse when no answer comes in time, or the question itself fails.
        """
        message = wire.pack(question)
        give_up_at = time.monotonic() + self._patience
        if not self._lock.acquire(timeout=self._patience):
            raise UnableToAnalyse("the analyst is busy")
        try:
            answer = self._exchange(message, give_up_at)
        finally:
            self._lock.release()
        if "failed" in answer:
            raise UnableToAnalyse(answer["failed"])
        return answer

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()

    def _exchange(self, message: bytes, give_up_at: float) -> dict[str, Any]:
        for attempt in range(1, TRIES + 1):
            process = self._ensure_running()
            try:
                _write(process, message, give_up_at)
                head = _read(process, wire.HEAD_BYTES, give_up_at)
                return wire.unpack(_read(process, wire.read_length(head), give_up_at))
            except TimeoutError:
                # What it is doing now would answer the next question: it must not live on.
                self._stop()
                raise UnableToAnalyse("the analyst took too long") from None
            except (OSError, EOFError):
                # It died, or slept too long and ended just now: one more try with a new one.
                self._stop()
                if attempt == TRIES:
                    raise UnableToAnalyse("the analyst ends whenever it is asked") from None
        raise AssertionError("unreachable")

    def _ensure_running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._stop()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "feedback_app.reporting.analyst"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={
                # Numbers this small are not worth threads, which cost memory each.
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
                "MPLCONFIGDIR": str(self._folder),
                **os.environ,
            },
        )
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


def _write(process: subprocess.Popen[bytes], message: bytes, give_up_at: float) -> None:
    assert process.stdin is not None
    left = memoryview(message)
    while left:
        _await(process.stdin.fileno(), selectors.EVENT_WRITE, give_up_at)
        left = left[os.write(process.stdin.fileno(), left[:CHUNK_BYTES]) :]


def _read(process: subprocess.Popen[bytes], length: int, give_up_at: float) -> bytes:
    assert process.stdout is not None
    found = bytearray()
    while len(found) < length:
        _await(process.stdout.fileno(), selectors.EVENT_READ, give_up_at)
        part = os.read(process.stdout.fileno(), min(CHUNK_BYTES, length - len(found)))
        if not part:
            raise EOFError
        found += part
    return bytes(found)


def _await(descriptor: int, event: int, give_up_at: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, event)
        if not selector.select(max(0.0, give_up_at - time.monotonic())):
            raise TimeoutError
