"""The blueprint of this room and what all its pages begin with."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from feedback_app.causes.queries import get_catalogue
from feedback_app.causes.rules import Catalogue
from feedback_app.foundation.refusals import say
from feedback_app.foundation.unit_of_work import session
from feedback_app.surveys.queries import SurveyRow, find_survey
from feedback_app.tagging.queries import UnableToFindSample, UnableToFindStatement

NOT_FOUND = 404
REFUSED = 422

blueprint = Blueprint("tagging", __name__, url_prefix="/staff/tagging")


def get_survey(slug: str) -> SurveyRow:
    """The survey at this address, else "there is no such page"."""
    survey = find_survey(session(), slug)
    if survey is None or survey.slug != slug:
        abort(NOT_FOUND)
    return survey


def catalogue() -> Catalogue:
    """The catalogue as this request sees it."""
    return get_catalogue(session())


def read_id(text: str) -> UUID | None:
    """The id in an address, None where there is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


@blueprint.errorhandler(UnableToFindStatement)
@blueprint.errorhandler(UnableToFindSample)
def show_nothing_there(
    error: UnableToFindStatement | UnableToFindSample,
) -> ResponseReturnValue:
    """The address is wrong, or what it named is gone."""
    page = render_template(
        "layouts/error.html", code=NOT_FOUND, detail=say(error), layout="layouts/plain.html"
    )
    return page, NOT_FOUND
