"""Names of people on a list, found in text in any case and inflection, in three languages.

A word of a name that is no word of the language is masked wherever it stands. One that is both
(Hope, Вера) is masked where it can only be the name: with a capital letter inside a sentence,
or beside the other word of the same name.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from feedback_app.answers.masking.kinds import MARKS, Kind

SHORTEST = 3
#: Shorter words are too often words of another language: they need a capital letter.
SHORTEST_ALONE = 4
SHORTEST_STEM = 3
#: Beside the other word of the same name so little is enough.
SHORTEST_STEM_OF_PAIR = 2
LONGEST_ENDING = 3
_TABLE = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def _words(table: str) -> frozenset[str]:
    return frozenset(_TABLE[table].split())


NO_NAMES = _words("no_names")
ALSO_WORDS = _words("also_words")
_WORD = re.compile(r"[^\W\d_]+(?:[’'ʼ-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…:;\n]\s*[\"«“(]*$|^\s*[\"«“(]*$")
_ENDINGS = _words("endings")
_LAST = re.compile(r"(?:ий|ый|ой|ій|ая|яя)$")
_SOFT = re.compile(r"[аяоеуюиіыїйьё]$")
#: Павел - Павла, Заєць - Зайця; Федір - Федора; Ольга - Ользі; Наталія - Наталею.
_FLEETING = re.compile(r"(?<=[^аеиоуюяіїєы])(?:е(?=л$|нь$|ц$|ць$)|о(?=к$))|є(?=ць$)")
_CLOSED = re.compile(r"і(?=[рнлбвдкгтс]$)")
_SOFTENED = {"га": "зі", "ка": "ці", "ха": "сі"}
_TWO_VOWELS = re.compile(r"[иьі][яї]$")
_ENDINGS_OF_SHORT = ("а", "я", "и", "ы", "і", "ї", "е", "є", "ю", "у", "ей", "ой", "єю", "ою", "ею")


@dataclass(frozen=True)
class NameList:
    """What is looked for; holds word stems and pairs of them, nothing else of anybody."""

    alone: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    pairs: frozenset[str] = field(default=frozenset(), repr=False)
    #: Pairs without a word that reasons are given with: found in small letters too.
    plain_pairs: frozenset[str] = field(default=frozenset(), repr=False)

    @classmethod
    def of(cls, names: Iterable[str], common: Collection[str] = ()) -> NameList:
        """The list of `names`; `common` are words of the language, in small letters."""
        said = frozenset(common)
        known = _fold_words(said)
        alone: set[str] = set()
        doubtful: set[str] = set()
        pairs: set[str] = set()
        plain_pairs: set[str] = set()
        # Customers share names: each word and each pair is looked at once.
        stems: dict[str, set[str]] = {}
        beside: set[tuple[str, str]] = set()
        for name in names:
            words = [it for it in map(_fold, _WORD.findall(name)) if _is_name_word(it)]
            beside.update(pairwise(words))
            for word in words:
                if word not in stems:
                    stems[word] = _stems_of_pair(word)
                    is_doubtful = len(word) < SHORTEST_ALONE or word in known
                    (doubtful if is_doubtful else alone).update(*map(_stems, _forms(word)))
                    doubtful.update(_short_forms(word))
        for first, second in beside:
            forms = [f"{one} {other}" for one in stems[first] for other in stems[second]]
            pairs.update(forms)
            if first not in said and second not in said:
                plain_pairs.update(forms)
        return cls(
            frozenset(alone), frozenset(doubtful - alone), frozenset(pairs), frozenset(plain_pairs)
        )

    def mask(self, text: str, counts: Counter[Kind]) -> str:
        """`text` with a mark for each name; neighbours are one name. Adds to `counts`."""
        if not (self.alone or self.doubtful):
            return text
        found = list(_WORD.finditer(text))
        is_name = [self._is_name(text, each) for each in found]
        for place in range(len(found) - 1):
            if not (is_name[place] and is_name[place + 1]) and self._is_pair(
                text, found[place], found[place + 1]
            ):
                is_name[place] = is_name[place + 1] = True
        pieces: list[str] = []
        done = 0
        for place, each in enumerate(found):
            if not is_name[place]:
                continue
            between = text[done : each.start()]
            if not (pieces and done and not between.strip()):
                pieces += [between, MARKS[Kind.NAME]]
                counts[Kind.NAME] += 1
            done = each.end()
        return "".join([*pieces, text[done:]])

    def _is_name(self, text: str, found: re.Match[str]) -> bool:
        if text[found.start() - 1 : found.start()] == "[":
            return False  # a mark
        stems = _cut(_fold(found[0]))
        if not self.alone.isdisjoint(stems):
            return True
        return (
            _is_capital(found[0])
            and not self.doubtful.isdisjoint(stems)
            and not _SENTENCE_END.search(text[max(0, found.start() - 8) : found.start()])
        )

    def _is_pair(self, text: str, one: re.Match[str], other: re.Match[str]) -> bool:
        if text[one.end() : other.start()].strip():
            return False
        are_capital = _is_capital(one[0]) and _is_capital(other[0])
        pairs = self.pairs if are_capital else self.plain_pairs
        first, second = _cut_for_pair(_fold(one[0])), _cut_for_pair(_fold(other[0]))
        return any(f"{a} {b}" in pairs or f"{b} {a}" in pairs for a in first for b in second)


NOBODY = NameList()


@lru_cache(maxsize=2)
def _fold_words(common: frozenset[str]) -> frozenset[str]:
    """Words of the language and their stems. A worker asks again and again for the same."""
    known = {_fold(word) for word in common} | ALSO_WORDS
    return frozenset(known | {stem for word in known for stem in _stems(word)})


def _is_name_word(word: str) -> bool:
    return len(word) >= SHORTEST and word not in NO_NAMES


def _is_capital(word: str) -> bool:
    """Whether it begins with a capital letter and is not shouted."""
    return word[0].isupper() and not (word.isupper() and len(word) > 1)


def _fold(word: str) -> str:
    folded = word.casefold().replace("ё", "е").replace("’", "'").replace("ʼ", "'")
    return folded.removesuffix("'s")


def _forms(word: str) -> set[str]:
    """A name's word, its parts, and where its root changes when it is declined."""
    forms = {word, word.replace("'", "")}
    forms.update(part for part in word.split("-") if len(part) >= SHORTEST_ALONE)
    if word.isascii() or len(word) <= SHORTEST_ALONE:
        return forms
    changed = _FLEETING.sub(lambda found: "й" if found[0] == "є" else "", word)
    forms |= {changed.removesuffix("ь"), _CLOSED.sub("о", word)}
    if word[-2:] in _SOFTENED:
        forms.add(word[:-2] + _SOFTENED[word[-2:]])
    stem = _TWO_VOWELS.sub("", word)
    if len(stem) >= SHORTEST_ALONE:
        forms.add(stem)
    return forms


def _short_forms(word: str) -> set[str]:
    """All forms of a name too short to be cut: Юля, Анна."""
    if word.isascii() or len(word) > SHORTEST_ALONE or word[-1] not in "ая":
        return set()
    return {word[:-1] + ending for ending in _ENDINGS_OF_SHORT}


def _stems(word: str, shortest: int = SHORTEST_STEM) -> list[str]:
    """What a name's word is looked up by: itself, and without its ending."""
    stems = {word}
    for ending in (_SOFT, _LAST):
        stem = ending.sub("", word)
        if stem != word and len(stem) >= shortest and not word.isascii():
            stems.add(stem)
    return sorted(stems)


def _stems_of_pair(word: str) -> set[str]:
    return {stem for form in _forms(word) for stem in _stems(form, SHORTEST_STEM_OF_PAIR)}


def _cut(word: str) -> list[str]:
    """What a word of a text may be a form of."""
    if word.isascii() or len(word) <= SHORTEST_ALONE:
        return [word]
    return _without_endings(word, SHORTEST_STEM)


def _cut_for_pair(word: str) -> list[str]:
    return [word] if word.isascii() else _without_endings(word, SHORTEST_STEM_OF_PAIR)


def _without_endings(word: str, shortest: int) -> list[str]:
    longest = min(LONGEST_ENDING, len(word) - shortest)
    endings = (length for length in range(1, longest + 1) if word[-length:] in _ENDINGS)
    return [word, *(word[:-length] for length in endings)]
