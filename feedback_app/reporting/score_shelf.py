"""Finished reports on current customers and on staff polls, kept while they are true.

Such a report is of all answers of its survey: it is told over time and by group as far as
that is safe, and has no filters that could be subtracted. It is known by its survey, by the
survey of departed customers that it is compared with, both surveys' answers revisions and
smallest groups, and the codebook.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from feedback_app.causes.queries import get_catalogue
from feedback_app.causes.rules import Catalogue
from feedback_app.foundation.db import Database
from feedback_app.reporting import queries
from feedback_app.reporting.analyst_process import AnalystProcess
from feedback_app.reporting.queries.requests import (
    find_departed,
    list_departed,
    read_current_request,
    read_staff_request,
)
from feedback_app.reporting.recent import Recent
from feedback_app.reporting.rules.kinds import ReportKind, kind_of
from feedback_app.surveys.queries import SurveyRow, find_survey, get_definition
from feedback_app.surveys.rules import Mode, SurveyDefinition

KEPT_REPORTS, KEPT_CHARTS = 32, 128


@dataclass(frozen=True, slots=True)
class OpenedScores:
    """A report on current customers or on a staff poll as a page shows it.

    `document` is laid out as docs/reports.md says. `departed` is the survey it is compared
    with, `choices` those it could be compared with, the newest first.
    """

    survey: SurveyRow
    kind: ReportKind
    catalogue: Catalogue
    questions: SurveyDefinition
    document: Mapping[str, Any]
    departed: SurveyRow | None
    choices: tuple[SurveyRow, ...]
    version: str


class ScoreShelf:
    """Opens reports, making those that are not there yet. Thread-safe."""

    def __init__(self, database: Database, analyst: AnalystProcess) -> None:
        self._database = database
        self._analyst = analyst
        self._making = threading.Lock()
        self._reports: Recent[dict[str, Any]] = Recent(KEPT_REPORTS)
        self._charts: Recent[str | None] = Recent(KEPT_CHARTS)

    def find(self, slug: str, kind: ReportKind, departed: str) -> OpenedScores | None:
        """The report of this kind of the survey at `slug`, None where there is none.

        `departed` is the slug of the survey to compare with; "" or one that can not be
        compared with means the newest. Raises UnableToAnalyse.
        """
        with self._database.reports() as session:
            survey = find_survey(session, slug)
            if survey is None or survey.slug != slug:
                return None
            questions = _questions(session, survey)
            if questions is None or kind_of(questions) is not kind:
                return None
            catalogue = get_catalogue(session)
            choices = list_departed(session, is_demo=survey.is_demo)
        other = find_departed(choices, departed)
        key = _key(survey, other, catalogue)
        document = self._reports.find(key)
        if document is None:
            with self._making:
                document = self._reports.get(
                    key, lambda: self._make(survey, kind, catalogue, other)
                )
        return OpenedScores(survey, kind, catalogue, questions, document, other, choices, key[:16])

    def find_trend(
        self,
        report: OpenedScores,
        code: str,
        *,
        width: int,
        language: str,
        words: Callable[[Mapping[str, Any]], dict[str, Any]],
    ) -> str | None:
        """A score over time as SVG, None where there is nothing to draw.

        `words` are asked for, with the measure, only when it was not drawn before.
        """
        measure = next((it for it in report.document["measures"] if it["code"] == code), None)
        if measure is None or not measure["trend"]:
            return None

        def make() -> str | None:
            is_points = measure["kind"] == "nps"
            answer = self._analyst.ask(
                {
                    "asks": "score-trend",
                    "trend": measure["trend"],
                    "ends": [-100, 100] if is_points else [0, 1],
                    "words": words(measure),
                    "width": width,
                }
            )
            svg: str | None = answer["svg"]
            return svg

        return self._charts.get((report.version, code, width, language), make)

    def _make(
        self, survey: SurveyRow, kind: ReportKind, catalogue: Catalogue, departed: SurveyRow | None
    ) -> dict[str, Any]:
        self._analyst.warm_up()
        entries = queries.list_entries(catalogue)
        read = read_current_request if kind is ReportKind.CURRENT else read_staff_request
        with self._database.reports() as session:
            request = read(
                session, survey, departed, entries, catalogue.codebook, smallest=survey.k
            )
        answer = self._analyst.ask({"asks": kind.value, "request": request.document()})
        document: dict[str, Any] = answer["document"]
        return document


def _questions(session: Session, survey: SurveyRow) -> SurveyDefinition | None:
    return None if survey.mode is Mode.IMPORT else get_definition(session, survey.id)


def _key(survey: SurveyRow, departed: SurveyRow | None, catalogue: Catalogue) -> str:
    parts = [str(catalogue.codebook)]
    for each in (survey, departed):
        known = () if each is None else (each.id.hex, str(each.answers_revision), str(each.k))
        parts.append(" ".join(known))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
