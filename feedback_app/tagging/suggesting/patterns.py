"""The little language of the lexicon: concepts, patterns, and what of them a statement holds.

A concept is a list of words that say the same in any language: `price* fee* cost*`; a star
stands for any ending, `_` joins words that stand together. A pattern is a row of elements:

| element | stands for |
|---|---|
| `word`, `wor*`, `a\\|b*` | a word, a beginning, one of several; denied it begins no phrase |
| `@price` | the concept, not denied (`not expensive` is no `@expensive`) |
| `-price` | the concept, denied |
| `=price` | the concept, denied or not |
| `^` | a name: a capital letter inside a sentence, or a known brand |
| `.`, `..`, `....` | a gap of up to one, three or seven words |
| `&` | both sides stand in one sentence, in any order, at most ten words apart |
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from feedback_app.tagging.suggesting.text import BREAK, Word
from feedback_app.tagging.suggesting.word_lists import load_words

#: a gap -> how many words it may span
GAPS = {".": 1, "..": 3, "....": 7}
WIDEST = 10
SCOPE_AFTER, SCOPE_BEFORE = 3, 2
SLAVIC_SCOPE = 2

Span = tuple[int, int]  # first word, word behind the last


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a pattern; `kind` is one of word, concept, name, gap."""

    kind: str
    words: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()
    concept: str = ""
    is_denied: bool | None = None
    length: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """Rows of elements that all must be found, and how strongly they speak for the cause."""

    cause: str
    weight: float
    rows: tuple[tuple[Element, ...], ...]
    source: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern found, and the words that it was found in."""

    pattern: Pattern
    spans: tuple[Span, ...]


class UnableToReadLexicon(Exception):
    """A line of the lexicon makes no sense; the message names it."""


def parse_pattern(cause: str, line: str) -> Pattern:
    """`line`: an optional weight, then elements.

    Raises UnableToReadLexicon when a row is empty or begins with a gap.
    """
    parts = line.split()
    weight = 2.0
    if parts and re.fullmatch(r"-?\d+(\.\d+)?", parts[0]):
        weight = float(parts.pop(0))
    rows: list[tuple[Element, ...]] = []
    row: list[Element] = []
    for part in [*parts, "&"]:
        if part != "&":
            row.append(parse_element(part))
            continue
        if not row or row[0].kind == "gap":
            raise UnableToReadLexicon(f"{cause}: {line}")
        rows.append(tuple(row))
        row = []
    return Pattern(cause, weight, tuple(rows), line)


def parse_element(part: str) -> Element:
    """One element out of its spelling."""
    if part in GAPS:
        return Element("gap", length=GAPS[part])
    if part == "^":
        return Element("name")
    if part[0] in "@-=" and len(part) > 1:
        denied = {"@": False, "-": True, "=": None}[part[0]]
        return Element("concept", concept=part[1:], is_denied=denied)
    words = part.split("|")
    return Element(
        "word",
        words=frozenset(word for word in words if not word.endswith("*")),
        stems=tuple(word[:-1] for word in words if word.endswith("*")),
    )


def matches_word(element: Element, form: str) -> bool:
    """True when `form` is one of the element's words or begins like one of its stems."""
    return form in element.words or (bool(element.stems) and form.startswith(element.stems))


class Concepts:
    """All concepts, indexed by how their first word begins."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        self.names = tuple(table)
        self._exact: dict[str, list[tuple[str, tuple[Element, ...]]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[str, tuple[Element, ...]]]] = defaultdict(list)
        for name, entries in table.items():
            for entry in entries:
                row = tuple(parse_element(part) for part in entry.replace("'", "").split("_"))
                for word in row[0].words:
                    self._exact[word].append((name, row))
                for start in row[0].stems:
                    self._stems[start].append((name, row))
        self._shortest = min(map(len, self._stems), default=1)

    def list_words(self) -> set[str]:
        """Every whole word and beginning that concepts are spelt with."""
        return set(self._exact) | set(self._stems)

    def is_known(self, form: str) -> bool:
        """True when some concept begins with this word."""
        return form in self._exact or any(
            form[:size] in self._stems for size in range(self._shortest, len(form) + 1)
        )

    def find(self, forms: Sequence[str]) -> list[list[tuple[int, str]]]:
        """For every place: the concepts that begin there, each with the place behind it."""
        found: list[list[tuple[int, str]]] = []
        for place, form in enumerate(forms):
            here: dict[tuple[int, str], None] = {}
            for name, row in self._candidates(form):
                end = place + len(row)
                if end <= len(forms) and all(
                    matches_word(element, forms[place + step])
                    for step, element in enumerate(row)
                    if step
                ):
                    here[end, name] = None
            found.append(list(here))
        return found

    def _candidates(self, form: str) -> Iterator[tuple[str, tuple[Element, ...]]]:
        yield from self._exact.get(form, ())
        for size in range(self._shortest, len(form) + 1):
            yield from self._stems.get(form[:size], ())


DENYING, SLAVIC_DENYING = load_words("denying"), load_words("denying_slavic")
DENYING_BEFORE, SPARING = load_words("denying_before"), load_words("sparing")
TURNING = load_words("turning")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement read by the lexicon: words, and what begins at each place."""

    words: tuple[Word, ...]
    forms: tuple[str, ...]
    starts: tuple[tuple[tuple[int, str], ...], ...]
    denied: tuple[bool, ...]


def find_denied(words: Sequence[Word], forms: Sequence[str]) -> tuple[bool, ...]:
    """Which places a word of denial before (or, in Slavic languages, behind) reaches.

    It reaches over no comma, no "but" and no end of a sentence.
    """
    denied = [False] * len(forms)
    for place, form in enumerate(forms):
        if form not in DENYING and form not in SLAVIC_DENYING:
            continue
        if place + 1 < len(forms) and forms[place + 1] in SPARING:
            continue
        reach = SCOPE_AFTER if form in DENYING else SLAVIC_SCOPE
        for ahead in range(place + 1, min(place + 1 + reach, len(forms))):
            if forms[ahead] == BREAK or forms[ahead] in TURNING or words[ahead].is_behind_comma:
                break
            denied[ahead] = True
        if form in DENYING_BEFORE:
            for back in range(place - 1, max(place - 1 - SCOPE_BEFORE, -1), -1):
                if forms[back] == BREAK or words[back + 1].is_behind_comma:
                    break
                denied[back] = True
    return tuple(denied)
