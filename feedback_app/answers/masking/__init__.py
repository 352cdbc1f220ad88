"""Personal data in free text, replaced by a neutral mark before anybody reads it.

`patterns` finds what looks the same for everybody (telephone numbers, e-mail addresses, cards,
account numbers), `names` the names of people on a list. Both are pure: text in, text out. What
was masked is counted by kind (counting.py) and never kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from feedback_app.answers.masking.kinds import MARKS, Kind
from feedback_app.answers.masking.names import NOBODY, NameList
from feedback_app.answers.masking.patterns import mask_patterns
from feedback_app.surveys.rules.question import Values

__all__ = ["MARKS", "NOBODY", "Kind", "Mask", "Masked", "NameList", "mask_text", "mask_values"]

#: Places of free text inside a value that is no text itself.
WORDED = ("text", "other")
#: A competitor is named on purpose: only patterns are looked for in it.
COMPETITOR, COMPETITOR_NAME = "competitor", "name"


@dataclass(frozen=True, slots=True)
class Masked:
    """Values without personal data, and how many pieces of each kind were taken out."""

    values: dict[str, Any]
    counts: Counter[Kind] = field(default_factory=Counter)


#: From an answer's values to the same without personal data in free text.
Mask = Callable[[Values], Masked]


def mask_text(text: str, names: NameList = NOBODY) -> tuple[str, Counter[Kind]]:
    """`text` with a mark in the place of each piece of personal data, and what there was."""
    masked, counts = mask_patterns(text)
    return names.mask(masked, counts), counts


def mask_values(values: Values | Mapping[str, Any], names: NameList = NOBODY) -> Masked:
    """An answer's values with every free text masked; choices and numbers stay as they are."""
    found = Masked({})
    for code, value in values.items():
        found.values[code] = _mask_value(code, value, names, found.counts)
    return found


def _mask_value(code: str, value: Any, names: NameList, counts: Counter[Kind]) -> Any:
    if isinstance(value, str):
        return _counted(value, names, counts)
    if not isinstance(value, dict):
        return value
    masked = dict(value)
    for place in WORDED:
        if isinstance(masked.get(place), str):
            masked[place] = _counted(masked[place], names, counts)
    if code == COMPETITOR and isinstance(masked.get(COMPETITOR_NAME), str):
        masked[COMPETITOR_NAME] = _counted(masked[COMPETITOR_NAME], NOBODY, counts)
    return masked


def _counted(text: str, names: NameList, counts: Counter[Kind]) -> str:
    masked, found = mask_text(text, names)
    counts.update(found)
    return masked
