"""Moves: what anybody may do to the shared board, and in which phase.

A move's payload is checked for its shape alone. Whether the cards it names are still there is
for the fold to see: two moves that are made at once are both kept, in the log's order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from feedback_app.brainstorms.rules.phases import Phase, UnableToRunSession
from feedback_app.causes.rules import Side
from feedback_app.foundation.rules import N_

LONGEST_CARD = 280
LONGEST_LABEL = 120
LONGEST_WHY = 280
LONGEST_IDEA = 500
MOST_WHYS = 5
MOST_AT_ONCE = 200
MOST_CARDS_OF_ONE = 100
MOST_PREDICTED = 5

Payload = dict[str, Any]


class Kind(StrEnum):
    """What an event says."""

    # made by the server on a facilitator's step
    PHASE = "phase"
    EXTENDED = "extended"
    REVEALED = "revealed"
    PREDICTED = "predicted"
    SUGGESTED = "suggested"
    VOTED = "voted"
    UNSAID = "unsaid"
    COMPARED = "compared"
    ACCEPTED = "accepted"
    # made by whoever wrote the card
    WITHDRAWN = "withdrawn"
    REWORDED = "reworded"
    # moves of the board
    HIDDEN = "hidden"
    MERGED = "merged"
    SPLIT = "split"
    NAMED = "named"
    TAGGED = "tagged"
    WHY = "why"
    IDEA = "idea"
    UNDONE = "undone"


BOARD = frozenset({Phase.REVEAL, Phase.GROUP, Phase.TAG, Phase.VOTE, Phase.COMPARE, Phase.DECIDE})
#: move -> the phases in which it can be made.
MOVES: dict[Kind, frozenset[Phase]] = {
    Kind.HIDDEN: BOARD,
    Kind.MERGED: frozenset({Phase.GROUP, Phase.TAG}),
    Kind.SPLIT: frozenset({Phase.GROUP, Phase.TAG}),
    Kind.NAMED: frozenset({Phase.GROUP, Phase.TAG}),
    Kind.TAGGED: frozenset({Phase.TAG}),
    Kind.WHY: frozenset({Phase.TAG}),
    Kind.IDEA: frozenset({Phase.DECIDE}),
    Kind.UNDONE: BOARD,
}
#: Moves that one more move takes back.
UNDOABLE = frozenset(MOVES) - {Kind.UNDONE}
FACILITATORS_ALONE = frozenset({Kind.HIDDEN})


def check_move(
    kind: str, payload: object, *, phase: Phase, is_facilitator: bool, everybody_moves: bool
) -> tuple[Kind, Payload]:
    """The move as it is kept in the log; raises UnableToRunSession when it can not be made."""
    if kind not in MOVES or not isinstance(payload, Mapping):
        raise UnableToRunSession(N_("This is no move."))
    move = Kind(kind)
    if phase not in MOVES[move]:
        raise UnableToRunSession(N_("The session has moved on: this can not be done now."))
    if not is_facilitator and (move in FACILITATORS_ALONE or not everybody_moves):
        raise UnableToRunSession(N_("The facilitator does this in this session."))
    try:
        return move, SHAPES[move](payload)
    except (KeyError, TypeError, ValueError) as error:
        raise UnableToRunSession(N_("This is no move.")) from error


def check_card(side: str, text: str) -> tuple[str, str]:
    """A card's side and text without surplus blanks; raises UnableToRunSession."""
    plain = " ".join(str(text).split())
    if not plain:
        raise UnableToRunSession(N_("Write the reason first."))
    if len(plain) > LONGEST_CARD:
        raise UnableToRunSession(
            N_("A card holds %(most)s characters: one reason per card."), most=LONGEST_CARD
        )
    return side if side in set(Side) else "", plain


def card_id(text: object) -> str:
    """An id as the log spells it; raises ValueError."""
    return str(UUID(str(text)))


def _line(value: object, most: int) -> str:
    text = " ".join(str(value).split())
    if len(text) > most:
        raise ValueError("too long")
    return text


def _side(value: object) -> str:
    return Side(str(value)).value if value else ""


def _hidden(payload: Mapping[str, Any]) -> Payload:
    return {"card": card_id(payload["card"]), "is_hidden": bool(payload["is_hidden"])}


def _merged(payload: Mapping[str, Any]) -> Payload:
    units = [card_id(unit) for unit in payload["units"]]
    if not 0 < len(units) <= MOST_AT_ONCE:
        raise ValueError("how many units")
    return {"units": list(dict.fromkeys(units)), "into": card_id(payload["into"])}


def _split(payload: Mapping[str, Any]) -> Payload:
    return {"card": card_id(payload["card"])}


def _named(payload: Mapping[str, Any]) -> Payload:
    return {"unit": card_id(payload["unit"]), "name": _line(payload["name"], LONGEST_LABEL)}


def _tagged(payload: Mapping[str, Any]) -> Payload:
    cause = _line(payload.get("cause", ""), LONGEST_LABEL)
    side = cause.partition(".")[0] if cause else payload.get("side", "")
    return {
        "unit": card_id(payload["unit"]),
        "side": _side(side),
        "cause": cause,
        "label": "" if cause else _line(payload.get("label", ""), LONGEST_LABEL),
    }


def _why(payload: Mapping[str, Any]) -> Payload:
    level = int(payload["level"])
    if not 1 <= level <= MOST_WHYS:
        raise ValueError("which why")
    return {
        "unit": card_id(payload["unit"]),
        "level": level,
        "text": _line(payload["text"], LONGEST_WHY),
    }


def _idea(payload: Mapping[str, Any]) -> Payload:
    due = str(payload.get("due", ""))
    return {
        "unit": card_id(payload["unit"]),
        "idea": _line(payload.get("idea", ""), LONGEST_IDEA),
        "owner": _line(payload.get("owner", ""), LONGEST_LABEL),
        "due": date.fromisoformat(due).isoformat() if due else "",
        "measure": _line(payload.get("measure", ""), LONGEST_WHY),
    }


def _undone(payload: Mapping[str, Any]) -> Payload:
    return {"event": int(payload["event"])}


SHAPES: dict[Kind, Callable[[Mapping[str, Any]], Payload]] = {
    Kind.HIDDEN: _hidden,
    Kind.MERGED: _merged,
    Kind.SPLIT: _split,
    Kind.NAMED: _named,
    Kind.TAGGED: _tagged,
    Kind.WHY: _why,
    Kind.IDEA: _idea,
    Kind.UNDONE: _undone,
}
