"""Answers of the demo that tick nothing and say in their own words why; and what all texts say.

All sentences are written for the demo.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from feedback_app.answers.rules import REASONS
from feedback_app.demo.rules import ALIKE, TEXTS, DemoAnswer

WRITTEN_A_MONTH = 8

#: cause -> (language, what somebody wrote beside "other").
WRITTEN: dict[str, tuple[tuple[str, str], ...]] = {
    "company.slow_response": (
        ("en", "Forty minutes on hold, then the line went dead."),
        ("ru", "На письмо так никто и не ответил."),
        ("uk", "Три дні чекала, поки хтось передзвонить."),
        ("en", "Nobody answers your hotline after six."),
        ("ru", "Заявка висела неделю без ответа."),
        ("en", "My ticket stayed open for two weeks."),
        ("uk", "До оператора не додзвонитися."),
    ),
    "company.price": (
        ("en", "Too expensive for what I get."),
        ("ru", "Стало слишком дорого."),
        ("uk", "Занадто дорого як на таку швидкість."),
        ("en", "The bill went up twice in one year."),
        ("ru", "Цену подняли, а скорость прежняя."),
        ("en", "I can not see what I pay so much for."),
        ("uk", "Абонплата зросла майже вдвічі."),
    ),
    "competitor.price": (
        ("en", "Another provider is ten a month cheaper."),
        ("ru", "Нашли такой же интернет дешевле."),
        ("uk", "В іншого провайдера дешевше."),
        ("en", "The same thing costs less elsewhere."),
        ("ru", "У конкурента цена ниже."),
    ),
    "company.quality": (
        ("en", "The connection kept dropping."),
        ("ru", "Связь постоянно обрывалась."),
        ("uk", "Інтернет зникав по кілька разів на день."),
        ("en", "Video calls froze every afternoon."),
        ("ru", "Скорость падала каждый вечер."),
    ),
    "client.relocated": (
        ("en", "I moved to another town."),
        ("ru", "Переехали в другой город."),
        ("uk", "Переїхала до іншого міста."),
        ("en", "We live abroad now."),
    ),
    "none": (
        ("en", "That is my business."),
        ("ru", "Без комментариев."),
        ("uk", "Не хочу пояснювати."),
    ),
}

#: Texts that two careful people may well read differently: language, cause -> the second reading.
DOUBTFUL = {
    ("ru", "company.price"): "company.communication",
    ("en", "client.relocated"): "company.features",
    ("uk", "company.price"): "company.communication",
    ("en", "competitor.offer"): "competitor.price",
}


def make_written_answers(month: int) -> Iterator[DemoAnswer]:
    """The answers of one month (0 = the oldest) that tick no cause; the same ones every time."""
    turns = range(max(map(len, WRITTEN.values())))
    lines = [lines[turn % len(lines)] for turn in turns for lines in WRITTEN.values()]
    begun = month * WRITTEN_A_MONTH
    for language, text in islice(cycle(lines), begun, begun + WRITTEN_A_MONTH):
        yield DemoAnswer(language, {REASONS: {"ticked": [], "decided": None, "other": text}})


def list_meanings() -> dict[str, str]:
    """text -> the cause it speaks of."""
    told = {
        alike: code
        for texts in TEXTS.values()
        for code, text in texts.items()
        for alike in ALIKE[text]
    }
    return told | {text: code for code, lines in WRITTEN.items() for _language, text in lines}


def list_second_readings() -> dict[str, str]:
    """text -> the cause that somebody else may read in it, where it is doubtful."""
    return {
        alike: other
        for (language, code), other in DOUBTFUL.items()
        for alike in ALIKE[TEXTS[language][code]]
    }
