"""The words that led to a suggestion."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from feedback_app.tagging.suggesting.patterns import Pattern, Span
from feedback_app.tagging.suggesting.reading import Read
from feedback_app.tagging.suggesting.suggestion import NONE

if TYPE_CHECKING:
    import numpy as np

#: A statement, places in it and a code -> how strongly the word at each place speaks for it.
WeighWords = Callable[[Read, Sequence[int], str], "np.ndarray"]

MOST_PLACES = 3
#: Words looked at where no pattern was found, and how clearly one must speak.
MOST_WORDS, CLEARLY = 60, 0.2
SHORTEST_TELLING = 4  # letters; shorter words tell nothing by themselves


def find_evidence(
    statement: Read, code: str, weigh: WeighWords, trust: Mapping[Pattern, float]
) -> tuple[tuple[int, int], ...]:
    """Places (start, end) in the text, in its order; empty when nothing stands out.

    The strongest patterns of the cause; where there are none, the words whose letters speak
    most clearly for it.
    """
    if code == NONE:
        return ()
    hits = [hit for hit in statement.hits if hit.pattern.cause == code and hit.pattern.weight > 0]
    hits.sort(key=lambda hit: -hit.pattern.weight * trust.get(hit.pattern, 1.0))
    chosen: list[Span] = []
    for hit in hits:
        for span in hit.spans:
            if len(chosen) < MOST_PLACES and not any(_overlap(span, other) for other in chosen):
                chosen.append(span)
    chosen = chosen or _clearest_words(statement, code, weigh)
    return tuple(
        (statement.words[first].start, statement.words[behind - 1].end)
        for first, behind in sorted(chosen)
    )


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _clearest_words(statement: Read, code: str, weigh: WeighWords) -> list[Span]:
    places = [
        place for place, word in enumerate(statement.words) if len(word.form) >= SHORTEST_TELLING
    ]
    places = places[:MOST_WORDS]
    if not places:
        return []
    speaking = weigh(statement, places, code)
    best = sorted(range(len(places)), key=lambda place: -speaking[place])[:MOST_PLACES]
    return [(places[place], places[place] + 1) for place in best if speaking[place] > CLEARLY]
