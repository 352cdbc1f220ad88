"""Pages of phone interviews: the call lists, and one call with the survey to read aloud."""

from __future__ import annotations

from feedback_app.interviews.views import call, campaign, lists
from feedback_app.interviews.views.blueprint import blueprint

__all__ = ["blueprint", "call", "campaign", "lists"]
