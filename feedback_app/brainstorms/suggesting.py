"""A first suggestion of causes for a group of cards: what the tagger's lexicon finds in them."""

from __future__ import annotations

from collections.abc import Sequence

MOST = 3


def suggest_causes(texts: Sequence[str]) -> list[str]:
    """Codes of causes that the words speak for, likeliest first, three at most.

    The lexicon alone, which needs no model and no numbers; it is loaded at its first use.
    """
    from feedback_app.tagging.suggesting.reading import add_up, read

    sums: dict[str, float] = {}
    for text in texts:
        for code, weight in add_up(read(text).hits, {}).items():
            sums[code] = sums.get(code, 0.0) + weight
    speaking = [code for code, weight in sums.items() if weight > 0 and "." in code]
    return sorted(speaking, key=lambda code: (-sums[code], code))[:MOST]
