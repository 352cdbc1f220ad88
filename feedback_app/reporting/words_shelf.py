"""What people wrote, as the page "In their own words" shows it; kept while it is true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from feedback_app.causes.queries import get_catalogue
from feedback_app.causes.rules import Catalogue
from feedback_app.foundation.db import Database
from feedback_app.reporting.analyst_process import AnalystProcess
from feedback_app.reporting.queries import list_entries
from feedback_app.reporting.queries import own_words as queries
from feedback_app.reporting.recent import Recent
from feedback_app.reporting.rules.own_words import CHOSEN, STATES
from feedback_app.surveys.queries import SurveyRow, find_survey

KEPT = 32
QUOTES_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class OpenedWords:
    """One survey's own words. `document`: see analyst.own_words; `state`: of the switch."""

    survey: SurveyRow
    catalogue: Catalogue
    state: str
    document: Mapping[str, Any]
    themes: tuple[queries.FoundTheme, ...]

    @property
    def told(self) -> Mapping[str, Any]:
        """The ranking for the state of the switch."""
        found: Mapping[str, Any] = self.document["states"][STATES.index(self.state)]
        return found

    @property
    def ticked(self) -> Mapping[str, Any]:
        """The ranking of the ticks alone."""
        found: Mapping[str, Any] = self.document["states"][STATES.index(CHOSEN)]
        return found


@dataclass(frozen=True, slots=True)
class OpenedQuotes:
    """Confirmed texts of a cause; none where fewer than k answers have one."""

    survey: SurveyRow
    catalogue: Catalogue
    cause: str
    is_told: bool
    texts: tuple[str, ...]
    has_more: bool


class WordsShelf:
    """Opens the page's numbers, making those that are not there yet."""

    def __init__(self, database: Database, analyst: AnalystProcess) -> None:
        self._database = database
        self._analyst = analyst
        self._kept: Recent[dict[str, Any]] = Recent(KEPT)

    def find(self, slug: str, state: str) -> OpenedWords | None:
        """The survey's own words, None where there is no such survey.

        Raises UnableToAnalyse when the analyst does not answer.
        """
        with self._database.reports() as session:
            survey = find_survey(session, slug)
            if survey is None or survey.slug != slug:
                return None
            catalogue = get_catalogue(session)
            revision = queries.find_revision(session, survey.id)
            themes = tuple(
                theme
                for theme in queries.list_themes(session, survey.id)
                if theme.statements >= survey.k
            )
        key = (
            *(survey.id, survey.k, survey.answers_revision, catalogue.codebook),
            *asdict(revision).values(),
        )
        document = self._kept.get(key, lambda: self._make(survey, catalogue))
        return OpenedWords(survey, catalogue, state, document, themes)

    def _make(self, survey: SurveyRow, catalogue: Catalogue) -> dict[str, Any]:
        self._analyst.warm_up()
        with self._database.reports() as session:
            counts = queries.read_own_words(session, survey.id)
        request = {
            "survey": survey.slug,
            "counts": counts.document(),
            "entries": [asdict(entry) for entry in list_entries(catalogue)],
            "codebook": catalogue.codebook,
            "min_group": survey.k,
        }
        return self._analyst.ask({"asks": "own-words", "request": request})

    def find_quotes(self, slug: str, cause: str, *, page: int) -> OpenedQuotes | None:
        """A page (from 0) of confirmed texts of a cause, None where there is no such survey."""
        with self._database.reports() as session:
            survey = find_survey(session, slug)
            if survey is None or survey.slug != slug:
                return None
            catalogue = get_catalogue(session)
            current = catalogue.current(cause)
            number, texts = queries.list_quotes(
                session,
                survey.id,
                (current, *catalogue.merged_into(current)),
                first=page * QUOTES_PER_PAGE,
                most=QUOTES_PER_PAGE + 1,
            )
        is_told = number >= survey.k and current in catalogue
        shown = tuple(texts[:QUOTES_PER_PAGE]) if is_told else ()
        return OpenedQuotes(
            survey, catalogue, current, is_told, shown, is_told and len(texts) > len(shown)
        )

    def agree(self, pairs: list[dict[str, Any]]) -> dict[str, Any]:
        """How well two readers agree (see reports.agreement); the room of tags asks."""
        return self._analyst.ask({"asks": "agreement", "pairs": pairs})
