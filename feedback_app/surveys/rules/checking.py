"""What is wrong with a survey: what no draft may hold, and what must be mended before it opens.

Faults are values, each beside the question and the field it is about, in sentences that have a
translation. Structure (types, unknown names) is the published schema's matter.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from feedback_app.causes.rules import Catalogue
from feedback_app.foundation.rules import N_
from feedback_app.surveys.rules.causes import PredictionQuestion, ThreeSidesQuestion
from feedback_app.surveys.rules.choices import OptionsQuestion
from feedback_app.surveys.rules.definition import SurveyDefinition
from feedback_app.surveys.rules.question import Question, ShowIf
from feedback_app.surveys.rules.scales import ScaleQuestion
from feedback_app.surveys.rules.shapes import (
    CODE,
    LONG_TEXTS,
    LONGEST_HINT,
    LONGEST_LINE,
    MOST_ITEMS,
    MOST_QUESTIONS,
    RESERVED,
    SHAPES,
    list_wordings,
    measure_completeness,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the question's code ("" = the survey), the field, a sentence."""

    question: str
    field: str
    sentence: str
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.facts if self.facts else self.sentence


def find_faults(document: Mapping[str, Any], catalogue: Catalogue) -> list[Fault]:
    """What no draft may hold. `document` has the right structure."""
    questions = document.get("question", ())
    faults = [*_check_codes(questions), *_check_lengths(document)]
    if len(questions) > MOST_QUESTIONS:
        sentence = N_("A survey has at most %(most)s questions, this one has %(given)s.")
        facts = {"most": MOST_QUESTIONS, "given": len(questions)}
        faults.append(Fault("", "question", sentence, facts))
    for question in questions:
        faults += _check_items(question)
        faults += _check_numbers(question)
    if faults:
        return faults
    seen: dict[str, Question] = {}
    for each in SurveyDefinition.from_document(document, is_checked=False).questions:
        faults += _check_condition(each, seen, catalogue)
        seen[each.code] = each
    return faults


def find_gaps(document: Mapping[str, Any], catalogue: Catalogue) -> list[Fault]:
    """What must be mended before the survey opens: `find_faults` and what is not written yet."""
    gaps = find_faults(document, catalogue)
    if gaps:
        return gaps
    definition = SurveyDefinition.from_document(document)
    if not any(question.is_answerable for question in definition.questions):
        gaps.append(Fault("", "question", N_("There is no question yet that can be answered.")))
    for language in definition.languages:
        for each in measure_completeness(document, language).missing:
            sentence = N_("This text is missing in the language “%(language)s”.")
            gaps.append(Fault(each.question, each.field, sentence, {"language": language}))
    for question in document.get("question", ()):
        shape = SHAPES[question["kind"]]
        given = len(question.get(shape.items, ())) if shape.items else 0
        if given < shape.least_items:
            sentence = N_("It needs at least %(least)s to choose from, there are %(given)s.")
            facts = {"least": shape.least_items, "given": given}
            gaps.append(Fault(question["code"], shape.items, sentence, facts))
    return gaps


def _check_codes(questions: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for question in questions:
        code = str(question["code"])
        if not CODE.fullmatch(code):
            sentence = N_(
                "“%(code)s” is no code: it begins with a small Latin letter and holds small Latin "
                "letters, digits and _, at most 40."
            )
            yield Fault(code, "code", sentence, {"code": code})
        elif code in RESERVED:
            yield Fault(code, "code", N_("The code “%(code)s” has another use."), {"code": code})
        if code in seen:
            sentence = N_("The code “%(code)s” is used by two questions.")
            yield Fault(code, "code", sentence, {"code": code})
        seen.add(code)


def _check_items(question: Mapping[str, Any]) -> Iterator[Fault]:
    shape, code = SHAPES[question["kind"]], str(question["code"])
    items = question.get(shape.items, ()) if shape.items else ()
    if len(items) > MOST_ITEMS:
        sentence = N_("At most %(most)s can be offered, there are %(given)s.")
        yield Fault(code, shape.items, sentence, {"most": MOST_ITEMS, "given": len(items)})
    if not shape.has_codes:
        return
    seen: set[str] = set()
    for place, item in enumerate(items):
        named, where = str(item["code"]), f"{shape.items}.{place}.code"
        if not CODE.fullmatch(named):
            yield Fault(code, where, N_("“%(code)s” is no code."), {"code": named})
        if named in seen:
            sentence = N_("The code “%(code)s” stands twice in this question.")
            yield Fault(code, where, sentence, {"code": named})
        seen.add(named)
    if sum(bool(item.get("with_text")) for item in items) > 1:
        yield Fault(code, shape.items, N_("Only one choice can offer a line for own words."))


def _check_numbers(question: Mapping[str, Any]) -> Iterator[Fault]:
    code, shape = str(question["code"]), SHAPES[question["kind"]]
    for number in shape.numbers:
        given = question.get(number.name, number.usual)
        if not number.least <= given <= number.most:
            sentence = N_("This number is from %(least)s to %(most)s, got %(given)s.")
            facts = {"least": number.least, "most": number.most, "given": given}
            yield Fault(code, number.name, sentence, facts)


def _check_lengths(document: Mapping[str, Any]) -> Iterator[Fault]:
    for each in list_wordings(document):
        most = LONGEST_HINT if each.path[-1] in LONG_TEXTS else LONGEST_LINE
        for language, text in each.texts.items():
            if len(text) > most:
                sentence = N_(
                    "This text (%(language)s) has %(given)s characters, at most %(most)s fit."
                )
                facts = {"language": language, "given": len(text), "most": most}
                yield Fault(each.question, f"{each.field}.{language}", sentence, facts)


def _check_condition(
    question: Question, earlier: Mapping[str, Question], catalogue: Catalogue
) -> Iterator[Fault]:
    """A follow-up that nobody could ever reach is a dead end."""
    if isinstance(question, PredictionQuestion) and not isinstance(
        earlier.get(question.of), ThreeSidesQuestion
    ):
        sentence = N_("It predicts the reasons of “%(other)s”: that must be an earlier ranking.")
        yield Fault(question.code, "of", sentence, {"other": question.of})
    wanted = question.show_if
    if wanted is None:
        return
    asked = earlier.get(wanted.question)
    if asked is None:
        sentence = N_("It depends on “%(other)s”, which does not stand before it.")
        yield Fault(question.code, "show_if.question", sentence, {"other": wanted.question})
        return
    if dead_end := _find_dead_end(wanted, asked, catalogue):
        unknown = ", ".join(_unknown(wanted, asked, catalogue))
        facts = {"other": asked.code, "unknown": unknown}
        yield Fault(question.code, "show_if", dead_end, facts)


def _find_dead_end(wanted: ShowIf, asked: Question, catalogue: Catalogue) -> str:
    match asked:
        case ThreeSidesQuestion() | OptionsQuestion():
            return _find_dead_choice(wanted, asked, catalogue)
        case ScaleQuestion():
            if wanted.any_of or wanted.any_side is not None:
                return N_("“%(other)s” is answered by a number, not by choosing.")
            numbers = range(asked.lowest, asked.highest + 1)
            if not any(wanted.takes(number) for number in numbers):
                return N_("It would never be shown: no answer to “%(other)s” lies in this range.")
            return ""
        case _other:
            return N_("Nothing can depend on “%(other)s”: it is not answered by choosing.")


def _find_dead_choice(wanted: ShowIf, asked: Question, catalogue: Catalogue) -> str:
    if wanted.has_range:
        return N_("“%(other)s” is answered by choosing, not by a number.")
    if _unknown(wanted, asked, catalogue):
        return N_("“%(other)s” does not offer %(unknown)s.")
    if not wanted.any_of and wanted.any_side is None:
        return N_("It would never be shown: choose at least one answer to “%(other)s”.")
    return ""


def _unknown(wanted: ShowIf, asked: Question, catalogue: Catalogue) -> list[str]:
    """What a condition waits for and nobody can choose."""
    if isinstance(asked, ThreeSidesQuestion):
        offered = {code for code in catalogue.codes() if code.partition(".")[0] in asked.headings}
        side = wanted.any_side
        sides = [side] if side is not None and side not in asked.headings else []
        return [*(code for code in wanted.any_of if code not in offered), *sides]
    if isinstance(asked, OptionsQuestion):
        options = {option.code for option in asked.options}
        sides = [] if wanted.any_side is None else [wanted.any_side]
        return [*(code for code in wanted.any_of if code not in options), *sides]
    return []
