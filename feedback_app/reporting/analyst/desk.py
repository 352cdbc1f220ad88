"""What the analyst answers: reports made of counts, and charts of reports it made."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from feedback_app.reporting.analyst import own_words, questions
from feedback_app.reporting.analyst.cause_reports import make_report
from feedback_app.reporting.analyst.charts import draw, draw_score_trend
from feedback_app.reporting.analyst.requests import ReportRequest
from feedback_app.reporting.analyst.score_reports import make_current_report, make_staff_report
from feedback_app.reporting.analyst.score_requests import CurrentRequest, StaffRequest
from feedback_app.reporting.rules.atoms import UnableToNarrow
from reports.schema import CauseReport

KEPT_REPORTS = 24


class Desk:
    """Answers questions one by one and remembers the last reports, to draw their charts."""

    def __init__(self) -> None:
        self._reports: OrderedDict[str, CauseReport] = OrderedDict()

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer to one message; `asks` says what it wants."""
        ways: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "report": self._report,
            "chart": self._chart,
            "current": _current_report,
            "staff": _staff_report,
            "score-trend": _score_trend,
            "questions": questions.describe,
            "own-words": lambda it: own_words.describe(it["request"]),
            "agreement": lambda it: own_words.describe_agreement(it["pairs"]),
        }
        return ways[question["asks"]](question)

    def _report(self, question: dict[str, Any]) -> dict[str, Any]:
        request = ReportRequest.from_document(question["request"])
        try:
            made = make_report(request)
        except UnableToNarrow as refusal:
            return {"refused": refusal.reason}
        self._reports[question["key"]] = made.report
        while len(self._reports) > KEPT_REPORTS:
            self._reports.popitem(last=False)
        return {"document": made.document()}

    def _chart(self, question: dict[str, Any]) -> dict[str, Any]:
        report = self._reports.get(question["key"])
        if report is None:
            return {"forgotten": True}
        self._reports.move_to_end(question["key"])
        svg = draw(report, question["chart"], question["words"], width=question["width"])
        return {"svg": svg}


def _current_report(question: dict[str, Any]) -> dict[str, Any]:
    return {"document": make_current_report(CurrentRequest.from_document(question["request"]))}


def _staff_report(question: dict[str, Any]) -> dict[str, Any]:
    return {"document": make_staff_report(StaffRequest.from_document(question["request"]))}


def _score_trend(question: dict[str, Any]) -> dict[str, Any]:
    return {"svg": draw_score_trend(question)}
