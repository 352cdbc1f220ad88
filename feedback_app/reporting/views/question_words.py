"""Words for the page of all answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from feedback_app.reporting.question_shelf import OpenedQuestions
from feedback_app.reporting.rules.questions import BESIDE, RATHER_NOT, WROTE
from feedback_app.reporting.views.number_words import Row
from feedback_app.reporting.views.score_words import ScoreWords
from feedback_app.reporting.views.wording import Wording
from feedback_app.surveys.rules.choices import CompetitorQuestion, OptionsQuestion
from feedback_app.surveys.rules.question import say


class QuestionWords(ScoreWords):
    """Questions, options and shares in the reader's language."""

    def __init__(self, found: OpenedQuestions, language: str) -> None:
        report = found.report
        super().__init__(found.questions, report.catalogue, report.survey, language)
        self._found = found
        self._filters = Wording(report, language)

    def option(self, code: str, option: str) -> str:
        """An option of a question, a cause, a name."""
        question = self._questions.find(code)
        if isinstance(question, OptionsQuestion):
            texts = (it.text for it in question.options if it.code == option)
            return next((say(each, self._language) for each in texts), option)
        if isinstance(question, CompetitorQuestion) and option == RATHER_NOT:
            return say(question.rather_not, self._language)
        return self._catalogue.label(option, self._language)

    def untold_options(self, table: Row) -> list[str]:
        """The options without a row: nobody chose them, or too few to tell."""
        question = self._questions.find(table["code"])
        if not isinstance(question, OptionsQuestion):
            return []
        told = {row["code"] for row in table["rows"]}
        return [say(it.text, self._language) for it in question.options if it.code not in told]

    def code_words(self, code: str, option: str) -> str:
        """Words for a row of a table: an option, or the question where there is none."""
        if option and option != WROTE:
            return self.option(code, option)
        return self.label(code.removesuffix(BESIDE))

    def base(self, table: Row) -> str:
        """Of whom the shares are."""
        if table["base"] == "answered":
            count = self.number(table["respondents"])
            return str(_("Shares of the %(count)s who answered it.", count=count))
        return str(
            _(
                "Shares of all %(count)s respondents: how many did not answer is withheld.",
                count=self.number(table["respondents"]),
            )
        )

    def chosen(self) -> list[tuple[str, str]]:
        """The filters as pairs of words."""
        return self._filters.chosen()

    def refusal_of_filters(self) -> str:
        """Why the filters can not be answered, and what to do."""
        return self._filters.refusal()

    def together(self) -> list[str]:
        """Which values are told together."""
        return self._filters.together()

    def is_rating(self, measures: Mapping[str, Any]) -> bool:
        """Whether a measure is one of several rows."""
        return bool(measures["kind"] == "rating")
