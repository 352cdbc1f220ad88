"""Pages and downloads of reports on current customers and on staff polls."""

from __future__ import annotations

import json

from flask import Response, abort, render_template, request
from flask_babel import gettext as _

from feedback_app.ballots.queries import count_waiting
from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.unit_of_work import session
from feedback_app.reporting.rules.kinds import ReportKind
from feedback_app.reporting.rules.score_tables import score_csv
from feedback_app.reporting.score_shelf import OpenedScores
from feedback_app.reporting.views.blueprint import NOT_FOUND, blueprint, score_shelf
from feedback_app.reporting.views.downloads import (
    BYTE_ORDER_MARK,
    WIDTHS,
    chart_response,
    download,
)
from feedback_app.reporting.views.score_words import ScoreWords

ADDRESS = "/<slug>/<any(current, staff):kind>"


def _get(slug: str, kind: str) -> OpenedScores:
    """The report this address asks for, else "there is no such page"."""
    found = score_shelf().find(slug, ReportKind(kind), request.args.get("departed", ""))
    if found is None:
        abort(NOT_FOUND)
    return found


@blueprint.get(ADDRESS)
def scores(slug: str, kind: str) -> str:
    """What current customers say, or what staff believe, beside those who left."""
    report = _get(slug, kind)
    has_answers = bool(report.document["respondents"])
    return render_template(
        f"reporting/{kind}.html",
        report=report,
        told=report.document,
        words=ScoreWords.of(report, current_language()),
        waiting=0 if has_answers else count_waiting(session(), report.survey.id),
    )


@blueprint.get(f"{ADDRESS}.csv")
def scores_csv(slug: str, kind: str) -> Response:
    """Every number of the page as one CSV table, UTF-8 with a byte order mark."""
    report = _get(slug, kind)
    words = ScoreWords.of(report, current_language())
    about = {"survey": report.survey.name}
    if report.departed is not None:
        about["departed_survey"] = report.departed.name
    if report.survey.is_demo:
        about["demo"] = _("Demo data")
    text = BYTE_ORDER_MARK + score_csv(report.document, words.label, about)
    return download(text, "text/csv", f"{slug}-{kind}.csv")


@blueprint.get(f"{ADDRESS}.json")
def scores_json(slug: str, kind: str) -> Response:
    """The report's document, as `feedback report` writes it."""
    text = json.dumps(_get(slug, kind).document, ensure_ascii=False, indent=2)
    return download(text, "application/json", f"{slug}-{kind}.json")


@blueprint.get("/<slug>/trends/<code>.svg")
def score_trend(slug: str, code: str) -> Response:
    """A score over time, cached by the reader's browser alone."""
    width = request.args.get("width", WIDTHS[0], type=int)
    if width not in WIDTHS:
        abort(NOT_FOUND)
    report = _get(slug, ReportKind.CURRENT)
    language = current_language()
    words = ScoreWords.of(report, language)
    svg = score_shelf().find_trend(
        report, code, width=width, language=language, words=words.of_trend
    )
    if svg is None:
        abort(NOT_FOUND)
    return chart_response(svg)
