"""From what a thief saw to his best guess, and how good it is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tests.security.world import World


@dataclass(frozen=True)
class Opening:
    """What a thief knows of one opening: whose boxes were in it, and what came out.

    `arrived`: invitations in the order they answered. `appeared`: answers in an order that
    the storage shows (pages, identifiers, log): if it followed arrival, both lists match.
    """

    arrived: Sequence[UUID]
    appeared: Sequence[UUID]


def guess_by_order(openings: Iterable[Opening]) -> dict[UUID, UUID]:
    """The n-th answer belongs to the n-th arrival."""
    return {
        answer: invitation
        for opening in openings
        for answer, invitation in zip(opening.appeared, opening.arrived, strict=False)
    }


def guess_by_language(
    world: World, openings: Iterable[Opening], languages: Mapping[UUID, str]
) -> dict[UUID, UUID]:
    """Order, but an answer whose language is kept goes to somebody who speaks it.

    Answers without a language go to people of the languages that were not kept.
    """
    guess: dict[UUID, UUID] = {}
    for opening in openings:
        kept = {languages[each] for each in opening.appeared}
        free = list(opening.arrived)
        for answer in opening.appeared:
            wanted = languages[answer]
            fitting = [
                each
                for each in free
                if (world.guests[each].language == wanted)
                or (not wanted and world.guests[each].language not in kept)
            ]
            if fitting or free:
                guess[answer] = (fitting or free)[0]
                free.remove(guess[answer])
    return guess


def guess_by_mail(
    openings: Iterable[Opening], mails: Mapping[UUID, tuple[object, ...]]
) -> dict[UUID, UUID]:
    """Order, but of the mails: who was reminded, who unsubscribed, when the invitation left."""
    return guess_by_order(
        Opening(sorted(each.arrived, key=lambda who: mails[who]), each.appeared)
        for each in openings
    )


def hit_rate(guess: Mapping[UUID, UUID], truth: Mapping[UUID, UUID]) -> float:
    """Share of the opened answers whose owner was guessed right."""
    assert truth, "nothing was opened: the attack attacked nothing"
    return sum(guess.get(answer) == owner for answer, owner in truth.items()) / len(truth)


def most_allowed(k: int, answers: int) -> float:
    """1/k and three standard errors."""
    return 1 / k + 3 * math.sqrt((1 / k) * (1 - 1 / k) / answers)
