"""The browser folds a log to the same board as the server."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser

from feedback_app.brainstorms.rules.fold import Event, fold
from feedback_app.brainstorms.rules.moves import SHAPES, Kind

STATIC = Path(__file__).parents[3] / "feedback_app" / "static"
CARDS = [str(UUID(int=number)) for number in range(1, 15)]
GROUPS = [str(UUID(int=100 + number)) for number in range(5)]
LOGS, MOVES = 20, 60


def make_log(chance: random.Random) -> list[Event]:
    """A log of random moves, some of them of things that are not there."""
    shuffled = chance.sample(CARDS, len(CARDS))
    log = [
        Event(1, "revealed", {"cards": [_card(it) for it in shuffled[:9]]}),
        Event(2, "phase", {"phase": "group", "round": 1, "ends_at": None, "allowance": 3}),
    ]
    for n in range(3, MOVES):
        kind, payload = chance.choice(_moves(chance, n))
        shaped = SHAPES[Kind(kind)](payload) if kind in SHAPES else payload
        log.append(Event(n, kind, shaped))
    return log


def _card(card: str) -> dict[str, str]:
    return {"id": card, "side": "company", "text": f"card {card[-2:]}"}


def _moves(chance: random.Random, n: int) -> list[tuple[str, dict[str, Any]]]:
    unit, card = chance.choice(CARDS + GROUPS), chance.choice(CARDS)
    return [
        ("merged", {"units": chance.sample(CARDS + GROUPS, 2), "into": chance.choice(GROUPS)}),
        ("merged", {"units": [card], "into": unit}),
        ("split", {"card": card}),
        ("named", {"unit": unit, "name": f"group {n}"}),
        ("tagged", {"unit": unit, "cause": "company.price"}),
        ("why", {"unit": unit, "level": chance.randint(1, 5), "text": f"because {n}"}),
        ("idea", {"unit": unit, "idea": f"idea {n}", "owner": "Olha", "due": "", "measure": ""}),
        ("hidden", {"card": card, "is_hidden": chance.random() < 0.6}),
        ("withdrawn", {"card": card}),
        ("reworded", {"card": card, "text": f"better {n}"}),
        ("revealed", {"cards": [_card(card)]}),
        ("undone", {"event": chance.randrange(n + 4)}),
        ("voted", {"people": n, "counts": {unit: 2}}),
        ("extended", {"ends_at": "2026-11-28T10:00:00+00:00"}),
        ("of a later release", {}),
    ]


def test_browser_and_server_fold_alike(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(path=STATIC / "session-fold.js")
    for seed in range(LOGS):
        log = make_log(random.Random(seed))
        events = [[event.n, event.kind, event.payload] for event in log]
        told = page.evaluate("events => SessionFold.fold(events)", events)
        expected = json.loads(json.dumps(fold(log).document()))
        assert told == expected, f"log {seed}"
    page.close()


def test_cards_that_say_the_same_look_alike(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(path=STATIC / "session-alike.js")
    texts = [
        *("Support answers too late", "Late answers of the support", "They moved to Lviv"),
        *("Поддержка долго отвечает", "Долгие ответы поддержки", "Переехали во Львов"),
    ]
    pairs = page.evaluate(
        "units => SessionAlike.pairs(units, new Set()).map(it => [it[0], it[1]])",
        [[str(number), [text]] for number, text in enumerate(texts)],
    )
    assert sorted(pairs) == [["0", "1"], ["3", "4"]]
    page.close()
