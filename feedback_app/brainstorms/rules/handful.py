"""Which cards of others somebody sees in a round of brainwriting."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

HANDFUL = 4
#: A handful is dealt only when so many others wrote: nobody's cards are known by exclusion.
FEWEST_AUTHORS = 3


@dataclass(frozen=True, slots=True)
class OwnedCard:
    """A card that is not revealed yet. `owner` ties the cards of one seat and names nobody."""

    id: str
    owner: bytes
    side: str
    text: str
    round: int


def deal(cards: Sequence[OwnedCard], *, owner: bytes, round_: int) -> tuple[OwnedCard, ...]:
    """A random handful of others' cards, the same at every look in the same round."""
    others = [card for card in cards if card.owner != owner and card.round < round_]
    if round_ < 1 or len({card.owner for card in others}) < FEWEST_AUTHORS - 1:
        return ()

    def chance(card: OwnedCard) -> bytes:
        return hmac.digest(owner, f"{round_}{card.id}".encode(), hashlib.sha256)

    return tuple(sorted(others, key=chance)[:HANDFUL])
