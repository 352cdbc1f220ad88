"""From counts to a cause report, whole or narrowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from feedback_app.reporting.analyst import frames, narrowed
from feedback_app.reporting.analyst.requests import ReportRequest
from feedback_app.reporting.rules.counts import follow_merges
from feedback_app.reporting.rules.slices import Cutter
from reports.cause_report import build_cause_report
from reports.document import to_document
from reports.schema import CauseReport, CauseReportInput


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report and what its document says beyond it: the period counted, values put together."""

    report: CauseReport
    survey: str
    further: dict[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As JSON values, laid out as docs/reports.md says."""
        return {**to_document(self.report, self.survey), **self.further}


def make_report(request: ReportRequest) -> MadeReport:
    """The report that `request` asks for.

    Raises UnableToNarrow where so narrow a report would tell of too few people, and
    reports.schema.UnableToReadReportInput where an answer carries an unknown code.
    """
    if request.min_group > 1 and request.selection.is_narrowed:
        return _narrowed(request)
    report = build_cause_report(whole_input(request))
    selected = request.selection.parameters()
    return MadeReport(report, request.survey, {"selection": selected, "together": {}})


def whole_input(request: ReportRequest, *, asked: int | None = None) -> CauseReportInput:
    """The counts as frames; competitors were `asked` for of those with a cause on their side."""
    counts = request.counts
    if asked is None:
        asked = frames.count_asked(counts.groups, follow_merges(request.entries))
    return CauseReportInput(
        groups=frames.groups_frame(counts.groups),
        returns=frames.returns_frame(counts.returns),
        competitors=frames.competitors_frame(counts.competitors, asked=asked),
        catalogue=frames.catalogue_of(request.entries),
        min_group=request.min_group,
        codebook=request.codebook,
        side=request.selection.side or None,
    )


def _narrowed(request: ReportRequest) -> MadeReport:
    if request.whole is None:
        raise ValueError("a narrowed report needs what the whole report tells")
    places = follow_merges(request.entries)
    cutter = Cutter(
        request.counts, places, request.selection, request.whole, smallest=request.min_group
    )
    found = cutter.cut()
    if not request.selection.values and found.is_everybody:
        # The period had to be widened to all there is: that is the whole report.
        report = build_cause_report(whole_input(request))
    else:
        report = narrowed.build(found, request)
    selected = {**request.selection.parameters(), "from": found.since, "to": found.until}
    if not (request.selection.since or request.selection.until):
        selected = request.selection.parameters()
    return MadeReport(report, request.survey, {"selection": selected, "together": found.pooled})
