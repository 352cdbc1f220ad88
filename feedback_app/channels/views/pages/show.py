"""The staff's page of one survey's channels."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from feedback_app.channels.views.pages.blueprint import blueprint, get_survey
from feedback_app.channels.views.pages.poster import ways_of
from feedback_app.foundation.unit_of_work import session
from feedback_app.surveys.queries import get_definition


@blueprint.get("/channels")
def show(slug: str) -> ResponseReturnValue:
    """Every way in: address and code, kiosk, telephone, the company's own site."""
    survey = get_survey(slug)
    return render_template(
        "channels/show.html",
        survey=survey,
        ways=ways_of(survey),
        written_in=get_definition(session(), survey.id).languages,
    )
