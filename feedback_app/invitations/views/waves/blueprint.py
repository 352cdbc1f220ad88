"""The blueprint of the wave pages, and what all of them need."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app

from config import Settings
from feedback_app.foundation.unit_of_work import session
from feedback_app.invitations import queries
from feedback_app.invitations.queries import UnableToFindWave, WaveRow

blueprint = Blueprint("waves", __name__, url_prefix="/staff/waves")

NOT_FOUND = 404
UNPROCESSABLE = 422


def settings() -> Settings:
    """What this installation was started with."""
    found = current_app.config["FEEDBACK_SETTINGS"]
    assert isinstance(found, Settings)
    return found


def get_wave(wave_id: UUID) -> WaveRow:
    """The wave of an address; 404 when there is none."""
    try:
        return queries.get_wave(session(), wave_id)
    except UnableToFindWave:
        abort(NOT_FOUND)


@blueprint.context_processor
def _where_mails_go() -> dict[str, Any]:
    """`mail_folder` for the note of every page that sends; None when mails leave by SMTP."""
    found = settings()
    return {"mail_folder": found.home / "mail" if found.mail.is_folder else None}
