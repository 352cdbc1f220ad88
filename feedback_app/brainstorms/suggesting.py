"""A first suggestion of causes for a group of cards: what the tagger's lexicon finds in them."""

from __future__ import annotations

from collections.abc import Sequence

MOST = 3


#: What the side that the writers chose adds to a cause of it.
SIDE_SHARE = 1.6


def suggest_causes(texts: Sequence[str], *, side: str = "") -> list[str]:
    """Codes of causes that the words speak for, likeliest first, three at most.

    `side` is the one that most cards were written for, if any. The lexicon alone does it,
    which needs no model and no numbers; it is loaded at its first use.
    """
    from feedback_app.tagging.suggesting.reading import add_up, read

    sums: dict[str, float] = {}
    for text in texts:
        for code, weight in add_up(read(text).hits, {}).items():
            share = SIDE_SHARE if side and code.startswith(f"{side}.") else 1.0
            sums[code] = sums.get(code, 0.0) + weight * share
    speaking = [code for code, weight in sums.items() if weight > 0 and "." in code]
    return sorted(speaking, key=lambda code: (-sums[code], code))[:MOST]
