"""The demo's staff poll: the company thinks of its customers' money and of rivals' prices.

Few of the staff see how much the waiting for an answer costs, and they expect the customers'
own circumstances to decide far more often than customers say.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from feedback_app.answers.rules import BELIEVED, PREDICTED
from feedback_app.demo.rules import DemoAnswer, clamp

SEED = 20_18
ANSWERS = 64
MOST_TICKED = 5

#: cause -> (how often it is ticked, the share expected in percent)
BELIEFS: dict[str, tuple[float, int]] = {
    "client.budget": (0.72, 38),
    "competitor.price": (0.70, 36),
    "company.price": (0.56, 30),
    "client.relocated": (0.50, 22),
    "client.need_gone": (0.40, 18),
    "competitor.offer": (0.42, 20),
    "company.slow_response": (0.24, 9),
    "company.quality": (0.26, 14),
    "client.low_usage": (0.22, 12),
    "company.communication": (0.06, 6),
    "company.plans": (0.1, 8),
}


def make_staff_answers(count: int = ANSWERS) -> Iterator[DemoAnswer]:
    """`count` answers; the same ones every time."""
    chance = random.Random(SEED)  # noqa: S311  a story, no secret
    for _ in range(count):
        yield _make_answer(chance)


def _make_answer(chance: random.Random) -> DemoAnswer:
    ticked = [code for code, (often, _share) in BELIEFS.items() if chance.random() < often]
    ticked = chance.sample(ticked, min(len(ticked), MOST_TICKED)) or ["client.budget"]
    ticked.sort(key=list(BELIEFS).index)
    left = list(ticked)
    ranked: list[str] = []
    while left and len(ranked) < 3:  # noqa: PLR2004 - places that the poll offers
        first = chance.choices(left, [BELIEFS[code][0] for code in left])[0]
        left.remove(first)
        ranked.append(first)
    predicted = {
        code: clamp(round(chance.gauss(BELIEFS[code][1], 9) / 5) * 5, 0, 100) for code in ticked
    }
    return DemoAnswer("en", {BELIEVED: {"ticked": ticked, "ranked": ranked}, PREDICTED: predicted})
