"""A statement as the tagger reads it: words with their places, language, stems.

Every function takes any Unicode text and works in time proportional to its length.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from feedback_app.tagging.suggesting.word_lists import load_words

#: A statement longer than this (characters) is no statement; it is refused, not guessed at.
LONGEST_STATEMENT = 20_000
BREAK = "."
_COMMAS = frozenset(",:–—")
NUMBER = "#"

#: Longer words all in capitals are shouted; shorter ones may be a company's initials.
LONGEST_INITIALS = 4
_NO_NAMES = load_words("names_of_nobody")

_CLUSTER = re.compile(r".[̀-ͯ]*", re.DOTALL)
_WORD = re.compile(r"\[\w+\]|[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:]\d+)*|[.!?;…\n]+|[()+,:–—]")
_QUOTE_AS_APOSTROPHE = re.compile(r"(?<=[бпвмфгкхдтлнрсчз])[\"*`´“”](?=[яєїю])")
_APOSTROPHES = dict.fromkeys(map(ord, "’ʼ‘`´′"), "'")
_CLITIC = re.compile(r"'(?:ll|re|ve|d|s|m)$")
_STRETCHED = re.compile(r"(.)\1{2,}")
_NEGATION_CLITIC = re.compile(r"n't$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its plain form, where it stands (start, end), and whether it looks a name."""

    form: str
    start: int
    end: int
    is_name: bool = False
    is_behind_comma: bool = False


def read_words(text: str) -> tuple[Word, ...]:
    """The words of `text` in plain form; sentence ends are `BREAK`, numbers `NUMBER`."""
    plain, places = _plain(text)
    words: list[Word] = []
    has_comma = False
    for found in _WORD.finditer(plain):
        if found.group() in _COMMAS:
            has_comma = True
            continue
        start, last = places[found.start()], places[found.end() - 1]
        end = last + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        form = _form(found.group())
        is_inside = bool(words) and words[-1].form != BREAK
        is_name = is_inside and _looks_a_name(text[start:end], form)
        words.append(Word(form, start, end, is_name, has_comma))
        has_comma = False
    return tuple(words)


def _looks_a_name(written: str, form: str) -> bool:
    """A capital letter inside a sentence, unless the word is shouted or is nobody's name."""
    return (
        written[0].isupper()
        and len(form) > 1
        and form not in _NO_NAMES
        and (not written.isupper() or len(form) <= LONGEST_INITIALS)
    )


def _plain(text: str) -> tuple[str, list[int]]:
    """Lower case, composed letters, one apostrophe, ё as е; and each letter's old place."""
    if unicodedata.is_normalized("NFC", text):
        letters = [_lower(letter) for letter in text]
        places = list(range(len(text)))
    else:
        letters, places = [], []
        for cluster in _CLUSTER.finditer(text):
            for letter in unicodedata.normalize("NFC", cluster.group()):
                letters.append(_lower(letter))
                places.append(cluster.start())
    plain = "".join(letters).translate(_APOSTROPHES).replace("ё", "е")
    return _QUOTE_AS_APOSTROPHE.sub("'", plain), places


def _lower(letter: str) -> str:
    low = letter.lower()
    return low if len(low) == 1 else letter


def list_forms(text: str) -> list[str]:
    """The plain forms of the words of `text` alone, without anything else: in a tenth of the time.

    `text` is composed (NFC), as what ships with the product is.
    """
    plain = text.lower().translate(_APOSTROPHES).replace("ё", "е")
    return [_letters_only(raw) for raw in _WORD.findall(plain) if raw[0].isalpha()]


def _form(raw: str) -> str:
    first = raw[0]
    if first in ".!?;…\n()+":
        return BREAK
    if first == "[" or first.isdigit():
        return NUMBER
    return _letters_only(raw)


@lru_cache(maxsize=1 << 16)
def _letters_only(raw: str) -> str:
    if "'" in raw:
        raw = _CLITIC.sub("", raw).replace("'", "")
    return _STRETCHED.sub(r"\1", raw) or raw[:1]


# --- language --------------------------------------------------------------------------------

_UKRAINIAN, _RUSSIAN = load_words("ukrainian"), load_words("russian")
_ONLY_UKRAINIAN = frozenset("іїєґ")
_ONLY_RUSSIAN = frozenset("ыэъ")


def find_language(words: tuple[Word, ...]) -> str:
    """`en`, `ru` or `uk`: by letters first, by little words where letters leave it open.

    A statement without Cyrillic letters counts as English, the language of last resort.
    """
    cyrillic = latin = ukrainian = russian = 0
    for word in words:
        letters = set(word.form)
        if any("а" <= letter <= "ґ" for letter in letters):
            cyrillic += 1
            ukrainian += 3 * bool(letters & _ONLY_UKRAINIAN) + (word.form in _UKRAINIAN)
            russian += 3 * bool(letters & _ONLY_RUSSIAN) + (word.form in _RUSSIAN)
        elif word.form.isalpha():
            latin += 1
    if cyrillic * 2 < latin or not cyrillic:
        return "en"
    return "uk" if ukrainian > russian else "ru"


# --- stems -----------------------------------------------------------------------------------

_ENGLISH_ENDINGS = re.compile(
    r"(?:ations?|ments?|ingly|ings?|edly|ies|ied|ers?|est|ed|es|ly|s|e|y)$"
)
_SLAVIC_ENDINGS = re.compile(
    r"(?:(?:ова|ува|ыва|ива|юва)?(?:ться|тись|лись|лася|лся|лось|тися|ть|ти|ют|ли|ла|ло|л|в))$"
    r"|(?:(?:енн|ост|іст)?(?:иями|ами|ями|ого|его|ому|ему|ыми|ими|ових|ої|ею|ею|ою|ая|яя|ое|ее|"
    r"ие|ые|ий|ый|ой|ей|их|ых|им|ым|ом|ем|ам|ям|ах|ях|ию|ью|ія|ії|ію|ий|ів|ов|ев|єм|ів|"
    r"ет|ит|ут|ат|ят|ешь|ишь|єш|еш|иш|єте|ете|ите|у|ю|а|я|о|е|є|и|ы|і|ї|й|ь))$"
)
SHORTEST_STEM = 3


@lru_cache(maxsize=1 << 17)
def stem(form: str) -> str:
    """`form` without its ending, by a short list of endings; never under three letters."""
    if len(form) <= SHORTEST_STEM:
        return form
    endings = _SLAVIC_ENDINGS if "а" <= form[0] <= "ґ" else _ENGLISH_ENDINGS
    found = endings.search(form, SHORTEST_STEM)
    return form[: found.start()] if found else form
