"""The demo's story as chances: who leaves, why, and what they write.

A made-up internet provider loses customers to dearer prices and slow answers; in the fifth
month it hires people for its hotline, and from then on fewer name the waiting. All texts
are written for the demo; the names of competitors are plainly made up.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from feedback_app.answers.rules import ATTRACTION, COMPETITOR, REASONS, RETURN
from feedback_app.demo.rules.variants import list_alike
from feedback_app.surveys.rules.question import Values
from feedback_app.tagging.rules import OUR_PRICE, PRICE_COMPARED

SEED = 20_15
MONTHS = 8
ANSWERS_A_MONTH = 62
WAITING = 7  # fewer than k: they stay sealed, to show that they do
FIXED_IN_MONTH = 4
COMPETITORS = ("Alpha Net (demo)", "Beta Mobile (demo)", "Gamma Fibre (demo)")
LANGUAGES = {"en": 0.45, "ru": 0.3, "uk": 0.25}

#: How often a question that need not be answered is.
ANSWERED = {"price": 0.8, "quality": 0.85, "return": 0.9, "improve": 0.45}

#: cause -> how often it plays a part; the first months, then after the fix.
CHANCES: dict[str, tuple[float, float]] = {
    "company.price": (0.30, 0.31),
    "company.slow_response": (0.34, 0.15),
    "competitor.price": (0.20, 0.21),
    "company.quality": (0.19, 0.18),
    "competitor.offer": (0.13, 0.14),
    "competitor.product": (0.11, 0.12),
    "client.relocated": (0.12, 0.12),
    "client.budget": (0.10, 0.11),
    "company.plans": (0.09, 0.09),
    "client.need_gone": (0.08, 0.08),
    "company.communication": (0.08, 0.06),
    "company.expectations": (0.07, 0.06),
    "client.low_usage": (0.05, 0.05),
    "company.neglect": (0.05, 0.04),
    "company.rudeness": (0.04, 0.02),
    "competitor.service": (0.05, 0.04),
    "competitor.relationship": (0.02, 0.02),
    "client.life_event": (0.03, 0.03),
}

#: language -> cause -> what somebody might write about improving it.
TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "company.price": "Keep the price of the first year, or at least announce the rise.",
        "company.slow_response": "I waited four days for an answer and it solved nothing.",
        "company.quality": "The line dropped every evening when we needed it.",
        "company.plans": "Let me pay for the months I am at home.",
        "company.communication": "Tell people before you switch something off.",
        "competitor.price": "The same speed costs a third less next door.",
        "competitor.offer": "Half a year free for those who switch. Hard to refuse.",
        "client.relocated": "You have no line where we live now.",
    },
    "ru": {
        "company.price": "Не поднимайте цену без предупреждения.",
        "company.slow_response": "Ответа поддержки ждал почти неделю, и всё без толку.",
        "company.quality": "По вечерам интернет пропадал, работать невозможно.",
        "company.plans": "Сделайте тариф, который можно приостановить на лето.",
        "company.communication": "Об отключении узнали от соседей, а не от вас.",
        "competitor.price": "У соседей то же самое стоит на треть дешевле.",
        "competitor.offer": "Предложили полгода бесплатно, грех отказываться.",
        "client.relocated": "Переехали, а на новом адресе вас нет.",
    },
    "uk": {
        "company.price": "Попереджайте про підвищення ціни заздалегідь.",
        "company.slow_response": "Чекав на відповідь підтримки чотири дні, і все дарма.",
        "company.quality": "Щовечора зв’язок зникав саме тоді, коли був потрібен.",
        "company.plans": "Зробіть тариф, який можна призупинити на літо.",
        "company.communication": "Про відключення дізналися від сусідів, а не від вас.",
        "competitor.price": "Поруч та сама швидкість коштує на третину менше.",
        "competitor.offer": "Запропонували пів року безкоштовно, важко відмовитися.",
        "client.relocated": "Переїхали, а на новій адресі вас немає.",
    },
}


#: text -> the same in other words.
ALIKE = list_alike(TEXTS)


@dataclass(frozen=True, slots=True)
class DemoAnswer:
    """One made-up answer and the language of its page."""

    language: str
    values: Values


def make_answers(month: int, count: int) -> Iterator[DemoAnswer]:
    """`count` answers of one month (0 = the oldest); the same ones every time."""
    chance = random.Random(f"{SEED}/{month}")  # noqa: S311  a story, not a secret
    for turn in range(count):
        answer = _make_answer(chance, is_fixed=month >= FIXED_IN_MONTH)
        alike = ALIKE.get(str(answer.values.get("improve")))
        said = {"improve": alike[(turn + month) % len(alike)]} if alike else {}
        yield DemoAnswer(answer.language, {**answer.values, **said})


def _make_answer(chance: random.Random, *, is_fixed: bool) -> DemoAnswer:
    language = chance.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
    odds = {code: pair[is_fixed] for code, pair in CHANCES.items()}
    ticked = [code for code in odds if chance.random() < odds[code]]
    if not ticked:
        ticked = chance.choices(list(odds), list(odds.values()))
    decided = chance.choices(ticked, [odds[code] for code in ticked])[0]
    values: dict[str, Any] = {REASONS: {"ticked": ticked, "decided": decided}}
    if OUR_PRICE in ticked and chance.random() < ANSWERED["price"]:
        choices, weights = ("competitor_price", "earlier_price", "own_budget"), (0.35, 0.5, 0.15)
        values[PRICE_COMPARED] = {"choice": chance.choices(choices, weights)[0]}
    if any(code.startswith("competitor.") for code in ticked):
        values |= _competitor(chance, ticked)
    values |= _rest(chance, ticked, language)
    return DemoAnswer(language, values)


def _competitor(chance: random.Random, ticked: list[str]) -> dict[str, Any]:
    name = chance.choices((*COMPETITORS, ""), (0.42, 0.24, 0.14, 0.2))[0]
    attracted = {
        "competitor.price": "price",
        "competitor.product": "product",
        "competitor.service": "service",
        "competitor.offer": "promotion",
        "competitor.relationship": "someone",
    }
    choices = sorted({attracted[code] for code in ticked if code in attracted})
    return {
        COMPETITOR: {"name": name} if name else {"rather_not": True},
        ATTRACTION: {"choices": choices},
    }


def _rest(chance: random.Random, ticked: list[str], language: str) -> dict[str, Any]:
    is_annoyed = any(code.startswith("company.") for code in ticked)
    centre = 3 if is_annoyed else 6
    values: dict[str, Any] = {}
    if chance.random() < ANSWERED["quality"]:
        values["quality"] = {
            "product": clamp(round(chance.gauss(3.4, 1.0)), 1, 5),
            "service": clamp(round(chance.gauss(2.6 if is_annoyed else 3.8, 1.0)), 1, 5),
        }
    if chance.random() < ANSWERED["return"]:
        values[RETURN] = clamp(round(chance.gauss(centre, 2.4)), 0, 10)
    written = [TEXTS[language][code] for code in ticked if code in TEXTS[language]]
    if written and chance.random() < ANSWERED["improve"]:
        values["improve"] = chance.choice(written)
    return values


def clamp(number: int, lowest: int, highest: int) -> int:
    """The number, or the end of the scale that it lies beyond."""
    return max(lowest, min(highest, number))
