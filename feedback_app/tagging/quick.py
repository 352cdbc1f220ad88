"""Causes for a few words at once, by lexicon and examples: light enough for a page server.

The tagger itself (suggesting/) needs scikit-learn and lives in the worker.
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path

from feedback_app.tagging.suggesting.examples import list_examples
from feedback_app.tagging.suggesting.lexicon import load_lexicon
from feedback_app.tagging.suggesting.reading import add_up, read
from feedback_app.tagging.suggesting.suggestion import NONE
from feedback_app.tagging.suggesting.text import list_forms, read_words

MOST_QUICK = 3
#: A word that a cause is found by: so long, in so many examples, so many words for a cause.
SHORTEST_SEARCHED, FEWEST_TELLING, MOST_SEARCHED = 4, 2, 60


def suggest_quickly(text: str) -> tuple[str, ...]:
    """Codes of causes that the lexicon finds in `text`, likeliest first, three at most.

    Raises UnableToReadStatement for a text too long to be one statement.
    """
    sums = add_up(read(text).hits, {})
    found = sorted(
        ((weight, code) for code, weight in sums.items() if weight > 0 and code != NONE),
        key=lambda pair: (-pair[0], pair[1]),
    )
    return tuple(code for _weight, code in found[:MOST_QUICK])


@lru_cache(maxsize=1)
def list_common_words() -> frozenset[str]:
    """Words of three languages that people give reasons with: no names, whoever is called so."""
    told = {
        word.form
        for _language, _code, text in list_examples()
        for word in read_words(text)
        if not word.is_name
    }
    return frozenset(told | load_lexicon().concepts.list_words())


@lru_cache(maxsize=1)
def list_search_words() -> dict[str, tuple[str, ...]]:
    """code -> words that it is looked for by, in all languages.

    Listed ones, and those that people tell this cause with rather than another: who looks for a
    cause finds it by a customer's word as well as by its label.
    """
    listed = tomllib.loads(Path(__file__).with_name("search-words.toml").read_text("utf-8"))
    told: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for language, code, text in list_examples():
        for form in set(list_forms(text)):
            if len(form) >= SHORTEST_SEARCHED and form.isalpha():
                told[language, form][code] += 1
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for (_language, form), codes in told.items():
        code, number = codes.most_common(1)[0]
        if number >= FEWEST_TELLING and number * 2 > codes.total():
            found[code].append((number, form))
    return {
        f"{side}.{name}": tuple(
            dict.fromkeys(
                [*words.split(), *(it for _n, it in sorted(found[f"{side}.{name}"], reverse=True))]
            )
        )[:MOST_SEARCHED]
        for side, names in listed.items()
        for name, words in names.items()
    }
