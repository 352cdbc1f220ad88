"""Pages: the list of reports, the cause report, the comments of a cause."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.unit_of_work import session
from feedback_app.reporting import queries
from feedback_app.reporting.analyst_process import UnableToAnalyse
from feedback_app.reporting.views.blueprint import NOT_FOUND, blueprint, get_report, shelf
from feedback_app.reporting.views.filters import filter_form
from feedback_app.reporting.views.wording import Wording

UNAVAILABLE = 503
LAST_PAGE = 10_000


@blueprint.get("")
def index() -> str:
    """Every survey that was opened, with what there is to read."""
    return render_template("reporting/index.html", surveys=queries.list_reported(session()))


@blueprint.get("/comments")
def comments_index() -> str:
    """Whose comments there are to read."""
    return render_template(
        "reporting/comments-index.html", surveys=queries.list_reported(session())
    )


@blueprint.get("/<slug>/causes")
def causes(slug: str) -> ResponseReturnValue:
    """Why customers left: the sides and the causes, ranked."""
    other = request.args.get("survey", slug)
    if other != slug:
        # Another survey has other months and values; the side means the same everywhere.
        side = request.args.get("side") or None
        return redirect(url_for("reporting.causes", slug=other, side=side))
    report = get_report(slug)
    return render_template(
        "reporting/causes.html",
        report=report,
        words=Wording(report, current_language()),
        form=filter_form(report),
        surveys=queries.list_reported(session()),
    )


@blueprint.get("/<slug>/comments")
def comments(slug: str) -> ResponseReturnValue:
    """What respondents with one cause wrote in their own words."""
    number = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    found = shelf().find_comments(slug, request.args.get("cause", ""), page=number - 1)
    if found is None:
        abort(NOT_FOUND)
    return render_template(
        "reporting/comments.html",
        found=found,
        report=found.report,
        words=Wording(found.report, current_language()),
        page=number,
    )


@blueprint.errorhandler(UnableToAnalyse)
def show_unavailable(_error: UnableToAnalyse) -> ResponseReturnValue:
    """The analyst did not answer: say so, with a button to try again."""
    return render_template("reporting/unavailable.html"), UNAVAILABLE
