"""What a page of a session shows: everything its templates read, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import format_date
from flask_wtf.csrf import generate_csrf

from feedback_app.brainstorms import queries
from feedback_app.brainstorms.actions.writing import slip_id
from feedback_app.brainstorms.queries import BrainstormRow, OwnCard
from feedback_app.brainstorms.rules.comparison import (
    TOP,
    CauseLine,
    SideGauge,
    UnitRank,
    compare,
    gauge,
    rank_units,
)
from feedback_app.brainstorms.rules.fold import Board, fold
from feedback_app.brainstorms.rules.handful import OwnedCard, deal
from feedback_app.brainstorms.rules.phases import Phase, in_language
from feedback_app.brainstorms.rules.unsaid import Estimate, estimate_of
from feedback_app.brainstorms.seats import SeatKey
from feedback_app.brainstorms.views.streaming import is_streaming
from feedback_app.brainstorms.views.wording import PhaseWords, phases, prompts, script_words
from feedback_app.causes.queries import get_catalogue
from feedback_app.causes.rules import Catalogue, Side
from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.unit_of_work import session


@dataclass(frozen=True, slots=True)
class Own:
    """What is one seat's alone."""

    name: str = ""
    is_guest: bool = False
    cards: tuple[OwnCard, ...] = ()
    handful: tuple[OwnedCard, ...] = ()
    predicted: tuple[str, ...] = ()
    votes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """A session as one reader sees it. `mode` is seat, desk or screen."""

    row: BrainstormRow
    mode: str
    question: str
    board: Board
    words: PhaseWords
    all_words: dict[str, PhaseWords]
    units: tuple[UnitRank, ...]
    lines: tuple[CauseLine, ...]
    sides: tuple[SideGauge, ...]
    unsaid: Estimate | None
    catalogue: Catalogue
    prompts: tuple[tuple[str, str], ...]
    own: Own

    @property
    def may_move(self) -> bool:
        """True for a participant where everybody groups and tags."""
        return self.mode == "seat" and self.row.plan.everybody_moves

    @property
    def top(self) -> tuple[UnitRank, ...]:
        """The first groups of the ranking, those that tie with the last of them too."""
        return tuple(unit for unit in self.units if unit.rank <= TOP)

    def label(self, code: str) -> str:
        """A cause in the reader's language."""
        return self.catalogue.label(code, current_language())

    def side_name(self, side: str) -> str:
        """A side in the reader's language."""
        return self.catalogue.side_short(Side(side), current_language())

    def day(self, text: str) -> str:
        """A day as the reader's language writes it."""
        return str(format_date(date.fromisoformat(text)))

    def told(self, what: str) -> tuple[CauseLine, ...]:
        """The lines of the comparison that stand out so."""
        return tuple(line for line in self.lines if line.told == what)


def make_scene(row: BrainstormRow, mode: str, own: Own | None = None) -> Scene:
    """Everything that a page of this session needs."""
    board = find_board(row)
    words = phases()
    return Scene(
        row=row,
        mode=mode,
        question=in_language(row.question, current_language()),
        board=board,
        words=words[row.phase],
        all_words=words,
        units=rank_units(board),
        lines=compare(board),
        sides=gauge(board),
        unsaid=estimate_of(board.unsaid),
        catalogue=get_catalogue(session()),
        prompts=prompts(),
        own=own or Own(),
    )


def find_board(row: BrainstormRow) -> Board:
    """The board of a session as its row says it is, folded once for all readers."""
    return _board(row.id, row.last_event)


@lru_cache(maxsize=32)
def _board(brainstorm_id: UUID, last: int) -> Board:
    """A log's first lines never change, so their board is true for ever."""
    events = queries.list_events(session(), brainstorm_id)
    return fold(event for event in events if event.n <= last)


def own_of(row: BrainstormRow, key: SeatKey, secret: bytes) -> Own:
    """What this seat alone sees."""
    reading = session()
    seat = queries.find_seat(reading, key.seat_id(secret), key)
    owner = key.tag("card", secret)
    handful: tuple[OwnedCard, ...] = ()
    if row.phase is Phase.WRITE and row.round:
        cards = queries.list_cards(reading, row.id, is_revealed=False)
        handful = deal(cards, owner=owner, round_=row.round)
    return Own(
        name=seat.name if seat else "",
        is_guest=bool(seat and seat.is_guest),
        cards=tuple(queries.list_own_cards(reading, row.id, owner)),
        handful=handful,
        predicted=tuple(queries.find_choices(reading, slip_id(key.tag("prediction", secret)))),
        votes=tuple(queries.find_choices(reading, slip_id(key.tag("vote", secret)))),
    )


def script_config(scene: Scene) -> dict[str, Any]:
    """What the script needs to know."""
    room = "desk" if scene.mode != "seat" else "brainstorms"
    code = scene.row.code
    language = current_language()
    urls = {
        name: url_for(f"{room}.{name}", code=code)
        for name in ("events", "stage", "moves", *_SENDS[scene.mode])
    }
    if is_streaming() and not scene.row.is_over:
        urls["stream"] = url_for(f"{room}.stream", code=code)
    if scene.mode == "screen":
        urls["stage"] = url_for("desk.screen_stage", code=code)
    return {
        "code": code,
        "mode": scene.mode,
        "language": language,
        "canMove": scene.mode == "desk"
        or (scene.mode == "seat" and scene.row.plan.everybody_moves),
        "urls": urls,
        "token": generate_csrf(),
        "words": script_words(),
        "own": [card.id for card in scene.own.cards],
        "order": list(scene.all_words),  # JSON objects come sorted by name
        "phases": {name: [it.name, it.todo] for name, it in scene.all_words.items()},
        "sides": {side.value: scene.side_name(side.value) for side in Side},
        "causes": [
            [cause.code, cause.side.value, cause.label(language), " ".join(cause.labels.values())]
            for cause in scene.catalogue.standing()
        ],
        "today": date.today().isoformat(),  # noqa: DTZ011  the earliest day of a date field
    }


_SENDS = {
    "seat": ("cards", "prediction", "votes", "here"),
    "desk": ("advance", "extend", "late"),
    "screen": (),
}
