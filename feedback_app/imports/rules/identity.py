"""Which rows of a file are in already, so that importing twice adds nothing.

A row is known by two hashes: that of its id (of its content where there is no id), and that
of both with a number, because equal rows of one file are answers of their own. One id may
stand on several rows: somebody answered twice.

The rule, per id: content that is stored already is skipped. Of the other rows as many are
new as the file holds more rows of this id than are stored, the latest first; the rest are
stored rows that were changed since, which are told and not taken. So a longer later export
adds just its new rows, whatever their order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

KEY_BYTES = 16


class Standing(StrEnum):
    """How a row of the file stands towards what is stored."""

    NEW = "new"
    STORED = "stored"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class RowKeys:
    """`row`: hash of the id, or of the content where there is none; `content`: hash of both.

    16 bytes each, as they are stored.
    """

    row: bytes
    content: bytes

    @classmethod
    def of(cls, survey: bytes, identifier: str, content: str) -> RowKeys:
        """The keys of one row. `survey` (up to 64 bytes) makes them differ between surveys."""
        if not identifier:
            row = _hash(survey, b"content\0" + content.encode())
            return cls(row, row)
        row = _hash(survey, b"id\0" + identifier.encode())
        return cls(row, _hash(survey, row + content.encode()))

    @property
    def has_id(self) -> bool:
        """False when the content alone identifies the row."""
        return self.row != self.content


def _hash(survey: bytes, message: bytes) -> bytes:
    return blake2b(message, digest_size=KEY_BYTES, key=survey).digest()


class _Numbering:
    """Gives equal rows keys of their own: the first keeps the content's."""

    def __init__(self) -> None:
        self._seen: dict[bytes, int] = {}

    def key(self, content: bytes) -> bytes:
        number = self._seen.get(content, 0)
        self._seen[content] = number + 1
        return _hash(content, number.to_bytes(8, "big")) if number else content


class Ledger:
    """Judges the rows of one file against those stored before.

    First `note` every row (only those of known ids are kept), then `judge` every row, in any
    order. `stored`: row key -> its content keys.
    """

    def __init__(self, stored: Mapping[bytes, Collection[bytes]]) -> None:
        self._stored = stored
        self._noted: dict[bytes, dict[bytes, str]] = {}
        self._chosen: dict[bytes, frozenset[bytes]] = {}
        self._noting, self._judging = _Numbering(), _Numbering()

    @property
    def is_blank(self) -> bool:
        """True when nothing was stored before, so no row needs to be noted."""
        return not self._stored

    def needs(self, keys: RowKeys) -> bool:
        """True when `note` has to be told of this row."""
        return keys.has_id and keys.row in self._stored

    def note(self, keys: RowKeys, when: str) -> None:
        """The file holds this row, dated `when` (any text that sorts by time)."""
        if self.needs(keys):
            self._noted.setdefault(keys.row, {})[self._noting.key(keys.content)] = when

    def judge(self, keys: RowKeys) -> tuple[Standing, bytes]:
        """How the row stands, and the content key it is to be stored under when NEW."""
        key = self._judging.key(keys.content)
        stored = self._stored.get(keys.row, ())
        if key in stored:
            return Standing.STORED, key
        if stored and keys.has_id and key not in self._choose(keys.row, stored):
            return Standing.CHANGED, key
        return Standing.NEW, key

    def _choose(self, row: bytes, stored: Collection[bytes]) -> frozenset[bytes]:
        """Which of the rows of a known id that are not stored count as new."""
        chosen = self._chosen.get(row)
        if chosen is None:
            noted = self._noted.get(row, {})
            unknown = sorted(
                ((when, key) for key, when in noted.items() if key not in stored), reverse=True
            )
            room = max(0, len(noted) - len(stored))
            chosen = self._chosen[row] = frozenset(key for _when, key in unknown[:room])
        return chosen
