"""Pure rules of channels."""

from __future__ import annotations

from feedback_app.channels.rules.short_codes import CODE_LENGTH, make_short_code, read_short_code

__all__ = ["CODE_LENGTH", "make_short_code", "read_short_code"]
