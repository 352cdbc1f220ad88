"""What respondents wrote, read out of an answer's document."""

from __future__ import annotations

from feedback_app.answers.rules import texts_of

__all__ = ["texts_of"]
