"""The staff's pages of one survey's channels."""

from __future__ import annotations

from feedback_app.channels.views.pages import embeds, kiosks, poster, show
from feedback_app.channels.views.pages.blueprint import blueprint

__all__ = ["blueprint", "embeds", "kiosks", "poster", "show"]
