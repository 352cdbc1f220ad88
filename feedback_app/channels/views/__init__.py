"""The doors that respondents come in by; the staff's pages of channels are in `pages`."""

from __future__ import annotations

from feedback_app.channels.views.doors import doors
from feedback_app.channels.views.embed import embed
from feedback_app.channels.views.kiosk import kiosk

BLUEPRINTS = (doors, kiosk, embed)
