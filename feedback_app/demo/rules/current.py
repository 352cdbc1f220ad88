"""The demo's customers who stayed: how content they are, and what could make them leave.

They tell the same story as those who left: answers take too long and the price hurts. Since
the hotline hired people, in the fifth month, the speed of answers is rated better and fewer
say that waiting could make them leave; communication stays weak. Customers of the north, where
a competitor builds, are likelier to leave.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from feedback_app.answers.rules import COMPETITOR, COULD_LEAVE, OFFERS_HEARD
from feedback_app.demo.rules import COMPETITORS, FIXED_IN_MONTH, LANGUAGES, DemoAnswer, clamp

SEED = 20_17
SEGMENT_NAMES = ("Region", "Plan")
#: region, plan -> answers a month; none so rare that it could not open by itself.
SEGMENTS: dict[tuple[str, str], int] = {
    ("North", "Home"): 16,
    ("North", "Business"): 11,
    ("South", "Home"): 19,
    ("South", "Business"): 12,
}

#: rating row -> (how good it is, how much the customer's mood colours it, gain by the fix)
ROWS: dict[str, tuple[float, float, float]] = {
    "quality": (3.9, 0.35, 0.0),
    "service": (3.3, 0.55, 0.35),
    "speed": (2.6, 0.5, 0.9),
    "staff": (4.1, 0.45, 0.1),
    "value": (3.0, 0.5, 0.0),
    "plans": (3.4, 0.3, 0.0),
    "communication": (2.8, 0.4, 0.0),
}
ANSWERED = {"nps": 0.93, "ces": 0.6, "row": 0.95, "leave": 0.9, "offers": 0.8, "why": 0.3}
NOT_APPLICABLE = {"speed": 0.06, "communication": 0.05}

#: cause -> how often it could make somebody leave; the first months, then after the fix.
COULD: dict[str, tuple[float, float]] = {
    "company.price": (0.33, 0.35),
    "company.slow_response": (0.40, 0.22),
    "competitor.price": (0.24, 0.26),
    "company.communication": (0.19, 0.20),
    "company.quality": (0.16, 0.15),
    "competitor.offer": (0.14, 0.16),
    "client.relocated": (0.10, 0.11),
    "client.budget": (0.09, 0.10),
    "company.plans": (0.10, 0.09),
    "client.need_gone": (0.05, 0.05),
}
OFFERS = {"price": 0.28, "promotion": 0.22, "terms": 0.1, "product": 0.08, "service": 0.06}

TEXTS: dict[str, tuple[str, ...]] = {
    "en": (
        "The line is fine. When it is not, nobody tells me for how long.",
        "Good people, but it takes days until one of them answers.",
        "I would recommend it if the price stayed what it was.",
    ),
    "ru": (
        "Связь хорошая, но о работах узнаю, когда интернет уже пропал.",
        "Люди отличные, только ждать ответа приходится днями.",
        "Посоветовал бы, если бы цена не росла.",
    ),
    "uk": (
        "Зв’язок добрий, але про роботи дізнаюся, коли інтернет уже зник.",
        "Люди чудові, тільки чекати на відповідь доводиться днями.",
        "Порадив би, якби ціна не зростала.",
    ),
}


def make_current_answers(month: int, region: str, plan: str, count: int) -> Iterator[DemoAnswer]:
    """`count` answers of one month and segment; the same ones every time."""
    chance = random.Random(f"{SEED}/{month}/{region}/{plan}")  # noqa: S311  a story, no secret
    for _ in range(count):
        yield _make_answer(chance, region, is_fixed=month >= FIXED_IN_MONTH)


def _make_answer(chance: random.Random, region: str, *, is_fixed: bool) -> DemoAnswer:
    language = chance.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
    mood = chance.gauss(-0.55 if region == "North" else 0.35, 1)
    rows = _rows(chance, mood, is_fixed=is_fixed)
    liking = 0.9 * (rows["speed"] - 3) + 0.7 * (rows["value"] - 3) + 0.5 * (rows["service"] - 3)
    values: dict[str, Any] = {
        "csat": clamp(round(3.6 + 0.35 * liking + chance.gauss(0, 0.6)), 1, 5)
    }
    if chance.random() < ANSWERED["nps"]:
        values["nps"] = clamp(round(7.4 + 0.85 * liking + chance.gauss(0, 1.4)), 0, 10)
        if chance.random() < ANSWERED["why"]:
            values["nps_why"] = chance.choice(TEXTS[language])
    if chance.random() < ANSWERED["ces"]:
        ease = 4.6 + 0.8 * (rows["speed"] - 3) + chance.gauss(0, 1.2)
        values["ces"] = clamp(round(ease), 1, 7)
    values["ratings"] = _rated(chance, rows)
    values |= _could_leave(chance, liking, region, is_fixed=is_fixed)
    if chance.random() < ANSWERED["offers"]:
        values |= _offers(chance, region)
    return DemoAnswer(language, values)


def _rows(chance: random.Random, mood: float, *, is_fixed: bool) -> dict[str, int]:
    found = {}
    for code, (level, coloured, gain) in ROWS.items():
        centre = level + coloured * mood + (gain if is_fixed else 0)
        found[code] = clamp(round(centre + chance.gauss(0, 0.8)), 1, 5)
    return found


def _rated(chance: random.Random, rows: dict[str, int]) -> dict[str, int | str]:
    rated: dict[str, int | str] = {}
    for code, number in rows.items():
        if chance.random() < NOT_APPLICABLE.get(code, 0):
            rated[code] = "na"
        elif chance.random() < ANSWERED["row"]:
            rated[code] = number
    return rated


def _could_leave(
    chance: random.Random, liking: float, region: str, *, is_fixed: bool
) -> dict[str, Any]:
    odds = {code: pair[is_fixed] for code, pair in COULD.items()}
    ticked = [code for code in odds if chance.random() < odds[code]]
    values: dict[str, Any] = {}
    if ticked:
        decided = chance.choices(ticked, [odds[code] for code in ticked])[0]
        values[COULD_LEAVE] = {"ticked": ticked, "decided": decided}
    if chance.random() < ANSWERED["leave"]:
        centre = 3.2 - 0.9 * liking + (1.2 if region == "North" else 0) + 0.5 * len(ticked)
        values["leave_likelihood"] = clamp(round(centre + chance.gauss(0, 1.8)), 0, 10)
    return values


def _offers(chance: random.Random, region: str) -> dict[str, Any]:
    louder = 1.4 if region == "North" else 1.0
    heard = [code for code, odds in OFFERS.items() if chance.random() < odds * louder]
    if not heard:
        return {OFFERS_HEARD: {"choices": ["none"]}}
    name = chance.choices((*COMPETITORS, ""), (0.45, 0.25, 0.12, 0.18))[0]
    return {
        OFFERS_HEARD: {"choices": heard},
        COMPETITOR: {"name": name} if name else {"rather_not": True},
    }
