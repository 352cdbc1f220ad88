"""Where a map's segments stand among those a survey has already."""

from __future__ import annotations

from collections.abc import Sequence

from feedback_app.foundation.rules import Unable
from feedback_app.imports.rules.mapping import MOST_SEGMENTS


class UnableToPlaceSegments(Unable):
    """The survey would get more segments than an answer carries."""


def place_segments(
    present: Sequence[str], named: Sequence[str]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """All names in their order, and for each of `named` its place among them.

    Names that are present keep their place, so that answers of two files stay comparable.
    """
    names = tuple(dict.fromkeys([*present, *named]))
    if len(names) > MOST_SEGMENTS:
        raise UnableToPlaceSegments(
            f"The survey has the segments {', '.join(present)}; with {', '.join(named)} they "
            f"would be more than {MOST_SEGMENTS}: leave some out of the map."
        )
    return names, tuple(names.index(each) for each in named)
