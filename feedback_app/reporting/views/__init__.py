"""Managers' pages and downloads of reports."""

from __future__ import annotations

from feedback_app.reporting.views import downloads, own_words, pages, questions, scores
from feedback_app.reporting.views.blueprint import blueprint, install
from feedback_app.reporting.views.pages import list_next_steps

__all__ = [
    "blueprint",
    "downloads",
    "install",
    "list_next_steps",
    "own_words",
    "pages",
    "questions",
    "scores",
]
