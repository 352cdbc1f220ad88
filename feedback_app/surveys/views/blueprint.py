"""What the survey pages share: their blueprint, the desk that lower rooms lend, one survey."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.surveys import queries
from feedback_app.surveys.queries import SurveyRow, VersionRow
from feedback_app.surveys.rules import Form

blueprint = Blueprint("surveys", __name__, url_prefix="/staff")

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class SurveyDesk:
    """What the rooms below lend these pages, wired by create_app.

    `open_survey(session, id, by=)` publishes and starts the ballot box; the counts are of
    opened answers and of sealed ones that wait.
    """

    open_survey: Callable[..., SurveyRow]
    count_answers: Callable[[Any, UUID], int]
    count_waiting: Callable[[Any, UUID], int]


@dataclass(frozen=True, slots=True)
class SurveyCard:
    """A survey as the list shows it."""

    row: SurveyRow
    answers: int
    waiting: int
    address: str


def get_row(slug: str) -> SurveyRow:
    """The survey at this address; the request ends as not found when there is none."""
    row = queries.find_survey(session(), slug)
    if row is None:
        abort(404)
    return row


def get_draft(row: SurveyRow) -> VersionRow:
    """The version that is being written; not found when everything is published."""
    draft = queries.find_draft(session(), row.id)
    if draft is None:
        abort(404)
    return draft


def make_card(row: SurveyRow) -> SurveyCard:
    """The survey with its counts and its address."""
    lent = desk()
    return SurveyCard(
        row=row,
        answers=lent.count_answers(session(), row.id),
        waiting=lent.count_waiting(session(), row.id),
        address=f"{current_app.config['FEEDBACK_SETTINGS'].base_url}/s/{row.slug}",
    )


def desk() -> SurveyDesk:
    """What the rooms below lend."""
    lent = current_app.extensions["feedback_survey_desk"]
    if not isinstance(lent, SurveyDesk):
        raise TypeError("create_app must wire a SurveyDesk")
    return lent


def sent_form() -> Form:
    """Everything that was typed, by field."""
    return dict(request.form.lists())


def refused(refusal: Unable, endpoint: str, **where: Any) -> ResponseReturnValue:
    """Back to `endpoint` with what was refused."""
    flash(say(refusal), "danger")
    return redirect(url_for(endpoint, **where))
