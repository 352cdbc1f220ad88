"""A survey's questions in order, read from its stored document; and reading a sent form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback_app.causes.rules import Catalogue
from feedback_app.foundation.rules import Unable
from feedback_app.surveys.rules.causes import CausesQuestion, PredictionQuestion, RankingQuestion
from feedback_app.surveys.rules.choices import CompetitorQuestion, MultipleQuestion, SingleQuestion
from feedback_app.surveys.rules.question import Form, Problem, Question, RecordLine, Texts, Value
from feedback_app.surveys.rules.scales import (
    CesQuestion,
    CsatQuestion,
    NpsQuestion,
    RatingQuestion,
    ScaleQuestion,
)
from feedback_app.surveys.rules.survey import Subject
from feedback_app.surveys.rules.texts import ShortTextQuestion, StatementQuestion, TextQuestion

KINDS: dict[str, type[Question]] = {
    each.kind: each
    for each in (
        CausesQuestion,
        RankingQuestion,
        PredictionQuestion,
        SingleQuestion,
        MultipleQuestion,
        CompetitorQuestion,
        RatingQuestion,
        ScaleQuestion,
        NpsQuestion,
        CsatQuestion,
        CesQuestion,
        ShortTextQuestion,
        TextQuestion,
        StatementQuestion,
    )
}

#: Questions that tell whom a survey asks, the telling one first.
SUBJECT_OF: dict[Subject, frozenset[str]] = {
    Subject.DEPARTED: frozenset({"reasons"}),
    Subject.STAFF: frozenset({"believed"}),
    Subject.CURRENT: frozenset({"could_leave", "leave_likelihood", "nps", "csat", "ces"}),
    Subject.OTHER: frozenset(),
}

#: A sealed box is padded to a multiple of this many bytes, the same for every answer.
BOX_STEP = 4096
#: What an answer needs beside its values: version, language, the compression's own bytes.
BOX_BASE = 512


class UnableToReadDefinition(Unable):
    """A survey document is not one; the message names the question and the fault."""


@dataclass(frozen=True)
class SurveyDefinition:
    """Title, texts and questions of one survey version."""

    title: Texts
    intro: Texts
    thanks: Texts
    questions: tuple[Question, ...]
    offered: tuple[str, ...] = ()

    @classmethod
    def from_document(
        cls, document: Mapping[str, Any], *, is_checked: bool = True
    ) -> SurveyDefinition:
        """Read the stored form. Raises UnableToReadDefinition naming what is wrong.

        `is_checked=False` leaves the order of the questions to whoever words it better.
        """
        questions: list[Question] = []
        for number, each in enumerate(document.get("question", ()), start=1):
            questions.append(_read_question(number, each))
        if is_checked:
            _check_order(questions)
        try:
            return cls(
                dict(document["title"]),
                dict(document.get("intro", {})),
                dict(document.get("thanks", {})),
                tuple(questions),
                tuple(document.get("languages", ())),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UnableToReadDefinition(f"The survey lacks {error}.") from error

    @property
    def subject(self) -> Subject:
        """Whom it asks, told by the questions that reports read."""
        codes = {question.code for question in self.questions}
        return next((each for each in Subject if SUBJECT_OF[each] & codes), Subject.OTHER)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages the survey is offered in: as it says, else those of its title."""
        return self.offered or tuple(self.title)

    def find(self, code: str) -> Question | None:
        """The question of this code."""
        return next((each for each in self.questions if each.code == code), None)

    def box_bytes(self) -> int:
        """Size that every sealed answer is padded to: holds the longest, in whole steps."""
        needed = BOX_BASE + sum(
            question.longest_texts() + question.longest_codes() for question in self.questions
        )
        return -(-needed // BOX_STEP) * BOX_STEP

    def read(self, form: Form, catalogue: Catalogue) -> tuple[dict[str, Value], list[Problem]]:
        """Values of the questions that were answered and applied, and what is to be mended.

        An answer to a question that did not apply is dropped, and so are its problems.
        """
        values: dict[str, Value] = {}
        problems: list[Problem] = []
        for question in self.questions:
            if not question.applies(values):
                continue
            value, found = question.read(form, catalogue)
            problems += found
            if value is not None:
                value = question.settled(value, values)
            if value is not None:
                values[question.code] = value
        return values, problems

    def record(
        self, values: Mapping[str, Value], language: str, catalogue: Catalogue
    ) -> list[RecordLine]:
        """`values` in words, in the order of the questions."""
        return [
            line
            for question in self.questions
            if question.code in values
            for line in question.record(values[question.code], language, catalogue)
        ]

    def texts_of(self, values: Mapping[str, Value]) -> dict[str, list[str]]:
        """question code -> its free texts, answered ones only."""
        found = {
            question.code: question.texts_of(values[question.code])
            for question in self.questions
            if question.code in values
        }
        return {code: texts for code, texts in found.items() if texts}


def _read_question(number: int, document: Mapping[str, Any]) -> Question:
    kind = document.get("kind")
    if kind not in KINDS:
        raise UnableToReadDefinition(
            f"Question {number}: unknown kind {kind!r}; known kinds: {', '.join(KINDS)}."
        )
    try:
        return KINDS[kind].from_document(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnableToReadDefinition(
            f"Question {number} ({kind}): {error} is missing or wrong."
        ) from error


def _check_order(questions: list[Question]) -> None:
    seen: set[str] = set()
    for question in questions:
        if question.code in seen:
            raise UnableToReadDefinition(f"The question code {question.code!r} is used twice.")
        if question.show_if is not None and question.show_if.question not in seen:
            raise UnableToReadDefinition(
                f"{question.code} depends on {question.show_if.question!r}, "
                "which does not stand before it."
            )
        if isinstance(question, PredictionQuestion) and question.of not in seen:
            raise UnableToReadDefinition(
                f"{question.code} predicts {question.of!r}, which does not stand before it."
            )
        seen.add(question.code)
