"""Staff pages of channels, and the doors that respondents come in by."""

from __future__ import annotations

from feedback_app.channels.views import poster
from feedback_app.channels.views.doors import doors
from feedback_app.channels.views.pages import blueprint

poster.register(blueprint)
BLUEPRINTS = (blueprint, doors)

__all__ = ["BLUEPRINTS", "blueprint"]
