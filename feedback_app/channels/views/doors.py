"""The short address: what is typed from a poster leads to the survey."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from feedback_app.answers.views import respond
from feedback_app.channels.queries import find_by_short_code
from feedback_app.foundation.unit_of_work import session

doors = Blueprint("doors", __name__)


@doors.get("/q/<code>")
def short(code: str) -> ResponseReturnValue:
    """From the short code to the open link."""
    survey = find_by_short_code(session(), code)
    if survey is None:
        return respond.show_not_found()
    return redirect(url_for("answers.page", slug=survey.slug))
