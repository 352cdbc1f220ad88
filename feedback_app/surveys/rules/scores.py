"""Answers on scales in one short text per answer, so that reports group by it.

A survey's *score fields* are its questions answered by a number and the rows of its rating
questions. Each has a place, the same for all versions of a survey: a later version's new
fields come after those of the versions before it (docs/adr/0024).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from feedback_app.surveys.rules.definition import SurveyDefinition
from feedback_app.surveys.rules.question import Values
from feedback_app.surveys.rules.scales import NOT_APPLICABLE, RatingQuestion, ScaleQuestion

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Stand for "does not apply" and for no number; the latter is left out at the end.
APART, SILENT = "-", "."
#: The column is so wide: more fields than this are not counted.
MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class ScoreField:
    """One question answered by a number, or one row of rating rows.

    `kind` is the question's: "nps", "csat", "ces", "scale" or "rating".
    """

    question: str
    row: str
    kind: str
    lowest: int
    highest: int

    @property
    def code(self) -> str:
        """The question's code, and the row's after a dot."""
        return f"{self.question}.{self.row}" if self.row else self.question

    @property
    def digits(self) -> str:
        """What can stand in the field's place when a number was given."""
        return DIGITS[self.lowest : self.highest + 1]

    def spell(self, values: Values) -> str:
        """The one sign that stands for this field's answer."""
        value = values.get(self.question)
        if self.row:
            value = value.get(self.row) if isinstance(value, dict) else None
        if value == NOT_APPLICABLE and self.row:
            return APART
        if not isinstance(value, int) or not self.lowest <= value <= self.highest:
            return SILENT
        return DIGITS[value]


def score_fields(definitions: Iterable[SurveyDefinition]) -> tuple[ScoreField, ...]:
    """The fields of all versions of a survey, given in the order of their numbers.

    A question whose scale changed is another field from then on.
    """
    found: dict[ScoreField, None] = {}
    for definition in definitions:
        for each in _fields_of(definition):
            found.setdefault(each)
    return tuple(found)[:MOST_FIELDS]


def spell_scores(fields: Sequence[ScoreField], values: Values) -> str:
    """The signs of all fields, one each, in the order of `fields`."""
    return "".join(each.spell(values) for each in fields).rstrip(SILENT)


def _fields_of(definition: SurveyDefinition) -> Iterator[ScoreField]:
    for question in definition.questions:
        if isinstance(question, ScaleQuestion):
            ends = (question.lowest, question.highest)
            if 0 <= ends[0] < ends[1] < len(DIGITS):
                yield ScoreField(question.code, "", question.kind, *ends)
        elif isinstance(question, RatingQuestion) and 1 < question.points < len(DIGITS):
            for row in question.rows:
                yield ScoreField(question.code, row.code, question.kind, 1, question.points)
