"""Pages of invitations: what is behind a link, and the staff's pages of waves."""

from __future__ import annotations

from feedback_app.invitations.views.links import blueprint

__all__ = ["blueprint"]
