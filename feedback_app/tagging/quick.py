"""A cause for a few words at once, by the lexicon alone: light enough for a page server.

The tagger itself (suggesting/) needs scikit-learn and lives in the worker.
"""

from __future__ import annotations

from feedback_app.tagging.suggesting.examples import list_examples
from feedback_app.tagging.suggesting.lexicon import load_lexicon
from feedback_app.tagging.suggesting.reading import add_up, read
from feedback_app.tagging.suggesting.suggestion import NONE
from feedback_app.tagging.suggesting.text import read_words

MOST_QUICK = 3


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


def list_common_words() -> frozenset[str]:
    """Words of three languages that people give reasons with: no names, whoever is called so."""
    told = {
        word.form
        for _language, _code, text in list_examples()
        for word in read_words(text)
        if not word.is_name
    }
    return frozenset(told | load_lexicon().concepts.list_words())
