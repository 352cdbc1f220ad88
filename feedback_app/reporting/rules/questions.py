"""Counts of all questions of a survey as they travel from the database to the analyst."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from feedback_app.answers.rules import (
    ATTRACTION,
    BELIEVED,
    COMPETITOR,
    COULD_LEAVE,
    OFFERS_HEARD,
    PREDICTED,
    REASONS,
    RETURN,
)
from feedback_app.reporting.rules.counts import Columns
from feedback_app.surveys.rules import SurveyDefinition
from feedback_app.surveys.rules.causes import PredictionQuestion, ThreeSidesQuestion
from feedback_app.surveys.rules.choices import CompetitorQuestion, OptionsQuestion
from feedback_app.surveys.rules.question import Question
from feedback_app.surveys.rules.scores import ScoreField
from feedback_app.surveys.rules.texts import TextQuestion

#: Told by the survey's own report, under its own rule: two tables of the same answers could be
#: subtracted from each other.
IN_REPORTS = frozenset(
    {REASONS, COULD_LEAVE, BELIEVED, PREDICTED, COMPETITOR, ATTRACTION, OFFERS_HEARD, RETURN}
)
#: Stands for "rather not say" among the names of a question about competitors.
RATHER_NOT = "~"
#: Stands for "wrote something" where texts are counted.
WROTE = "text"
#: After a question's code: the words that stand beside one of its options.
BESIDE = ".text"


@dataclass(frozen=True, slots=True)
class Choice:
    """A question that is answered by choosing, or whose texts are counted.

    `kind`: "options", "causes", "names" or "texts".
    """

    code: str
    kind: str


def list_choices(definition: SurveyDefinition) -> tuple[Choice, ...]:
    """What is counted of a survey's documents; what its own report tells is left out."""
    found: list[Choice] = []
    for question in definition.questions:
        if question.code not in IN_REPORTS:
            found += _choices_of(question)
        elif isinstance(question, ThreeSidesQuestion):
            found.append(Choice(f"{question.code}{BESIDE}", "texts"))
    return tuple(found)


def _choices_of(question: Question) -> list[Choice]:
    match question:
        case OptionsQuestion():
            found = [Choice(question.code, "options")]
            if any(option.with_text for option in question.options):
                found.append(Choice(f"{question.code}{BESIDE}", "texts"))
            return found
        case ThreeSidesQuestion():
            return [Choice(question.code, "causes"), Choice(f"{question.code}{BESIDE}", "texts")]
        case CompetitorQuestion():
            return [Choice(question.code, "names")]
        case TextQuestion():
            return [Choice(question.code, "texts")]
        case _other:
            return []


def told_elsewhere(question: Question) -> bool:
    """Whether the survey's own report is the place of this question."""
    return question.code in IN_REPORTS or isinstance(question, PredictionQuestion)


def chosen_in(choice: Choice, values: Mapping[str, Any]) -> tuple[str, ...]:
    """What an answer chose, sorted; () for nothing."""
    if choice.kind == "texts":
        return (WROTE,) if text_in(choice.code, values) else ()
    value = values.get(choice.code)
    if not isinstance(value, dict):
        return ()
    if choice.kind == "names":
        name = RATHER_NOT if value.get("rather_not") else str(value.get("name", ""))
        return (name,) if name else ()
    held = value.get("ticked") or value.get("choices") or ()
    return tuple(sorted(set(held or ([value["choice"]] if value.get("choice") else ()))))


def text_in(code: str, values: Mapping[str, Any]) -> str:
    """What an answer says in own words to a question, or beside one of its options."""
    value = values.get(code.removesuffix(BESIDE))
    if code.endswith(BESIDE):
        value = (value.get("text") or value.get("other")) if isinstance(value, dict) else ""
    return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    """Grouped answers to all questions of one survey.

    `chosen`: question, codes (a list), month, one column per dimension, respondents; who chose
    nothing is left out. `numbers`: field, value, month, dimensions, respondents. Months are ""
    and there are no dimensions where the whole survey is asked for.
    """

    choices: tuple[Choice, ...]
    fields: tuple[ScoreField, ...]
    dimensions: tuple[str, ...]
    chosen: Columns
    numbers: Columns

    def document(self) -> dict[str, Any]:
        """As JSON values; the columns themselves, not copies of them."""
        return {
            "choices": [asdict(each) for each in self.choices],
            "fields": [asdict(each) for each in self.fields],
            "dimensions": list(self.dimensions),
            "chosen": self.chosen,
            "numbers": self.numbers,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> QuestionCounts:
        """The counts that `document` made."""
        return cls(
            tuple(Choice(**each) for each in document["choices"]),
            tuple(ScoreField(**each) for each in document["fields"]),
            tuple(document["dimensions"]),
            document["chosen"],
            document["numbers"],
        )
