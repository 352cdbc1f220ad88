"""A statement's text cut into pieces, so that a page can mark the words that led to a tag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, marked or not."""

    text: str
    is_marked: bool


def cut(text: str, evidence: Sequence[Sequence[int]]) -> tuple[Piece, ...]:
    """`text` in pieces that join to it again; places that make no sense are passed over."""
    pieces: list[Piece] = []
    done = 0
    for start, end in sorted((int(place[0]), int(place[1])) for place in evidence):
        if not done <= start < end <= len(text):
            continue
        if start > done:
            pieces.append(Piece(text[done:start], is_marked=False))
        pieces.append(Piece(text[start:end], is_marked=True))
        done = end
    if done < len(text) or not pieces:
        pieces.append(Piece(text[done:], is_marked=False))
    return tuple(pieces)
