"""Pages: the list of reports, the cause report, the comments of a cause."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from feedback_app.ballots.queries import count_waiting
from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.next_steps import NextStep
from feedback_app.foundation.rules import Permission
from feedback_app.foundation.unit_of_work import session
from feedback_app.reporting import queries
from feedback_app.reporting.analyst_process import UnableToAnalyse
from feedback_app.reporting.rules.kinds import ReportKind, kind_of
from feedback_app.reporting.shelf import OpenedReport
from feedback_app.reporting.views.blueprint import (
    NOT_FOUND,
    blueprint,
    find_report,
    shelf,
)
from feedback_app.reporting.views.filters import filter_form
from feedback_app.reporting.views.wording import Wording
from feedback_app.surveys.queries import list_surveys
from feedback_app.surveys.rules import State

UNAVAILABLE = 503
READING_PRIORITY = 25
MOST_STEPS = 2
LAST_PAGE = 10_000


@blueprint.get("")
def index() -> str:
    """Every survey that was opened, with what there is to read."""
    reported = queries.list_reported(session())
    entries = [(entry, *report_link(entry.kind, entry.survey.slug)) for entry in reported]
    return render_template("reporting/index.html", entries=entries)


def report_link(kind: ReportKind, slug: str) -> tuple[str, str]:
    """The address of a survey's report, and the words of the button that leads there."""
    if kind is ReportKind.CAUSES:
        return url_for("reporting.causes", slug=slug), str(_("Why they left"))
    words = _("How they are doing") if kind is ReportKind.CURRENT else _("What staff believe")
    return url_for("reporting.scores", slug=slug, kind=kind.value), str(words)


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
    report = find_report(slug)
    kind = kind_of(report.questions)
    if kind is not ReportKind.CAUSES:
        return redirect(report_link(kind, slug)[0])
    return render_template(
        "reporting/causes.html",
        report=report,
        words=Wording(report, current_language()),
        form=filter_form(report),
        surveys=[row for row in list_surveys(session()) if row.state is not State.DRAFT],
        waiting=count_waiting(session(), report.survey.id) if _is_empty(report) else 0,
    )


def _is_empty(report: OpenedReport) -> bool:
    return report.document is not None and not report.document["respondents"]


def list_next_steps(session: Any, permissions: frozenset[Permission]) -> list[NextStep]:
    """What the home page says of reports: there are some to read."""
    if Permission.READ_REPORTS not in permissions:
        return []
    return [
        _reading_step(entry)
        for entry in queries.list_reported(session)
        if entry.answers >= entry.survey.k
    ][:MOST_STEPS]


def _reading_step(entry: queries.ReportedSurvey) -> NextStep:
    address, action = report_link(entry.kind, entry.survey.slug)
    titles: dict[ReportKind, str] = {
        ReportKind.CAUSES: _("Read why customers leave: “%(name)s”", name=entry.survey.name),
        ReportKind.CURRENT: _("Read how customers are doing: “%(name)s”", name=entry.survey.name),
        ReportKind.STAFF: _("Read what staff believe: “%(name)s”", name=entry.survey.name),
    }
    return NextStep(
        text=titles[entry.kind],
        detail=ngettext(
            "%(shown)s answer to read",
            "%(shown)s answers to read",
            entry.answers,
            shown=format_decimal(entry.answers),
        ),
        action=action,
        url=address,
        priority=READING_PRIORITY,
        is_demo=entry.survey.is_demo,
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
