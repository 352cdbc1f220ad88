"""Researchers' pages: reviewing statements, moving tags, double coding, the model in use."""

from __future__ import annotations

from feedback_app.tagging.views import double, moving, overview, review
from feedback_app.tagging.views.blueprint import blueprint
from feedback_app.tagging.views.overview import list_next_steps

__all__ = ["blueprint", "double", "list_next_steps", "moving", "overview", "review"]
