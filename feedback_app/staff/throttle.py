"""Slowing down who guesses passwords and codes.

Counters live in the memory of one page server process and are forgotten when it ends: no
address and no e-mail reaches the database, and what is kept in memory are hashes under a
key made at the start. With n processes a guesser gets n times the tries, which is still
hopeless against a password that the policy accepts.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import deque
from collections.abc import Callable
from threading import Lock
from time import monotonic

WINDOW = 15 * 60.0  # seconds
#: kind of key -> failures within the window after which it must wait. An e-mail alone
#: bears many: else anybody could lock the administrator out.
LIMITS = {
    "email and address": 6,
    "address": 40,
    "email": 200,
    "second factor": 6,
    "setup": 20,
    "kiosk": 60,
    "kiosk and address": 6,
    "session code": 30,  # wrong join codes of one network: a whole meeting may mistype once
}
MOST_KEYS = 20_000


class Throttle:
    """Counts failures per key within a sliding window."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(16)
        self._failures: dict[bytes, deque[float]] = {}
        self._lock = Lock()

    def must_wait(self, **keys: str) -> bool:
        """True when one of `keys` (kind, with _ for blanks, = value) has failed too often."""
        with self._lock:
            return any(
                len(self._recent(self._hash(kind, value))) >= LIMITS[_kind(kind)]
                for kind, value in keys.items()
            )

    def count_failure(self, **keys: str) -> None:
        """Remember one failure under each of `keys`."""
        with self._lock:
            if len(self._failures) >= MOST_KEYS:
                self._forget_oldest()
            for kind, value in keys.items():
                hashed = self._hash(kind, value)
                self._recent(hashed)
                self._failures.setdefault(hashed, deque()).append(self._clock())

    def forget(self, **keys: str) -> None:
        """Start again for `keys`: whoever knew the password was no guesser."""
        with self._lock:
            for kind, value in keys.items():
                self._failures.pop(self._hash(kind, value), None)

    def _hash(self, kind: str, value: str) -> bytes:
        text = f"{_kind(kind)}\0{value}".encode()
        return hashlib.blake2b(text, key=self._key, digest_size=16).digest()

    def _recent(self, hashed: bytes) -> deque[float]:
        times = self._failures.get(hashed, deque())
        while times and times[0] <= self._clock() - WINDOW:
            times.popleft()
        if not times:
            self._failures.pop(hashed, None)
        return times

    def _forget_oldest(self) -> None:
        by_last = sorted(self._failures, key=lambda key: self._failures[key][-1])
        for key in by_last[: MOST_KEYS // 2]:
            del self._failures[key]


def _kind(name: str) -> str:
    return name.replace("_", " ")
