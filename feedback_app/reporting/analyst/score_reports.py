"""From counts to a report on current customers, or on a staff poll."""

from __future__ import annotations

from typing import Any

from feedback_app.reporting.analyst import frames
from feedback_app.reporting.analyst.cause_reports import whole_input
from feedback_app.reporting.analyst.score_requests import CurrentRequest, StaffRequest
from reports.current_document import current_document, staff_document
from reports.current_report import build_current_report
from reports.current_schema import CurrentReportInput, StaffReportInput
from reports.staff_report import build_staff_report

#: Fields that ratings may go with, where a survey asks them.
OUTCOMES = ("nps", "leave_likelihood")


def make_current_report(request: CurrentRequest) -> dict[str, Any]:
    """The document of the report; raises UnableToReadReportInput for broken counts."""
    scores, departed = request.scores, request.departed
    fields = frames.fields_of(scores)
    codes = {field.code for field in fields}
    causes = whole_input(request.causes, asked=scores.respondents)
    report = build_current_report(
        CurrentReportInput(
            respondents=scores.respondents,
            fields=fields,
            scores=frames.scores_frame(scores),
            dimensions=scores.dimensions,
            complete=frames.complete_frame(scores),
            outcomes=tuple(code for code in OUTCOMES if code in codes),
            causes=causes,
            departed=None if departed is None else whole_input(departed),
        )
    )
    document = current_document(report, request.causes.survey, request.causes.codebook)
    return _with_departed(document, request.departed.survey if request.departed else None)


def make_staff_report(request: StaffRequest) -> dict[str, Any]:
    """The document of the report; raises UnableToReadReportInput for broken counts."""
    departed = request.departed
    report = build_staff_report(
        StaffReportInput(
            believed=whole_input(request.believed),
            predicted=frames.predicted_frame(request.predicted),
            departed=None if departed is None else whole_input(departed),
        )
    )
    document = staff_document(report, request.believed.survey, request.believed.codebook)
    return _with_departed(document, departed.survey if departed else None)


def _with_departed(document: dict[str, Any], slug: str | None) -> dict[str, Any]:
    """With the slug of the survey that it was compared with."""
    return {**document, "departed_survey": slug}
