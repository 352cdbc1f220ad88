"""A statement read once: its words, their stems, and what the lexicon finds in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from feedback_app.tagging.suggesting import lemmas
from feedback_app.tagging.suggesting.examples import list_examples
from feedback_app.tagging.suggesting.lexicon import Lexicon, load_brands, load_lexicon, load_topics
from feedback_app.tagging.suggesting.patterns import Hit, Pattern, find_denied
from feedback_app.tagging.suggesting.suggestion import UnableToReadStatement
from feedback_app.tagging.suggesting.text import (
    BREAK,
    LONGEST_STATEMENT,
    NUMBER,
    Word,
    find_language,
    list_forms,
    read_words,
)

#: Only words this long are corrected, and at most so many of one statement.
SHORTEST_CORRECTED, MOST_CORRECTED = 6, 40
#: What the learner reads where a brand is named; the examples call every brand so.
A_BRAND = "acme"
#: What the second, third, … pattern of one cause still adds.
FADING = 0.4
MOST_PATTERNS = 6


@dataclass(frozen=True, slots=True)
class Spelt:
    """A statement's words: what the learner sees of it."""

    text: str
    language: str
    words: tuple[Word, ...]
    forms: tuple[str, ...]  # slips of the pen corrected
    stems: str  # words without their endings, or lemmas
    fields: tuple[str, ...]  # for each word the topics that begin there, denied ones with a dash
    told: tuple[str, ...]  # the words, with all brands called the same

    @property
    def topics(self) -> str:
        """The topics in one line."""
        return " ".join(field for field in self.fields if field)

    @property
    def plain(self) -> str:
        """The words in one line."""
        return " ".join(self.told)

    def begin(self, words: int) -> Spelt:
        """The statement's first `words` words alone."""
        return Spelt(
            self.text,
            self.language,
            self.words[:words],
            self.forms[:words],
            " ".join(self.stems.split(" ", words)[:words]),
            self.fields[:words],
            self.told[:words],
        )

    @property
    def length(self) -> int:
        """Number of words."""
        return sum(form != BREAK for form in self.forms)


@dataclass(frozen=True, slots=True)
class Read(Spelt):
    """A statement's words, and the patterns of the lexicon found in them."""

    hits: tuple[Hit, ...]


def spell(text: str) -> Spelt:
    """The words of one statement.

    Raises UnableToReadStatement when it is longer than LONGEST_STATEMENT characters.
    """
    if len(text) > LONGEST_STATEMENT:
        raise UnableToReadStatement(
            f"A text of {len(text):,} characters is no statement: "
            f"give one answer at a time, {LONGEST_STATEMENT:,} characters at most."
        )
    words = read_words(text)
    language = find_language(words)
    forms = tuple(_correct(words))
    told = _call_brands_alike(forms)
    stems = " ".join(_root(form, language) for form in told)
    fields = tuple(_find_fields(words, forms))
    return Spelt(text, language, words, forms, stems, fields, told)


def _call_brands_alike(forms: tuple[str, ...]) -> tuple[str, ...]:
    """`forms` with every brand of the lexicon as one word: what is said of one holds for all."""
    told = list(forms)
    for place, starts in enumerate(load_brands().find(forms)):
        for end, _name in starts:
            told[place:end] = [A_BRAND, *[""] * (end - place - 1)]
    return tuple(told)


def _find_fields(words: tuple[Word, ...], forms: tuple[str, ...]) -> Iterator[str]:
    denied = find_denied(words, forms)
    for place, starts in enumerate(load_topics().find(forms)):
        if forms[place] == BREAK:
            yield BREAK
        else:
            dash = "-" if denied[place] else ""
            yield " ".join(sorted({dash + name for _end, name in starts}))


def read(text: str) -> Read:
    """Read one statement whole.

    Raises UnableToReadStatement when it is longer than LONGEST_STATEMENT characters.
    """
    spelt = spell(text)
    hits = load_lexicon().find(spelt.words, spelt.forms)
    return Read(
        text, spelt.language, spelt.words, spelt.forms, spelt.stems, spelt.fields, spelt.told, hits
    )


def _root(form: str, language: str) -> str:
    return form if form in (BREAK, NUMBER) else lemmas.find_root(form, language)


def add_up(hits: Sequence[Hit], trust: Mapping[Pattern, float]) -> dict[str, float]:
    """How strongly the patterns found speak for each cause.

    A pattern counts its weight times the square of its trust; more patterns for the same
    cause add less and less, those with a weight below zero count in full.
    """
    speaking: dict[str, list[float]] = defaultdict(list)
    for hit in hits:
        weight = hit.pattern.weight
        speaking[hit.pattern.cause].append(
            weight * trust.get(hit.pattern, 1.0) ** 2 if weight > 0 else weight
        )
    sums = {}
    for cause, weights in speaking.items():
        strongest = sorted((weight for weight in weights if weight > 0), reverse=True)
        sums[cause] = sum(
            weight * FADING**place for place, weight in enumerate(strongest[:MOST_PATTERNS])
        ) + sum(weight for weight in weights if weight < 0)
    return sums


# --- near misses -----------------------------------------------------------------------------


def _correct(words: tuple[Word, ...]) -> list[str]:
    """The words' forms, with slips of the pen brought to words that are known."""
    spelt, corrected = [], 0
    for word in words:
        form = word.form
        if len(form) >= SHORTEST_CORRECTED and corrected < MOST_CORRECTED and form.isalpha():
            better = _nearest(form)
            corrected += better != form
            form = better
        spelt.append(form)
    return spelt


@lru_cache(maxsize=1)
def _known() -> tuple[frozenset[str], dict[str, list[str]], Lexicon]:
    lexicon = load_lexicon()
    told = {form for _language, _code, text in list_examples() for form in list_forms(text)}
    forms = {form for form in told if form.isalpha()}
    whole = {word for word in lexicon.concepts.list_words() if len(word) >= SHORTEST_CORRECTED}
    by_letter: dict[str, list[str]] = defaultdict(list)
    for word in sorted(whole | {form for form in forms if len(form) >= SHORTEST_CORRECTED}):
        by_letter[word[0]].append(word)
    return frozenset(forms | whole), dict(by_letter), lexicon


def is_known(form: str) -> bool:
    """Whether this word stands in an example or, by its beginning, in the lexicon."""
    known, _by_letter, lexicon = _known()
    return form in known or lexicon.concepts.is_known(form)


@lru_cache(maxsize=1 << 15)
def _nearest(form: str) -> str:
    """The known word one slip away from `form`, else `form` itself."""
    if is_known(form):
        return form
    _whole, by_letter, _lexicon = _known()
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extractOne(
        form, by_letter.get(form[0], ()), scorer=OSA.distance, score_cutoff=1
    )
    return found[0] if found else form
