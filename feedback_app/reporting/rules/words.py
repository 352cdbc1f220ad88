"""What respondents wrote, read out of an answer's document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: A competitor's name is told in its table, under its own rule.
NOT_A_COMMENT = frozenset({"competitor"})


def texts_of(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Pairs (question code, text): own words, and words beside a choice, in order."""
    found = []
    for code, value in values.items():
        if code in NOT_A_COMMENT:
            continue
        text = value.get("text") or value.get("other") if isinstance(value, dict) else value
        if isinstance(text, str) and text.strip():
            found.append((code, text.strip()))
    return tuple(found)
