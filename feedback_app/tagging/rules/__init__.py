"""Pure rules of tagging: what was chosen, what is suggested, what people confirm."""

from __future__ import annotations

from feedback_app.causes.rules import NONE
from feedback_app.tagging.rules.chosen import OUR_PRICE, PRICE_COMPARED, chosen_tags
from feedback_app.tagging.rules.sources import question_of_card, session_of
from feedback_app.tagging.rules.tags import (
    SKIP,
    UNSURE,
    Suggested,
    Tag,
    UnableToTag,
    check_tag,
    is_readable,
)

__all__ = [
    "NONE",
    "OUR_PRICE",
    "PRICE_COMPARED",
    "SKIP",
    "UNSURE",
    "Suggested",
    "Tag",
    "UnableToTag",
    "check_tag",
    "chosen_tags",
    "is_readable",
    "question_of_card",
    "session_of",
]
