"""Finished reports of a page server, kept while they are true.

Nothing changes between two openings of a batch, so a report is known by its survey, the
survey's answers revision, the codebook, the smallest group and the filters. It is made at
its first view and kept in memory; nothing is ever written for it.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from feedback_app.causes.queries import get_catalogue
from feedback_app.causes.rules import Catalogue
from feedback_app.foundation.db import Database
from feedback_app.reporting import queries
from feedback_app.reporting.analyst.requests import ReportRequest
from feedback_app.reporting.analyst_process import AnalystProcess
from feedback_app.reporting.recent import Recent
from feedback_app.reporting.rules.selection import Selection, offered_values
from feedback_app.reporting.rules.told import told_by
from feedback_app.reporting.rules.words import texts_of
from feedback_app.surveys.queries import SurveyRow, find_survey, get_joined_definition
from feedback_app.surveys.rules import Mode, SurveyDefinition

KEPT_REPORTS = 64
KEPT_CHARTS = 256
COMMENTS_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A report as a page shows it.

    `document` is laid out as docs/reports.md says; None where the filters asked for too
    few people, and then `refused` names the reason (see rules.atoms.UnableToNarrow).
    `questions` is None for imported answers. `choices`: dimension -> values the report can
    be narrowed to. `periods`: pairs of months it can begin and end with. `version` changes
    whenever the report could.
    """

    survey: SurveyRow
    catalogue: Catalogue
    questions: SurveyDefinition | None
    selection: Selection
    document: Mapping[str, Any] | None
    refused: str
    choices: Mapping[str, tuple[str, ...]]
    periods: tuple[tuple[str, str], ...]
    version: str


@dataclass(frozen=True, slots=True)
class OpenedComments:
    """Texts of answers that carry a cause; none where the report does not tell the cause.

    Each of `texts` is one answer: pairs (question code, what was written).
    """

    report: OpenedReport
    cause: str
    is_told: bool
    texts: tuple[tuple[tuple[str, str], ...], ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class _Subject:
    """What all reports of one survey have in common at one moment."""

    survey: SurveyRow
    catalogue: Catalogue
    questions: SurveyDefinition | None

    def key(self, selection: Selection) -> str:
        parts = (
            *(self.survey.id.hex, str(self.survey.answers_revision), str(self.survey.k)),
            *(str(self.catalogue.codebook), repr(sorted(selection.parameters().items()))),
        )
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Shelf:
    """Opens reports, making those that are not there yet. Thread-safe."""

    def __init__(self, database: Database, analyst: AnalystProcess) -> None:
        self._database = database
        self._analyst = analyst
        self._making = threading.Lock()
        self._reports: Recent[dict[str, Any]] = Recent(KEPT_REPORTS)
        self._charts: Recent[str | None] = Recent(KEPT_CHARTS)
        self._choices: Recent[dict[str, tuple[str, ...]]] = Recent(KEPT_REPORTS)

    def find(self, slug: str, selection: Selection) -> OpenedReport | None:
        """The report of the survey at `slug`, None where there is no such survey.

        Raises UnableToAnalyse when the analyst does not answer.
        """
        subject = self._find_subject(slug)
        if subject is None:
            return None
        whole = self._answer(subject, selection.whole)["document"]
        answer = self._answer(subject, selection)
        steps = whole["trend"]["causes"]["periods"]
        return OpenedReport(
            survey=subject.survey,
            catalogue=subject.catalogue,
            questions=subject.questions,
            selection=selection,
            document=answer.get("document"),
            refused=answer.get("refused", ""),
            choices=self._find_choices(subject),
            periods=tuple((step["from"], step["to"]) for step in steps),
            version=subject.key(selection)[:16],
        )

    def find_comments(self, slug: str, cause: str, *, page: int) -> OpenedComments | None:
        """A page (from 0) of texts of a cause, None where there is no such survey.

        Only the whole survey can be asked for: texts by segment or date would single
        somebody out. Raises UnableToAnalyse when the analyst does not answer.
        """
        report = self.find(slug, Selection())
        if report is None or report.document is None:
            return None
        current = report.catalogue.current(cause)
        told = {row["code"] for row in report.document["causes"]}
        if current not in told:
            return OpenedComments(report, current, is_told=False, texts=(), has_more=False)
        codes = (current, *report.catalogue.merged_into(current))
        first = page * COMMENTS_PER_PAGE
        with self._database.reports() as session:
            found = queries.list_comments(
                session, report.survey.id, codes, first=first, most=COMMENTS_PER_PAGE + 1
            )
        shown = found[:COMMENTS_PER_PAGE]
        return OpenedComments(
            report,
            current,
            is_told=True,
            texts=tuple(texts_of(values) for values in shown),
            has_more=len(found) > len(shown),
        )

    def find_chart(
        self,
        report: OpenedReport,
        chart: str,
        *,
        width: int,
        language: str,
        words: Callable[[], dict[str, Any]],
    ) -> str | None:
        """The chart as SVG, None where there is nothing to draw.

        `words` are asked for only when it was not drawn before in this language.
        """
        subject = _Subject(report.survey, report.catalogue, report.questions)
        key = subject.key(report.selection)

        def make() -> str | None:
            question = {
                "asks": "chart",
                "key": key,
                "chart": chart,
                "words": words(),
                "width": width,
            }
            answer = self._analyst.ask(question)
            if "forgotten" in answer:
                self._make_report(subject, report.selection, key)
                answer = self._analyst.ask(question)
            svg: str | None = answer["svg"]
            return svg

        return self._charts.get((key, chart, width, language), make)

    def _find_subject(self, slug: str) -> _Subject | None:
        with self._database.reports() as session:
            survey = find_survey(session, slug)
            if survey is None or survey.slug != slug:
                return None
            is_import = survey.mode is Mode.IMPORT
            questions = None if is_import else get_joined_definition(session, survey.id)
            return _Subject(survey, get_catalogue(session), questions)

    def _answer(self, subject: _Subject, selection: Selection) -> dict[str, Any]:
        key = subject.key(selection)
        known = self._reports.find(key)
        if known is not None:
            return known
        # One at a time: whoever asks for the same report meanwhile finds it made.
        with self._making:
            return self._reports.get(key, lambda: self._make_report(subject, selection, key))

    def _make_report(self, subject: _Subject, selection: Selection, key: str) -> dict[str, Any]:
        self._analyst.warm_up()
        survey = subject.survey
        whole = None
        if selection.is_narrowed and survey.k > 1:
            unnarrowed = selection.whole
            known = self._reports.find(subject.key(unnarrowed))
            made = known or self._make_report(subject, unnarrowed, subject.key(unnarrowed))
            whole = told_by(made["document"])
        further: dict[str, Any] = {}
        with self._database.reports() as session:
            if selection.is_narrowed:
                counts = queries.read_counts(session, survey.id, selection, is_exact=survey.k == 1)
            else:
                # Told apart by channel they are all answers too: one reading serves both.
                further = queries.read_further(session, survey.id, smallest=survey.k)
                counts = further["channels"].altogether()
        request = ReportRequest(
            survey=survey.slug,
            counts=counts,
            entries=queries.list_entries(subject.catalogue),
            codebook=subject.catalogue.codebook,
            min_group=survey.k,
            selection=selection,
            whole=whole,
            **further,
        )
        return self._analyst.ask({"asks": "report", "key": key, "request": request.document()})

    def _find_choices(self, subject: _Subject) -> dict[str, tuple[str, ...]]:
        survey = subject.survey

        def make() -> dict[str, tuple[str, ...]]:
            with self._database.reports() as session:
                kinds = queries.read_kinds(session, survey.id)
            return {name: offered_values(counts, survey.k) for name, counts in kinds.items()}

        return self._choices.get((survey.id, survey.answers_revision), make)
