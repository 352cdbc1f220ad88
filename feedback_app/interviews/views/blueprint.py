"""The blueprint of the interviews' pages, and what all of them need."""

from __future__ import annotations

from flask import Blueprint, current_app

from config import Settings

blueprint = Blueprint("interviews", __name__, url_prefix="/staff/interviews")

NOT_FOUND = 404
UNPROCESSABLE = 422


def settings() -> Settings:
    """What this installation was started with."""
    found = current_app.config["FEEDBACK_SETTINGS"]
    assert isinstance(found, Settings)
    return found
