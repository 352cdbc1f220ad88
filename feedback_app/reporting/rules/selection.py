"""What a report looks at: the side, the period and the kinds of answers somebody chose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from feedback_app.causes.rules import Side
from feedback_app.foundation.rules import Unable

#: What answers can be told apart by, beside their month; columns of the same names.
DIMENSIONS = ("channel", "language", "segment_1", "segment_2", "segment_3", "flag")

#: Stand for "nothing was kept here" and for "all values too rare to stand alone, together".
UNKNOWN, OTHERS = "~", "*"

_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_LONGEST_VALUE = 60


class UnableToReadSelection(Unable):
    """A filter makes no sense; the message says which and what it may be."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters of one report; "" and () mean everything.

    `since` and `until` are inclusive, "YYYY-MM" or "YYYY-MM-DD". `values` holds pairs
    (dimension, value) in the order of DIMENSIONS.
    """

    side: str = ""
    since: str = ""
    until: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """True when not all answers of the survey are looked at."""
        return bool(self.since or self.until or self.values)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that are narrowed."""
        return tuple(name for name, _value in self.values)

    @property
    def whole(self) -> Selection:
        """Everything there is of the survey."""
        return Selection()

    def value(self, dimension: str) -> str:
        """The value chosen for a dimension, "" for all."""
        return dict(self.values).get(dimension, "")

    def of_side(self, side: str) -> Selection:
        """The same answers, another side's causes ranked."""
        return replace(self, side=side)

    def parameters(self) -> dict[str, str]:
        """As an address carries it; `read_selection` reads it back."""
        given = {"side": self.side, "from": self.since, "to": self.until, **dict(self.values)}
        return {name: value for name, value in given.items() if value}


def read_selection(given: Mapping[str, str]) -> Selection:
    """The selection in an address or a command; raises UnableToReadSelection."""
    side = given.get("side", "")
    if side and side not in tuple(Side):
        raise UnableToReadSelection(f"The side is one of {', '.join(Side)}, not {side!r}.")
    since, until = (_read_day(name, given.get(name, "")) for name in ("from", "to"))
    if since and until and since[:7] > until[:7]:
        raise UnableToReadSelection(f"The period ends ({until}) before it begins ({since}).")
    values = tuple((name, given[name]) for name in DIMENSIONS if given.get(name))
    if any(len(value) > _LONGEST_VALUE for _name, value in values):
        raise UnableToReadSelection(f"A value has at most {_LONGEST_VALUE} characters.")
    return Selection(side, since, until, values)


def _read_day(name: str, text: str) -> str:
    if not text:
        return ""
    if not _DAY.fullmatch(text):
        raise UnableToReadSelection(f"{name}: expected YYYY-MM or YYYY-MM-DD, got {text!r}.")
    try:
        date.fromisoformat(text if len(text) > len("2024-01") else f"{text}-01")
    except ValueError:
        raise UnableToReadSelection(f"{name}: there is no such day as {text!r}.") from None
    return text


def offered_values(counts: Mapping[str, int], smallest: int) -> tuple[str, ...]:
    """The values a report may be narrowed to, by alphabet; () where there is no choice.

    A value is offered when at least `smallest` answers have it, and nobody or at least
    `smallest` do not. The rest are offered as OTHERS when they are enough together.
    """
    total = sum(counts.values())
    offered = sorted(value for value, count in counts.items() if count >= smallest)
    rest = total - sum(counts[value] for value in offered)
    if 0 < rest < smallest:
        # Whoever sees all the others could subtract: the smallest goes to the rest.
        offered.remove(min(offered, key=lambda value: counts[value])) if offered else None
    together = (OTHERS,) if len(offered) < len(counts) and offered else ()
    named = (*(value or UNKNOWN for value in offered), *together)
    return named if len(named) > 1 else ()
