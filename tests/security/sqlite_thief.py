"""What can be read out of an SQLite file and its write-ahead log, byte by byte."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from tests.security.guessing import Opening

WAL_HEADER, FRAME_HEADER = 32, 24
PAGE_SIZE_AT, WRITE_VERSION_AT = 16, 18


def states_after_each_commit(file: bytes, log: bytes, *, seen: int = 0) -> Iterator[bytes]:
    """The whole database after every commit that the log still holds, oldest first.

    Of the first `seen` bytes of the log, which were read before, no state is given again.
    """
    if len(log) < WAL_HEADER:
        return
    page_size, salt = struct.unpack(">I", log[8:12])[0], log[16:24]
    pages = bytearray(file)
    step = FRAME_HEADER + page_size
    for start in range(WAL_HEADER, len(log) - step + 1, step):
        number, size_after_commit = struct.unpack(">II", log[start : start + 8])
        if log[start + 8 : start + 16] != salt:
            return  # an older round of the log
        end = number * page_size
        if len(pages) < end:
            pages.extend(bytes(end - len(pages)))
        pages[end - page_size : end] = log[start + FRAME_HEADER : start + step]
        if size_after_commit and start >= seen:
            state = pages[: size_after_commit * page_size]
            # Read as a plain file: an image in memory can not be in WAL mode.
            state[WRITE_VERSION_AT : WRITE_VERSION_AT + 2] = b"\x01\x01"
            yield bytes(state)


@dataclass
class Thief:
    """Copies file and log before and after every run of the worker, and never forgets."""

    path: Path
    arrived: dict[str, str] = field(default_factory=dict)  # invitation -> batch, in order
    paired: dict[UUID, UUID] = field(default_factory=dict)  # seen in one commit
    ciphertexts: dict[str, bytes] = field(default_factory=dict)  # of boxes by their id
    answers: set[str] = field(default_factory=set)
    by_pages: list[Opening] = field(default_factory=list)
    by_places: list[Opening] = field(default_factory=list)
    by_id: list[Opening] = field(default_factory=list)
    languages: dict[UUID, str] = field(default_factory=dict)
    read: bytes = b""  # the log as it was at the last visit

    @property
    def log(self) -> Path:
        """The write-ahead log beside the file."""
        return self.path.with_name(self.path.name + "-wal")

    def steal_log(self) -> None:
        """Follow the log commit by commit: whose invitation turned, which box appeared."""
        log = self.log.read_bytes() if self.log.exists() else b""
        seen, self.read = self._read_before(log), log
        for state in states_after_each_commit(self.path.read_bytes(), log, seen=seen):
            with closing(sqlite3.connect(":memory:")) as copy, suppress(sqlite3.DatabaseError):
                # Malformed where a checkpoint brought later pages into the file already.
                copy.deserialize(state)
                used = _column(copy, "SELECT id FROM invitation WHERE is_used")
                boxes = copy.execute("SELECT id, batch_id, ciphertext FROM box").fetchall()
                answers = set(_column(copy, "SELECT id FROM answer"))
                self._note(used, boxes, answers)

    def _read_before(self, log: bytes) -> int:
        """How much of the log he had in hands the last time, to the byte."""
        if log[:WAL_HEADER] != self.read[:WAL_HEADER]:
            return 0
        low, high = 0, min(len(log), len(self.read))
        while low < high:
            middle = (low + high + 1) // 2
            same = log[low:middle] == self.read[low:middle]
            low, high = (middle, high) if same else (low, middle - 1)
        return low

    def _note(
        self, used: list[str], boxes: list[tuple[str, str, bytes]], answers: set[str]
    ) -> None:
        new_used = [each for each in used if each not in self.arrived]
        new_boxes = [each for each in boxes if each[0] not in self.ciphertexts]
        new_answers = sorted(answers - self.answers)
        for number, invitation in enumerate(new_used):
            self.arrived[invitation] = new_boxes[number][1] if number < len(new_boxes) else ""
            if number < len(new_answers):
                self.paired[UUID(new_answers[number])] = UUID(invitation)
        self.ciphertexts |= {each[0]: each[2] for each in boxes}
        self.answers |= answers if new_used else set()

    def steal_file(self) -> None:
        """After a run of the worker: which batches opened, and where their answers lie."""
        raw = self.path.read_bytes()
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as copy:
            opened = copy.execute("SELECT id, segments FROM batch WHERE state = 'opened'")
            segments = dict(opened.fetchall())
            rows = copy.execute(
                "SELECT id, json_array(segment_1, segment_2), language FROM answer"
            ).fetchall()
        new = [each for each in rows if each[0] not in self.answers]
        self.answers |= {each[0] for each in new}
        self.languages |= {UUID(each[0]): each[2] for each in new}
        for batch in {each for each in self.arrived.values() if each in segments}:
            arrived = [UUID(who) for who, where in self.arrived.items() if where == batch]
            here = [each[0] for each in new if each[1] == segments[batch].replace(", ", ",")]
            self.by_pages.append(_opening(arrived, in_order_of_filling(raw, here)))
            self.by_places.append(_opening(arrived, sorted(here, key=_finder(raw))))
            self.by_id.append(_opening(arrived, sorted(here)))
            for who in arrived:
                self.arrived[str(who.hex)] = "opened"


def in_order_of_filling(raw: bytes, ids: list[str]) -> list[str]:
    """`ids` by the page their row lies on, then from the page's end: as a page fills."""
    page_size = int.from_bytes(raw[PAGE_SIZE_AT : PAGE_SIZE_AT + 2], "big")
    find = _finder(raw)

    def place(id_: str) -> tuple[int, int]:
        page, offset = divmod(find(id_), page_size)
        return page, -offset

    return sorted(ids, key=place)


def _finder(raw: bytes) -> Callable[[str], int]:
    return lambda id_: raw.find(id_.encode())


def _opening(arrived: list[UUID], answers: list[str]) -> Opening:
    return Opening(arrived, [UUID(each) for each in answers])


def _column(connection: sqlite3.Connection, query: str) -> list[str]:
    return [row[0] for row in connection.execute(query)]
