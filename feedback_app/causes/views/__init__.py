"""Staff pages of the catalogue."""

from __future__ import annotations

from feedback_app.causes.views import changes, texts
from feedback_app.causes.views.pages import blueprint

__all__ = ["blueprint", "changes", "texts"]
