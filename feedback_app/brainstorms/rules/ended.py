"""What is left of the cards when a session is over: their words, and nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5


@dataclass(frozen=True, slots=True)
class EndedCards:
    """What was written in one session that is over: ids of their own -> texts."""

    code: str
    survey: str
    texts: Mapping[UUID, str]


def cards_of(brainstorm_id: UUID, result: Mapping[str, Any]) -> dict[UUID, str]:
    """The cards of a session's result, under the same ids however often they are asked for."""
    return {
        uuid5(brainstorm_id, f"{group['id']} {place}"): str(text)
        for group in result.get("groups", ())
        for place, text in enumerate(group["cards"])
    }
