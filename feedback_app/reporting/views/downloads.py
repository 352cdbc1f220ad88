"""What of a report can be taken along: CSV, JSON and its charts."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _

from feedback_app.foundation.i18n import current_language
from feedback_app.reporting.rules.tables import csv_of
from feedback_app.reporting.views.blueprint import NOT_FOUND, blueprint, get_report, shelf
from feedback_app.reporting.views.wording import CHARTS, Wording

BYTE_ORDER_MARK = "\ufeff"
WIDTHS = (720, 320)
CHART_SECONDS = 86_400
#: A picture opened by itself may use the style sheet it carries, and nothing else.
CHART_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@blueprint.get("/<slug>/causes.csv")
def causes_csv(slug: str) -> Response:
    """Every number of the page as one CSV table, UTF-8 with a byte order mark."""
    report = get_report(slug)
    words = Wording(report, current_language())
    about = {"survey": report.survey.name, **_filters(report.document)}
    if report.survey.is_demo:
        about["demo"] = _("Demo data")
    text = BYTE_ORDER_MARK + csv_of(_told(report.document), words.label, about)
    return download(text, "text/csv", f"{slug}-causes.csv")


@blueprint.get("/<slug>/causes.json")
def causes_json(slug: str) -> Response:
    """The report's document, as `feedback report causes --format json` writes it."""
    document = _told(get_report(slug).document)
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return download(text, "application/json", f"{slug}-causes.json")


@blueprint.get("/<slug>/charts/<name>.svg")
def chart(slug: str, name: str) -> Response:
    """A chart of the report at the same filters, cached by the reader's browser alone."""
    width = request.args.get("width", WIDTHS[0], type=int)
    if name not in CHARTS or width not in WIDTHS:
        abort(NOT_FOUND)
    report = get_report(slug)
    if report.document is None:
        abort(NOT_FOUND)
    language = current_language()
    words = Wording(report, language)
    svg = shelf().find_chart(
        report, name, width=width, language=language, words=lambda: words.of_chart(name)
    )
    if svg is None:
        abort(NOT_FOUND)
    return chart_response(svg)


def chart_response(svg: str) -> Response:
    """A picture that the reader's browser keeps: its address carries the report's version."""
    response = Response(svg, mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = CHART_POLICY
    response.headers["Cache-Control"] = f"private, max-age={CHART_SECONDS}"
    return response


def _told(document: Any) -> dict[str, Any]:
    """The document; a report that can not be told has no download."""
    if document is None:
        abort(NOT_FOUND)
    return dict(document)


def _filters(document: Any) -> dict[str, str]:
    return dict(_told(document)["selection"])


def download(text: str, mimetype: str, filename: str) -> Response:
    """A text to take along."""
    response = Response(text, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
