"""What the catalogue's reading rules say about causes that stand together.

A competitor beside our price means the competitor's price, beside a missing function the
competitor's product; any other cause of ours stays primary and the competitor stands beside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedback_app.tagging.suggesting.reading import Read

if TYPE_CHECKING:
    import numpy as np

#: Our cause -> the competitor's that it becomes when a competitor is named as the way out.
BECOMES = {"company.price": "competitor.price", "company.features": "competitor.product"}
UNSPECIFIED = "competitor.unspecified"
#: A way out weighs at least this much in the lexicon (2.5: "went to another ...").
CLEAR = 2.0
#: How far ahead of our cause the competitor's is put.
AHEAD = 0.3


def correct_by_context(statement: Read, scores: np.ndarray, codes: tuple[str, ...]) -> None:
    """Change `scores` (one statement's) where causes standing together mean another one."""
    way_out = max(
        (hit.pattern.weight for hit in statement.hits if hit.pattern.cause == UNSPECIFIED),
        default=0.0,
    )
    if way_out < CLEAR:
        return
    ours = codes[int(scores.argmax())]
    theirs = BECOMES.get(ours)
    if theirs is not None:
        place = codes.index(theirs)
        scores[place] = max(scores[place], scores.max() + AHEAD)
