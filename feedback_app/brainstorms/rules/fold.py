"""From the log to the board: `fold(events)` is what everybody sees.

The browser folds the same events by the same rules (static/session-fold.js); a test compares
the two on the same logs. An event that names what is no longer there changes nothing, so any
order of moves gives a board, and everybody who has read the same events has the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from feedback_app.brainstorms.rules.moves import UNDOABLE, Kind

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log."""

    n: int
    kind: str
    payload: Payload


@dataclass(slots=True)
class Board:
    """Everything that is shared in a session.

    A unit is a group, or a card that stands alone (then its id is the card's). `place` says in
    which group a card lies. What is said of a unit (name, tag, whys, idea) stays with its id,
    so that a group that comes back by an undo brings it along.
    """

    phase: str = "lobby"
    round: int = 0
    step: int = 0
    ends_at: str | None = None
    allowance: int = 0
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    place: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    whys: dict[str, dict[str, str]] = field(default_factory=dict)
    ideas: dict[str, dict[str, str]] = field(default_factory=dict)
    suggestions: dict[str, list[str]] = field(default_factory=dict)
    predicted: dict[str, Any] | None = None
    votes: dict[str, Any] | None = None
    unsaid: dict[str, Any] | None = None
    compared: dict[str, Any] | None = None
    accepted: dict[str, str] = field(default_factory=dict)
    undone: list[int] = field(default_factory=list)
    last_move: int = 0

    def document(self) -> dict[str, Any]:
        """As JSON values, the units among them."""
        return {**asdict(self), "units": [[unit, cards] for unit, cards in self.units()]}

    def units(self) -> list[tuple[str, list[str]]]:
        """Each unit with its visible cards, in the order in which the cards were revealed."""
        found: dict[str, list[str]] = {}
        for card, value in self.cards.items():
            if not value["is_hidden"]:
                found.setdefault(self.place.get(card, card), []).append(card)
        return list(found.items())

    def title(self, unit: str) -> str:
        """What a unit is called: its name, else its first card's text."""
        if self.names.get(unit):
            return self.names[unit]
        cards = next((cards for it, cards in self.units() if it == unit), [])
        return str(self.cards[cards[0]]["text"]) if cards else ""


def fold(events: Iterable[Event]) -> Board:
    """The board after `events`, which come in the order of the log."""
    log = list(events)
    undone = _undone(log)
    board = Board(undone=sorted(undone))
    for event in log:
        if event.n in undone:
            continue
        _APPLY.get(event.kind, _ignore)(board, event.payload)
        if event.kind == Kind.PHASE:
            board.step = event.n
        if event.kind in UNDOABLE:
            board.last_move = event.n
    return board


class Replica:
    """A participant's copy: takes events in portions, each once, in the order of the log."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.board = Board()

    @property
    def last(self) -> int:
        """The number of the newest event that was taken in."""
        return self.events[-1].n if self.events else 0

    def take(self, events: Iterable[Event]) -> None:
        """Add what is new; what was seen before changes nothing."""
        self.events += [event for event in events if event.n > self.last]
        self.board = fold(self.events)


def _undone(log: Iterable[Event]) -> set[int]:
    kinds: dict[int, str] = {}
    undone: set[int] = set()
    for event in log:
        if event.kind == Kind.UNDONE and kinds.get(event.payload["event"]) in UNDOABLE:
            undone.add(event.payload["event"])
        kinds[event.n] = event.kind
    return undone


def _ignore(_board: Board, _payload: Payload) -> None:
    """An event that changes nothing by itself, or one of a later release."""


def _phase(board: Board, payload: Payload) -> None:
    board.phase = payload["phase"]
    board.round = payload["round"]
    board.ends_at = payload["ends_at"]
    board.allowance = payload.get("allowance", board.allowance)


def _extended(board: Board, payload: Payload) -> None:
    board.ends_at = payload["ends_at"]


def _revealed(board: Board, payload: Payload) -> None:
    for card in payload["cards"]:
        if card["id"] not in board.cards:
            board.cards[card["id"]] = {
                "side": card["side"],
                "text": card["text"],
                "is_hidden": False,
            }


def _withdrawn(board: Board, payload: Payload) -> None:
    board.cards.pop(payload["card"], None)
    board.place.pop(payload["card"], None)


def _reworded(board: Board, payload: Payload) -> None:
    if payload["card"] in board.cards:
        board.cards[payload["card"]]["text"] = payload["text"]


def _hidden(board: Board, payload: Payload) -> None:
    if payload["card"] in board.cards:
        board.cards[payload["card"]]["is_hidden"] = payload["is_hidden"]


def _merged(board: Board, payload: Payload) -> None:
    into, units = payload["into"], payload["units"]
    moved = [card for card in board.cards if board.place.get(card, card) in units]
    if into in board.cards or not moved:
        return
    for card in moved:
        board.place[card] = into
    said: tuple[dict[str, Any], ...] = (board.names, board.tags, board.whys, board.ideas)
    for about in said:
        for unit in units:
            if unit in about and into not in about:
                about[into] = about[unit]


def _split(board: Board, payload: Payload) -> None:
    board.place.pop(payload["card"], None)


def _named(board: Board, payload: Payload) -> None:
    board.names[payload["unit"]] = payload["name"]


def _tagged(board: Board, payload: Payload) -> None:
    board.tags[payload["unit"]] = {name: payload[name] for name in ("side", "cause", "label")}


def _why(board: Board, payload: Payload) -> None:
    whys = dict(board.whys.get(payload["unit"], {}))
    whys[str(payload["level"])] = payload["text"]
    board.whys[payload["unit"]] = {level: whys[level] for level in sorted(whys)}


def _idea(board: Board, payload: Payload) -> None:
    names = ("idea", "owner", "due", "measure")
    board.ideas[payload["unit"]] = {name: payload[name] for name in names}


def _suggested(board: Board, payload: Payload) -> None:
    board.suggestions = dict(payload["causes"])


def _predicted(board: Board, payload: Payload) -> None:
    board.predicted = dict(payload)


def _voted(board: Board, payload: Payload) -> None:
    board.votes = dict(payload)


def _unsaid(board: Board, payload: Payload) -> None:
    board.unsaid = dict(payload)


def _compared(board: Board, payload: Payload) -> None:
    board.compared = dict(payload)


def _accepted(board: Board, payload: Payload) -> None:
    board.accepted[payload["unit"]] = payload["cause"]


_APPLY: dict[str, Callable[[Board, Payload], None]] = {
    Kind.PHASE: _phase,
    Kind.EXTENDED: _extended,
    Kind.REVEALED: _revealed,
    Kind.WITHDRAWN: _withdrawn,
    Kind.REWORDED: _reworded,
    Kind.HIDDEN: _hidden,
    Kind.MERGED: _merged,
    Kind.SPLIT: _split,
    Kind.NAMED: _named,
    Kind.TAGGED: _tagged,
    Kind.WHY: _why,
    Kind.IDEA: _idea,
    Kind.SUGGESTED: _suggested,
    Kind.PREDICTED: _predicted,
    Kind.VOTED: _voted,
    Kind.UNSAID: _unsaid,
    Kind.COMPARED: _compared,
    Kind.ACCEPTED: _accepted,
}
