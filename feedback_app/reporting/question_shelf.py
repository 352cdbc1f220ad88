"""All answers of a survey, question by question, kept while they are true."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback_app.foundation.db import Database
from feedback_app.reporting import queries
from feedback_app.reporting.analyst.requests import ReportRequest
from feedback_app.reporting.analyst_process import AnalystProcess
from feedback_app.reporting.queries import questions as question_queries
from feedback_app.reporting.recent import Recent
from feedback_app.reporting.rules.kinds import ReportKind, kind_of
from feedback_app.reporting.rules.selection import Selection
from feedback_app.reporting.rules.told import told_by
from feedback_app.reporting.shelf import OpenedReport, Shelf
from feedback_app.surveys.rules import SurveyDefinition

KEPT = 64
TEXTS_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class OpenedQuestions:
    """The page of one survey. `report` says its survey, filters and what can be chosen.

    `document` (see analyst.questions) is None where the filters asked for too few people, and
    then `refused` names the reason.
    """

    report: OpenedReport
    questions: SurveyDefinition
    document: Mapping[str, Any] | None
    refused: str


@dataclass(frozen=True, slots=True)
class OpenedTexts:
    """What respondents wrote to one question; nothing where fewer than k wrote."""

    report: OpenedReport
    texts: tuple[str, ...]
    has_more: bool


class QuestionShelf:
    """Opens the page, making it where it is not there yet. Thread-safe."""

    def __init__(self, database: Database, analyst: AnalystProcess, reports: Shelf) -> None:
        self._database = database
        self._analyst = analyst
        self._reports = reports
        self._making = threading.Lock()
        self._kept: Recent[dict[str, Any]] = Recent(KEPT)

    def find(self, slug: str, selection: Selection) -> OpenedQuestions | None:
        """The page of the survey at `slug`, None where there is no such survey of ours.

        Raises UnableToAnalyse when the analyst does not answer.
        """
        report = self._reports.find(slug, selection)
        if report is None or report.questions is None:
            return None
        if report.document is None:
            return OpenedQuestions(report, report.questions, None, report.refused)
        answer = self._answer(report)
        return OpenedQuestions(
            report, report.questions, answer.get("document"), answer.get("refused", "")
        )

    def find_texts(self, slug: str, code: str, *, page: int) -> OpenedTexts | None:
        """A page (from 0) of texts of one question, of the whole survey alone."""
        report = self._reports.find(slug, Selection())
        if report is None or report.questions is None:
            return None
        with self._database.reports() as session:
            found = question_queries.list_texts(
                session,
                report.survey.id,
                code,
                first=page * TEXTS_PER_PAGE,
                most=TEXTS_PER_PAGE + 1,
                smallest=report.survey.k,
            )
        return OpenedTexts(report, tuple(found[:TEXTS_PER_PAGE]), len(found) > TEXTS_PER_PAGE)

    def _answer(self, report: OpenedReport) -> dict[str, Any]:
        known = self._kept.find(report.version)
        if known is not None:
            return known
        with self._making:
            return self._kept.get(report.version, lambda: self._make(report))

    def _make(self, report: OpenedReport) -> dict[str, Any]:
        whole = None
        if report.selection.is_narrowed:
            everything = self._reports.find(report.survey.slug, Selection())
            assert everything is not None
            known = self._kept.find(everything.version)
            made = known or self._kept.get(everything.version, lambda: self._ask(everything, None))
            whole = (everything.document, made["document"])
        return self._ask(report, whole)

    def _ask(
        self, report: OpenedReport, whole: tuple[Mapping[str, Any] | None, Any] | None
    ) -> dict[str, Any]:
        survey, selection, questions = report.survey, report.selection, report.questions
        assert questions is not None
        # Scores of current customers are told by month and group in their report, under a rule
        # of its own: narrowed here as well, they could be subtracted.
        with_numbers = whole is None or kind_of(questions) is ReportKind.CAUSES
        with self._database.reports() as session:
            counts = question_queries.read_question_counts(
                session, survey.id, questions, selection, with_numbers=with_numbers
            )
            groups = queries.read_counts(session, survey.id, selection, is_exact=False)
        request = ReportRequest(
            survey=survey.slug,
            counts=groups,
            entries=queries.list_entries(report.catalogue),
            codebook=report.catalogue.codebook,
            min_group=survey.k,
            selection=selection,
            whole=told_by(whole[0]) if whole and whole[0] else None,
        )
        return self._analyst.ask(
            {
                "asks": "questions",
                "report": request.document(),
                "counts": counts.document(),
                "whole": whole[1] if whole else None,
            }
        )
