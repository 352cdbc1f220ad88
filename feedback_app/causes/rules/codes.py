"""Codes of causes that a company adds: made once from the label, then never changed."""

from __future__ import annotations

from collections.abc import Container

from feedback_app.causes.rules.catalogue import Side
from feedback_app.foundation.rules import spell_in_latin

#: Letters of the part after the side. Short, because an answer keeps all its codes in one line.
LONGEST_SLUG = 24
#: The code of a label in which no letter can be read.
NAMELESS = "own"


def make_code(side: Side, label: str, taken: Container[str]) -> str:
    """A new code such as "company.privacy_worries" from a label in any of the languages.

    Small Latin letters, digits and underscores; at most LONGEST_SLUG of them after the side,
    cut between words where possible. A number follows when the code is in `taken`.
    """
    slug = _make_slug(label)
    code = f"{side}.{slug}"
    number = 2
    while code in taken:
        code = f"{side}.{slug}_{number}"
        number += 1
    return code


def _make_slug(label: str) -> str:
    slug = "_".join(spell_in_latin(label))
    if len(slug) <= LONGEST_SLUG:
        return slug or NAMELESS
    whole_words = slug[: LONGEST_SLUG + 1].rpartition("_")[0]
    return whole_words or slug[:LONGEST_SLUG]
