"""What the catalogue's reading rules say about causes that stand together.

What is denied is no cause. A competitor beside a missing function means the competitor's product;
any other cause of ours stays primary and the competitor stands beside. What changed in the
customer's life explains why something is no longer needed or used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from feedback_app.tagging.suggesting.reading import Read
from feedback_app.tagging.suggesting.suggestion import NONE, side_of

if TYPE_CHECKING:
    import numpy as np

#: Our cause -> the competitor's that it becomes when a competitor is named as the way out.
BECOMES = {"company.features": "competitor.product"}
UNSPECIFIED = "competitor.unspecified"
RIVALS = side_of(UNSPECIFIED)
#: Going away is said, and what was lacking: this strong in the lexicon.
LACKING, LACKS = ("company.features", "competitor.product"), 1.5
#: Causes of the client's life that explain why something is not needed or used.
EXPLAINING = (
    "client.life_event",
    "client.closed",
    "client.relocated",
    "client.decision",
    "client.budget",
    "client.need_changed",
)
EXPLAINED = ("client.need_gone", "client.low_usage", "client.mistake", "competitor.unspecified")
#: "Never used it, and you still charge me" is about the charge.
CHARGED = "company.dishonesty"
#: How strong the lexicon must be for that.
EXPLAINS = 2.8
#: A way out weighs at least this much in the lexicon (2.5: "went to another ...").
CLEAR = 2.4
#: "Switching because of your support": a reason this strong is the cause, not the way out.
SAID = 0.9
#: What the lexicon finds denied weighs this much below zero (-3: "not expensive").
DENIED = -2.0
#: A statement of so few words, in which nothing else is found but faintly, says nothing else.
ALONE, FAINT = 6, 0.3
#: How far ahead of our cause the competitor's is put.
AHEAD = 0.3


def correct_by_context(
    statement: Read, sums: Mapping[str, float], scores: np.ndarray, codes: tuple[str, ...]
) -> None:
    """Change `scores` (one statement's) where causes standing together mean another one.

    `sums` is what the lexicon says for each cause, as add_up() gives it.
    """
    _strike_denied(statement, sums, scores, codes)
    first = codes[int(scores.argmax())]
    if first in BECOMES and _find_way_out(statement) >= CLEAR:
        _lead(BECOMES[first], scores, codes)
    elif first == UNSPECIFIED and max(sums.get(code, 0.0) for code in LACKING) >= LACKS:
        _lead(BECOMES[LACKING[0]], scores, codes)
    elif first == UNSPECIFIED and (reason := _find_reason(sums)):
        _lead(reason, scores, codes)
    elif first in EXPLAINED:
        reason = max((*EXPLAINING, CHARGED), key=lambda code: sums.get(code, 0.0))
        if sums.get(reason, 0.0) >= EXPLAINS:
            _lead(reason, scores, codes)


def _strike_denied(
    statement: Read, sums: Mapping[str, float], scores: np.ndarray, codes: tuple[str, ...]
) -> None:
    """What is denied is no cause, however like one its words are; alone it is no reason at all.

    Who says that we are cheaper than others names no reason of theirs, unless another is found.
    """
    denied = {code for code, weight in sums.items() if weight <= DENIED and code in codes}
    if any(side_of(code) == RIVALS for code in denied):
        theirs = (code for code in codes if side_of(code) == RIVALS)
        denied.update(code for code in theirs if sums.get(code, 0.0) < FAINT)
    for code in denied:
        scores[codes.index(code)] = scores.min()
    if denied and max(sums.values()) < FAINT and statement.length <= ALONE:
        _lead(NONE, scores, codes)


def _find_reason(sums: Mapping[str, float]) -> str:
    """Why the customer went to a competitor; empty where nothing is said clearly enough."""
    reasons = [code for code in sums if side_of(code) and code != UNSPECIFIED]
    reason = max(reasons, key=lambda code: sums[code], default="")
    return reason if sums.get(reason, 0.0) >= SAID else ""


def _find_way_out(statement: Read) -> float:
    """How clearly the statement says that the customer goes to a competitor."""
    return max(
        (hit.pattern.weight for hit in statement.hits if hit.pattern.cause == UNSPECIFIED),
        default=0.0,
    )


def _lead(code: str, scores: np.ndarray, codes: tuple[str, ...]) -> None:
    place = codes.index(code)
    scores[place] = max(scores[place], scores.max() + AHEAD)
