"""From counts to a cause report, whole or narrowed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from feedback_app.reporting.analyst import frames, narrowed
from feedback_app.reporting.analyst.requests import ReportRequest
from feedback_app.reporting.rules.atoms import UnableToNarrow
from feedback_app.reporting.rules.counts import Counts, follow_merges
from feedback_app.reporting.rules.selection import UNKNOWN, Selection
from feedback_app.reporting.rules.slices import Cutter
from feedback_app.reporting.rules.told import told_by
from reports import channel_comparison
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
    made = MadeReport(report, request.survey, {})
    selected = request.selection.parameters()
    further = {"selection": selected, "together": {}, **by_channel(request, made)}
    return replace(made, further=further)


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
    further = {"selection": selected, "together": found.pooled, "channels": None, "flagged": None}
    return MadeReport(report, request.survey, further)


def by_channel(request: ReportRequest, made: MadeReport) -> dict[str, Any]:
    """What the report of the whole survey says of its channels and its flagged answers.

    Every column is the report that the filter of that channel gives, so nothing is told here
    that those reports do not tell.
    """
    if request.channels is None or request.selection.is_narrowed:
        return {"channels": None, "flagged": None}
    if request.selection.side:
        # Its whole report tells of one side alone: what may be told beside it would differ.
        return {"channels": None, "flagged": request.flagged}
    whole = told_by(made.document())
    found = []
    for channel in sorted(set(request.channels.groups["channel"])):
        value = channel or UNKNOWN
        selection = Selection(values=(("channel", value),))
        narrow = replace(request, selection=selection, whole=whole, channels=None)
        with suppress(UnableToNarrow):
            found.append((value, _of_channel(narrow, request.channels, channel).report))
    return {
        "channels": channel_comparison.to_document(channel_comparison.compare_channels(found)),
        "flagged": request.flagged,
    }


def _of_channel(request: ReportRequest, counts: Counts, channel: str) -> MadeReport:
    if request.min_group > 1:
        return _narrowed(replace(request, counts=counts))
    return make_report(replace(request, counts=counts.only("channel", channel)))
