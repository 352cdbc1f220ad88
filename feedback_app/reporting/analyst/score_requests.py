"""What a page server or a command asks of current customers' answers and of staff polls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback_app.reporting.analyst.requests import ReportRequest
from feedback_app.reporting.rules.counts import Columns
from feedback_app.reporting.rules.scores import ScoreCounts


@dataclass(frozen=True, slots=True)
class CurrentRequest:
    """Scores of one survey, what could make its respondents leave, and why others left.

    `causes` is the survey's own cause report, `departed` that of the survey compared with.
    """

    scores: ScoreCounts
    causes: ReportRequest
    departed: ReportRequest | None

    def document(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "scores": self.scores.document(),
            "causes": self.causes.document(),
            "departed": None if self.departed is None else self.departed.document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> CurrentRequest:
        """The request that `document` made."""
        return cls(
            ScoreCounts.from_document(document["scores"]),
            ReportRequest.from_document(document["causes"]),
            _departed(document),
        )


@dataclass(frozen=True, slots=True)
class StaffRequest:
    """What staff believe (a cause report's counts) and predict, and why customers left."""

    believed: ReportRequest
    predicted: Columns
    departed: ReportRequest | None

    def document(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "believed": self.believed.document(),
            "predicted": self.predicted,
            "departed": None if self.departed is None else self.departed.document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> StaffRequest:
        """The request that `document` made."""
        return cls(
            ReportRequest.from_document(document["believed"]),
            document["predicted"],
            _departed(document),
        )


def _departed(document: Mapping[str, Any]) -> ReportRequest | None:
    given = document["departed"]
    return None if given is None else ReportRequest.from_document(given)
