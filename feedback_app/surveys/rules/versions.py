"""What may change between two versions of a survey, and the survey over all its versions.

Answers point at the version that was answered; reports join versions by question code. So a
code keeps its kind and its numbers for good. Wordings, order, options and rows may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from feedback_app.foundation.rules import N_
from feedback_app.surveys.rules.checking import Fault
from feedback_app.surveys.rules.choices import Option, OptionsQuestion
from feedback_app.surveys.rules.definition import SurveyDefinition
from feedback_app.surveys.rules.question import Question
from feedback_app.surveys.rules.scales import RatingQuestion, ScaleQuestion


def find_breaks(document: Mapping[str, Any], published: Iterable[SurveyDefinition]) -> list[Fault]:
    """Codes that would mean something else than in a version that was answered."""
    faults: dict[str, Fault] = {}
    new = SurveyDefinition.from_document(document).questions
    for question in new:
        for version in published:
            old = version.find(question.code)
            sentence = "" if old is None else _find_break(old, question)
            if sentence:
                facts = {"code": question.code}
                faults[question.code] = Fault(question.code, "code", sentence, facts)
    return list(faults.values())


def _find_break(old: Question, new: Question) -> str:
    if old.kind != new.kind:
        return N_(
            "The code “%(code)s” belonged to a question of another kind; give this one a new code."
        )
    if _numbers(old) != _numbers(new):
        return N_(
            "“%(code)s” was answered on another scale; numbers of two scales do not mix. Give "
            "this one a new code."
        )
    return ""


def _numbers(question: Question) -> tuple[int, int] | None:
    match question:
        case ScaleQuestion():
            return question.lowest, question.highest
        case RatingQuestion():
            return 1, question.points
        case _other:
            return None


def join_versions(versions: Sequence[SurveyDefinition]) -> SurveyDefinition:
    """The newest version, and what only older ones asked or offered after it.

    `versions`: the newest first, at least one.
    """
    newest, *older = versions
    joined = {question.code: question for question in newest.questions}
    for version in older:
        for question in version.questions:
            known = joined.get(question.code)
            joined[question.code] = question if known is None else _joined(known, question)
    return replace(newest, questions=tuple(joined.values()))


def _joined(new: Question, old: Question) -> Question:
    if isinstance(new, OptionsQuestion) and isinstance(old, OptionsQuestion):
        return replace(new, options=_united(new.options, old.options))
    if isinstance(new, RatingQuestion) and isinstance(old, RatingQuestion):
        return replace(new, rows=_united(new.rows, old.rows))
    return new


def _united(new: tuple[Option, ...], old: tuple[Option, ...]) -> tuple[Option, ...]:
    known = {option.code for option in new}
    return (*new, *(option for option in old if option.code not in known))
