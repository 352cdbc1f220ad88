"""The lexicon: concepts and weighted patterns for every cause, read from the files beside it."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from feedback_app.tagging.suggesting.patterns import (
    DENYING,
    SLAVIC_DENYING,
    WIDEST,
    Concepts,
    Element,
    Hit,
    Pattern,
    Span,
    Statement,
    find_denied,
    matches_word,
    parse_pattern,
)
from feedback_app.tagging.suggesting.text import BREAK, Word

FOLDER = Path(__file__).with_name("lexicon")
BRAND = "brand"
LANGUAGES = ("en", "ru", "uk")
Row = tuple[Element, ...]
Numbered = tuple[int, Row]


class Lexicon:
    """Finds concepts and patterns in the words of a statement."""

    def __init__(self, concepts: Mapping[str, Sequence[str]], patterns: Sequence[Pattern]) -> None:
        self.concepts = Concepts(concepts)
        self.patterns = tuple(patterns)
        self._rows: dict[Row, int] = {}
        for pattern in patterns:
            for row in pattern.rows:
                self._rows.setdefault(row, len(self._rows))
        self._by_word: dict[str, list[Numbered]] = defaultdict(list)
        self._by_stem: dict[str, list[Numbered]] = defaultdict(list)
        self._by_concept: dict[str, list[Numbered]] = defaultdict(list)
        self._by_name: list[Numbered] = []
        self._index()
        self._shortest = min(map(len, self._by_stem), default=1)
        self._single: dict[int, list[Pattern]] = defaultdict(list)
        self._joint: dict[int, list[Pattern]] = defaultdict(list)
        for pattern in patterns:
            target = self._single if len(pattern.rows) == 1 else self._joint
            target[self._rows[pattern.rows[0]]].append(pattern)

    def _index(self) -> None:
        for row, number in self._rows.items():
            first, numbered = row[0], (number, row)
            if first.kind == "concept":
                self._by_concept[first.concept].append(numbered)
            elif first.kind == "name":
                self._by_name.append(numbered)
            for word in first.words:
                self._by_word[word].append(numbered)
            for start in first.stems:
                self._by_stem[start].append(numbered)

    def find(self, words: tuple[Word, ...], forms: Sequence[str]) -> tuple[Hit, ...]:
        """The patterns found in `words`, which are spelt as `forms`."""
        starts = tuple(tuple(here) for here in self.concepts.find(forms))
        statement = Statement(words, tuple(forms), starts, find_denied(words, forms))
        return tuple(self._find_hits(statement))

    def _find_hits(self, statement: Statement) -> Iterator[Hit]:
        spans: dict[int, list[Span]] = defaultdict(list)
        for place in range(len(statement.forms)):
            for number, row in self._candidates(statement, place):
                end = _match(statement, row, 0, place)
                if end is not None and not _is_turned(statement, row, place):
                    spans[number].append((place, end))
        breaks = [place for place, form in enumerate(statement.forms) if form == BREAK]
        for number, found in spans.items():
            for pattern in self._single.get(number, ()):
                yield Hit(pattern, tuple(found))
            for pattern in self._joint.get(number, ()):
                others = [spans.get(self._rows[row], []) for row in pattern.rows[1:]]
                joined = _join(found, others, breaks)
                if joined:
                    yield Hit(pattern, joined)

    def _candidates(self, statement: Statement, place: int) -> Iterator[Numbered]:
        form = statement.forms[place]
        if form == BREAK:
            return
        yield from self._by_word.get(form, ())
        for size in range(self._shortest, len(form) + 1):
            yield from self._by_stem.get(form[:size], ())
        for name in {name for _end, name in statement.starts[place]}:
            yield from self._by_concept.get(name, ())
        if _is_name(statement, place):
            yield from self._by_name


def _match(statement: Statement, row: Row, step: int, place: int) -> int | None:
    """The place behind `row[step:]` when it begins at `place`, else None."""
    if step == len(row):
        return place
    element = row[step]
    if element.kind == "gap":
        tries: Iterable[int] = _reach(statement, place, element.length)
    elif place < len(statement.forms):
        tries = _ends(statement, element, place)
    else:
        return None
    ends = (_match(statement, row, step + 1, behind) for behind in tries)
    return next((end for end in ends if end is not None), None)


def _is_turned(statement: Statement, row: Row, place: int) -> bool:
    """A phrase that begins with a denied word means the opposite ("not charged twice")."""
    return row[0].kind == "word" and statement.denied[place] and not _denies(statement.forms[place])


def _denies(form: str) -> bool:
    return form in DENYING or form in SLAVIC_DENYING


def _is_name(statement: Statement, place: int) -> bool:
    """A name by its capital letter, or a known brand however it is written."""
    return statement.words[place].is_name or any(
        name == BRAND for _end, name in statement.starts[place]
    )


def _reach(statement: Statement, place: int, length: int) -> Iterator[int]:
    """The places that a gap of up to `length` words leads to; it ends with the sentence."""
    for ahead in range(place, min(place + length, len(statement.forms)) + 1):
        yield ahead
        if ahead < len(statement.forms) and statement.forms[ahead] == BREAK:
            return


def _ends(statement: Statement, element: Element, place: int) -> Iterator[int]:
    if element.kind == "word":
        if matches_word(element, statement.forms[place]):
            yield place + 1
    elif element.kind == "name":
        if _is_name(statement, place):
            yield place + 1
    elif element.is_denied is None or statement.denied[place] == element.is_denied:
        for end, name in statement.starts[place]:
            if name == element.concept:
                yield end


def _join(
    found: Sequence[Span], others: Sequence[Sequence[Span]], breaks: Sequence[int]
) -> tuple[Span, ...]:
    """The first of `found` that has one of each of `others` beside it in its sentence."""
    for span in found:
        sentence = bisect_right(breaks, span[0])
        beside = []
        for choices in others:
            near = next(
                (
                    each
                    for each in choices
                    if abs(each[0] - span[0]) <= WIDEST
                    and bisect_right(breaks, each[0]) == sentence
                    and (each[0] >= span[1] or each[1] <= span[0])
                ),
                None,
            )
            if near is None:
                break
            beside.append(near)
        else:
            return (span, *beside)
    return ()


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The shipped lexicon.

    Raises UnableToReadLexicon when a line of its files makes no sense.
    """
    concepts = _read_spellings("concepts.toml")
    lines: dict[str, list[str]] = defaultdict(list)
    for path in sorted(FOLDER.glob("patterns-*.toml")):
        for cause, block in _read(path.name).items():
            lines[cause] += [line for line in block.splitlines() if line.strip()]
    return Lexicon(concepts, [parse_pattern(c, line) for c, all_ in lines.items() for line in all_])


@lru_cache(maxsize=1)
def load_topics() -> Concepts:
    """The topics that the learner looks at: fields of words, the same in every language."""
    return Concepts(_read_spellings("topics.toml"))


@lru_cache(maxsize=1)
def load_brands() -> Concepts:
    """The brands that customers leave for."""
    return Concepts({BRAND: _read("concepts.toml")[BRAND]["en"].split()})


def _read_spellings(name: str) -> dict[str, list[str]]:
    return {
        concept: [entry for language in LANGUAGES for entry in spellings.get(language, "").split()]
        for concept, spellings in _read(name).items()
    }


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
