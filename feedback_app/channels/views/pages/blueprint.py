"""The blueprint of the channels' pages, and what all of them need."""

from __future__ import annotations

from flask import Blueprint, abort, current_app

from config import Settings
from feedback_app.channels.queries import KioskRow, list_kiosks
from feedback_app.foundation.unit_of_work import session
from feedback_app.surveys.queries import SurveyRow, find_survey
from feedback_app.surveys.rules import Mode

blueprint = Blueprint("channels", __name__, url_prefix="/staff/surveys/<slug>")

NOT_FOUND = 404
UNPROCESSABLE = 422


def settings() -> Settings:
    """What this installation was started with."""
    found = current_app.config["FEEDBACK_SETTINGS"]
    assert isinstance(found, Settings)
    return found


def get_survey(slug: str) -> SurveyRow:
    """The survey of an address; 404 where there is none, or none that could be answered."""
    row = find_survey(session(), slug)
    if row is None or row.slug != slug or row.mode is Mode.IMPORT:
        abort(NOT_FOUND)
    return row


def get_kiosk(survey: SurveyRow, code: str) -> KioskRow:
    """The kiosk of a survey; 404 when there is none."""
    found = next((it for it in list_kiosks(session(), survey.id) if it.code == code), None)
    if found is None:
        abort(NOT_FOUND)
    return found
