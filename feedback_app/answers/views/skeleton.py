"""Blank pages kept ready: rendered and compressed once, then only the changing parts are put in.

A blank page differs between two readers in four places: the nonce of its style, its address,
the form's token and, under load, the puzzle made of it. Everything else is compressed once. A
gzip body may be put together from parts that were compressed apart, as long as none refers back
into another (RFC 1951: a full flush ends a part on a byte and forgets what came before).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

LEVEL = 6
MOST_KEPT = 200
#: Stand in the rendered page where a reader's own parts go.
HOLES = (
    *("\ue000nonce\ue001", "\ue000base\ue001", "\ue000token\ue001"),
    "\ue000puzzle\ue001",
)
NONCE, BASE, TOKEN, PUZZLE = HOLES
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LAST_BLOCK = b"\x03\x00"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the page that is the same for every reader, and its compressed form."""

    plain: bytes
    packed: bytes


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A page between its holes: pieces and the names of the holes alternate."""

    pieces: tuple[Piece, ...]
    holes: tuple[str, ...]

    @classmethod
    def from_page(cls, page: str) -> Skeleton:
        """The skeleton of a page that was rendered with HOLES in the reader's places."""
        parts = re.split("(" + "|".join(HOLES) + ")", page)
        return cls(
            tuple(Piece(part.encode(), _pack(part.encode())) for part in parts[::2]),
            tuple(parts[1::2]),
        )

    def fill(self, filling: Mapping[str, str]) -> bytes:
        """The page as it is."""
        return b"".join(plain for plain, _packed in self._parts(filling))

    def fill_gzip(self, filling: Mapping[str, str]) -> bytes:
        """The page as a gzip body."""
        checksum, length = 0, 0
        body = [GZIP_HEADER]
        for plain, packed in self._parts(filling):
            checksum = zlib.crc32(plain, checksum)
            length += len(plain)
            body.append(packed)
        body += [LAST_BLOCK, struct.pack("<II", checksum, length)]
        return b"".join(body)

    def _parts(self, filling: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
        parts = [(self.pieces[0].plain, self.pieces[0].packed)]
        for hole, piece in zip(self.holes, self.pieces[1:], strict=True):
            value = filling[hole].encode()
            parts.append((value, _store(value)))
            parts.append((piece.plain, piece.packed))
        return parts


def _pack(plain: bytes) -> bytes:
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(plain) + compressor.flush(zlib.Z_FULL_FLUSH)


def _store(plain: bytes) -> bytes:
    """A deflate block that holds `plain` (at most 65,535 bytes) as it is."""
    return struct.pack("<BHH", 0, len(plain), len(plain) ^ 0xFFFF) + plain


class Shelf:
    """Skeletons by what they depend on; emptied when it is full."""

    def __init__(self) -> None:
        self._kept: dict[object, Skeleton] = {}

    def get(self, key: object, render: Callable[[], str]) -> Skeleton:
        """The skeleton kept under `key`, made from what `render` gives when there is none."""
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = Skeleton.from_page(render())
        return found
