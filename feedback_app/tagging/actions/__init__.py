"""Writes of tagging: statements made, suggestions stored, tags confirmed, samples double-coded."""

from __future__ import annotations

from feedback_app.tagging.actions.double import (
    UnableToDoubleCode,
    draw_sample,
    read_blind,
    settle,
)
from feedback_app.tagging.actions.readings import confirm, confirm_with_new_cause, undo
from feedback_app.tagging.actions.retagging import move_tags
from feedback_app.tagging.actions.statements import (
    make_cards,
    make_statements,
    note_statements_made,
)
from feedback_app.tagging.actions.suggestions import (
    NewSuggestion,
    NewTheme,
    store_suggestions,
    store_themes,
)
from feedback_app.tagging.actions.telling import tell_confirmed

__all__ = [
    "NewSuggestion",
    "NewTheme",
    "UnableToDoubleCode",
    "confirm",
    "confirm_with_new_cause",
    "draw_sample",
    "make_cards",
    "make_statements",
    "move_tags",
    "note_statements_made",
    "read_blind",
    "settle",
    "store_suggestions",
    "store_themes",
    "tell_confirmed",
    "undo",
]
