"""Staff pages of surveys: list, new, one survey, the editor, exchange, competitors."""

from __future__ import annotations

from feedback_app.surveys.views import competitors, editor, exchange, pages, publishing, questions
from feedback_app.surveys.views.blueprint import SurveyDesk, blueprint
from feedback_app.surveys.views.pages import list_next_steps

__all__ = [
    "SurveyDesk",
    "blueprint",
    "competitors",
    "editor",
    "exchange",
    "list_next_steps",
    "pages",
    "publishing",
    "questions",
]
