"""What is stored, for the respondent to read: one record before it is sent, and its layout."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from feedback_app.answers.forms import RESPONDENT
from feedback_app.answers.rules import Envelope, Tagger
from feedback_app.answers.views.place import Place
from feedback_app.surveys.rules import Question
from feedback_app.surveys.rules.causes import (
    LONGEST_OTHER,
    CausesQuestion,
    PredictionQuestion,
    RankingQuestion,
    ThreeSidesQuestion,
)
from feedback_app.surveys.rules.choices import (
    LONGEST_COMPETITOR,
    CompetitorQuestion,
    MultipleQuestion,
    OptionsQuestion,
    SingleQuestion,
)
from feedback_app.surveys.rules.question import RecordLine, Value, say
from feedback_app.surveys.rules.scales import RatingQuestion, ScaleQuestion
from feedback_app.surveys.rules.texts import TextQuestion


@dataclass(frozen=True, slots=True)
class Counted:
    """One cause that an answer is counted under, in the survey's words."""

    heading: str
    label: str
    is_decisive: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One answer as it would be stored: in words, letter for letter, and how it counts."""

    lines: tuple[RecordLine, ...]
    json: str
    counted: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """One field of the record: what was asked, what it holds."""

    code: str
    asked: str
    stored: str


def tagger() -> Tagger:
    """From values to causes, as the worker will do it."""
    found: Tagger = current_app.extensions["feedback_tagger"]
    return found


def make_record(place: Place, envelope: Envelope, respondent: str) -> Record:
    """The record of an answer that was not sent yet."""
    lines = place.definition.record(envelope.values, place.language, place.catalogue)
    if place.is_named:
        lines.insert(0, RecordLine(_("Your name or customer number"), respondent))
    return Record(
        lines=tuple(lines),
        json=_spell(place, envelope.document(), respondent),
        counted=_count(place, envelope),
    )


def make_layout(place: Place) -> list[LayoutRow]:
    """Every field an answer of this survey can have, in the order of the questions."""
    return [
        LayoutRow(each.code, say(each.text, place.language), _holds(each))
        for each in place.definition.questions
        if each.is_answerable
    ]


def make_example(place: Place) -> str:
    """A record of this survey, letter for letter, with an answer to every question."""
    values = {
        each.code: _sample(each, place) for each in place.definition.questions if each.is_answerable
    }
    envelope = Envelope(place.version_id, place.language, values)
    return _spell(place, envelope.document(), _("12345"))


def _spell(place: Place, document: Mapping[str, Any], respondent: str) -> str:
    whole = {RESPONDENT: respondent, **document} if place.is_named else document
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _count(place: Place, envelope: Envelope) -> tuple[Counted, ...]:
    tags = tagger()(envelope.values)
    headings = {
        side: say(texts, place.language)
        for question in place.definition.questions
        if isinstance(question, ThreeSidesQuestion)
        for side, texts in question.headings.items()
    }
    found = [cause for cause in place.catalogue.causes if cause.code in tags.causes]
    return tuple(
        Counted(
            headings.get(cause.side) or place.catalogue.side_short(cause.side, place.language),
            cause.label(place.language),
            cause.code == tags.primary,
        )
        for cause in found
    )


def _holds(question: Question) -> str:
    words = _("your own words, up to %(num)s characters", num=LONGEST_OTHER)
    match question:
        case CausesQuestion():
            codes = _("codes of the reasons you ticked, the code of the one that decided it")
            held = f"{codes}; {words}"
        case RankingQuestion():
            codes = _("codes of the reasons you ticked, and their order")
            held = f"{codes}; {words}"
        case PredictionQuestion():
            held = _("per reason you ticked a whole number from 0 to 100")
        case OptionsQuestion():
            has_line = any(option.with_text for option in question.options)
            held = _("codes of what you chose") + (f"; {words}" if has_line else "")
        case CompetitorQuestion():
            held = _(
                "the name you write, up to %(num)s characters, or that you rather not say",
                num=LONGEST_COMPETITOR,
            )
        case RatingQuestion():
            most = question.points
            held = _("per row a number from 1 to %(num)s, or “na”: does not apply", num=most)
        case ScaleQuestion():
            held = _(
                "a number from %(low)s to %(high)s", low=question.lowest, high=question.highest
            )
        case TextQuestion():
            held = _("your own words, up to %(num)s characters", num=question.longest)
        case _other:
            held = _("your answer")
    return str(held)


def _sample(question: Question, place: Place) -> Value:
    sample: Value = "…"
    match question:
        case CausesQuestion():
            ticked = [cause.code for cause in place.catalogue.tickable()[:2]]
            sample = {"ticked": ticked, "decided": next(iter(ticked), None)}
        case RankingQuestion():
            ticked = [cause.code for cause in place.catalogue.tickable()[:2]]
            sample = {"ticked": ticked, "ranked": ticked[::-1]}
        case PredictionQuestion():
            sample = {cause.code: 30 for cause in place.catalogue.tickable()[:2]}
        case SingleQuestion():
            sample = {"choice": question.options[0].code}
        case MultipleQuestion():
            sample = {"choices": [option.code for option in question.options[:2]]}
        case CompetitorQuestion():
            sample = {"rather_not": True}
        case RatingQuestion():
            sample = {row.code: question.points - 1 for row in question.rows}
        case ScaleQuestion():
            sample = (question.lowest + question.highest) // 2
        case _other:
            pass
    return sample
