"""The doors that respondents come in by; the staff's pages of channels are in `pages`."""

from __future__ import annotations

from feedback_app.channels.views.doors import doors

BLUEPRINTS = (doors,)
