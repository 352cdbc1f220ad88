"""In which order statements are read.

Of five, four come from where a reader's time teaches most: the tagger is unsure, or suggests a
cause it has seen little of. The fifth comes from the *audit*: a fifth of all statements, drawn
by lot when they were made and read in the order of their random ids. What of the audit has been
read is therefore a simple random sample at any moment, whatever the tagger thinks of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

AUDIT_EVERY = 5
#: Readers at work together are given different ones of so many statements.
APART = 12
#: A cause with this share of all suggestions, or more, is not rare.
USUAL_SHARE = 1 / 30
#: How far rarity brings a sure suggestion forward.
RAREST = 0.5

Row = TypeVar("Row")


def is_audit_turn(turn: int) -> bool:
    """Whether the reader's statement number `turn` (from 0) comes from the audit."""
    return turn % AUDIT_EVERY == AUDIT_EVERY - 1


def is_drawn(lot: bytes) -> bool:
    """Whether a statement with the random bytes `lot` belongs to the audit: one in five does."""
    return int.from_bytes(lot[:4]) % AUDIT_EVERY == 0


def urgency_of(confidence: float, share: float) -> float:
    """How long a statement can wait, from 0 (read it first) to 1.

    `share`: how much of all suggestions are of the same primary cause.
    """
    rarity = RAREST + (1 - RAREST) * min(1.0, share / USUAL_SHARE)
    return max(0.0, min(1.0, confidence)) * rarity


def pick(candidates: Sequence[Row], reader: str, turn: int) -> Row | None:
    """One of `candidates` (the first in order): mostly another for each reader."""
    if not candidates:
        return None
    digest = hashlib.blake2b(f"{reader}\0{turn}".encode(), digest_size=4).digest()
    return candidates[int.from_bytes(digest) % len(candidates)]
