"""Groups of statements that say something alike, and something that other statements do not.

Words and pairs of words are looked for that stand in these statements far more often than beside
them; each such word begins a theme with all that hold it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from feedback_app.tagging.suggesting.reading import spell
from feedback_app.tagging.suggesting.text import BREAK, LONGEST_STATEMENT, NUMBER
from feedback_app.tagging.suggesting.word_lists import load_words

MOST_THEMES = 24
#: How much more often than beside them a word must stand, in standard errors of the log odds.
TELLING = 2.3
#: A pair of words tells more than a word alone.
PAIR_SHARE = 1.4
#: Words that stand in this share of a theme's statements belong to it.
TOGETHER = 0.4
WORDS_SHOWN, QUOTES_SHOWN = 4, 3
#: A word in more than this share of statements (of few, of many) tells none apart; quotes are
#: neither essays nor single words.
TOO_COMMON, MANY_TEXTS, LONGEST_QUOTE, SHORTEST_QUOTE = (0.6, 0.15), 200, 400, 15
SHORTEST_WORD, SHORTEST_IN_PAIR = 4, 3
#: Odds begin with half a statement on each side.
GROUND = 0.5


@dataclass(frozen=True, slots=True)
class Group:
    """Words in common, places of the members, and of the most typical ones."""

    words: tuple[str, ...]
    members: tuple[int, ...]
    typical: tuple[int, ...]


def group(texts: Sequence[str], beside: Sequence[str] = (), *, smallest: int) -> list[Group]:
    """Themes in `texts` with at least `smallest` members each, the largest first.

    `beside`: other statements, of which it is known what they are about. A statement belongs to
    one theme or, as most do, to none. The same texts give the same themes.
    """
    if len(texts) < 2 * smallest:
        return []
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    terms = [dict(_terms(text)) for text in texts]
    for found in terms:
        for term, form in found.items():
            forms[term][form] += 1
    holding: dict[str, set[int]] = defaultdict(set)
    for place, found in enumerate(terms):
        for term in found:
            holding[term].add(place)
    telling = _list_telling(holding, [set(dict(_terms(each))) for each in beside], len(texts))
    taken: set[int] = set()
    themes: list[Group] = []
    for term in sorted(telling, key=lambda each: (-telling[each], each)):
        members = holding[term] - taken
        if len(members) < smallest or len(themes) == MOST_THEMES:
            continue
        alike = _list_alike(term, members, holding, telling)
        words = tuple(forms[each].most_common(1)[0][0] for each in _without_parts(alike))
        typical = _list_typical(texts, members, terms, alike)
        themes.append(Group(words[:WORDS_SHOWN], tuple(sorted(members)), typical))
        taken |= members
    return sorted(themes, key=lambda each: (-len(each.members), each.words))


def _terms(text: str) -> Iterator[tuple[str, str]]:
    """Roots of the telling words and of neighbouring two of them, each as it is written."""
    spelt = spell(text[:LONGEST_STATEMENT])
    little = _list_little_words()
    last: tuple[str, str] | None = None
    for form, root in zip(spelt.forms, spelt.stems.split(" "), strict=False):
        if form in (BREAK, NUMBER) or form in little or len(form) < SHORTEST_IN_PAIR:
            last = None
            continue
        if len(form) >= SHORTEST_WORD:
            yield root, form
        if last is not None and last[0] != root:
            yield f"{last[0]} {root}", f"{last[1]} {form}"
        last = root, form


def _list_little_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    kinds = ("ukrainian", "russian", "pale")
    return frozenset(ENGLISH_STOP_WORDS).union(*(load_words(kind) for kind in kinds))


def _list_telling(
    holding: Mapping[str, set[int]], beside: Sequence[set[str]], number: int
) -> dict[str, float]:
    """term -> how much more it is said here than beside; those alone that tell something."""
    too_many = TOO_COMMON[number > MANY_TEXTS] * number
    elsewhere = Counter(term for found in beside for term in found)
    telling = {}
    for term, places in holding.items():
        here, there = len(places), elsewhere[term]
        if not 1 < here <= too_many:
            continue
        share = PAIR_SHARE if " " in term else 1.0
        if beside:
            odds = _odds(here, number) - _odds(there, len(beside))
            error = math.sqrt(1 / (here + GROUND) + 1 / (there + GROUND))
            strength = odds / error
            if strength < TELLING:
                continue
        else:
            strength = math.sqrt(here)
        telling[term] = strength * share
    return telling


def _odds(held: int, number: int) -> float:
    return math.log((held + GROUND) / (number - held + GROUND))


def _list_alike(
    first: str, members: set[int], holding: Mapping[str, set[int]], telling: Mapping[str, float]
) -> list[str]:
    """`first`, and the telling terms that most members hold too, the commonest first."""
    beside = [
        (len(holding[term] & members), term)
        for term in telling
        if term != first and len(holding[term] & members) >= TOGETHER * len(members)
    ]
    return [first, *(term for _number, term in sorted(beside, key=lambda it: (-it[0], it[1])))]


def _without_parts(terms: Sequence[str]) -> Iterator[str]:
    """The terms without words that a pair among those before says already."""
    said: set[str] = set()
    for term in terms:
        parts = set(term.split(" "))
        if not parts <= said:
            yield term
        said |= parts


def _list_typical(
    texts: Sequence[str],
    members: set[int],
    terms: Sequence[Mapping[str, str]],
    alike: Sequence[str],
) -> tuple[int, ...]:
    """Members that hold most of what they have in common, the shorter first, no text twice."""
    fitting = [
        place for place in members if SHORTEST_QUOTE <= len(texts[place]) <= LONGEST_QUOTE
    ] or list(members)
    fitting.sort(
        key=lambda place: (
            -sum(term in terms[place] for term in alike[: WORDS_SHOWN + 1]),
            len(texts[place]),
            place,
        )
    )
    different = {texts[place].casefold(): place for place in reversed(fitting)}
    return tuple(place for place in fitting if different[texts[place].casefold()] == place)[
        :QUOTES_SHOWN
    ]
