"""Which report speaks of a survey."""

from __future__ import annotations

from enum import StrEnum

from feedback_app.surveys.rules import Subject, SurveyDefinition
from feedback_app.surveys.rules.scores import score_fields


class ReportKind(StrEnum):
    """The reports there are; the value stands in their addresses."""

    CAUSES = "causes"
    CURRENT = "current"
    STAFF = "staff"


def kind_of(definition: SurveyDefinition | None) -> ReportKind:
    """The report of a survey with these questions; None: its answers were imported."""
    if definition is None or definition.subject is Subject.DEPARTED:
        return ReportKind.CAUSES
    if definition.subject is Subject.STAFF:
        return ReportKind.STAFF
    if definition.subject is Subject.CURRENT or score_fields([definition]):
        return ReportKind.CURRENT
    return ReportKind.CAUSES
