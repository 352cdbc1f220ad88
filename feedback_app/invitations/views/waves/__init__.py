"""Staff pages of waves: plan one in steps, watch it, settle doubtful mails, split mailings."""

from __future__ import annotations

from feedback_app.invitations.views.waves import doubt, lists, progress, split, steps, texts
from feedback_app.invitations.views.waves.blueprint import blueprint
from feedback_app.invitations.views.waves.lists import list_next_steps

__all__ = ["blueprint", "doubt", "list_next_steps", "lists", "progress", "split", "steps", "texts"]
