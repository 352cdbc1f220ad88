"""Advice on method for who writes a survey: what usually spoils answers, found by rules.

Advice, never a refusal: a rule knows words, not meaning. Where each rule comes from is said in
docs/survey-method.md. Word lists exist for English, Russian and Ukrainian; other languages get
the advice that needs no words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from feedback_app.causes.rules import Catalogue
from feedback_app.surveys.rules.shapes import SHAPES, list_question_wordings

#: Silent reading, words a minute (Brysbaert 2019).
WORDS_A_MINUTE = 238
#: Seconds to answer, beside the reading; small studies differ, so they only compare surveys.
SECONDS = {
    "causes": 15, "ranking": 30, "prediction": 25, "single": 4, "multiple": 6, "competitor": 8,
    "scale": 4, "nps": 4, "csat": 3, "ces": 4, "short_text": 12, "text": 25, "statement": 0,
}  # fmt: skip
SECONDS_PER_ROW = 3
LONG_MINUTES = 5
LONG_QUESTION_WORDS = 25
MANY_LONG_TEXTS = 3

JOINED = {
    "en": r"\b(and|or)\b",
    "ru": r"\b(и|или|а также)\b",
    "uk": r"\b(і|й|та|або|а також)\b",
}
LEADING = {
    "en": r"\b(too|unfortunately|obviously|of course|problem\w*|disappoint\w*|dissatisf\w*|terrible"
    r"|excellent|amazing|fail\w*|don[’']t you|isn[’']t it|how (good|great|bad|much better))\b",
    "ru": r"\b(слишком|к сожалению|конечно|очевидно|проблем\w*|разочаров\w*|недовол\w*|ужасн\w*"
    r"|отличн\w*|прекрасн\w*|не правда ли|ведь|насколько (хорош\w*|плох\w*))\b",
    "uk": r"\b(надто|занадто|на жаль|звісно|звичайно|очевидно|проблем\w*|розчаров\w*|незадовол\w*"
    r"|жахлив\w*|чудов\w*|чи не так|адже|наскільки (добр\w*|поган\w*))\b",
}
GOOD = {
    "en": r"\b(excellent|very good|good|great|satisfied|agree|likely|easy|always|often)\b",
    "ru": r"\b(отлично|хорошо|доволен|довольны|согласен|согласны|легко|всегда|часто)\b",
    "uk": r"\b(відмінно|добре|задоволений|задоволені|згоден|згодні|легко|завжди|часто)\b",
}
BAD = {
    "en": r"\b(awful|poor|bad|dissatisfied|disagree|unlikely|hard|difficult|never|rarely)\b",
    "ru": r"\b(ужасно|плохо|недоволен|недовольны|не согласен|не согласны|трудно|сложно"
    r"|никогда|редко)\b",
    "uk": r"\b(жахливо|погано|незадоволений|незадоволені|не згоден|не згодні|важко"
    r"|складно|ніколи|рідко|зрідка)\b",
}
RECOMMEND = {"en": r"\brecommend", "ru": r"\b(по)?рекоменд", "uk": r"\b(по)?рекоменд"}


class Rule(StrEnum):
    """What the advice is about; pages word it."""

    JOINS_TWO = "joins-two"
    LEADS = "leads"
    LONG_QUESTION = "long-question"
    NO_WAY_OUT = "no-way-out"
    UNBALANCED = "unbalanced"
    UNEVEN_ENDS = "uneven-ends"
    NO_MIDDLE = "no-middle"
    OWN_NPS = "own-nps"
    MANY_REQUIRED = "many-required"
    MANY_TEXTS = "many-texts"
    TOO_LONG = "too-long"
    REQUIRED_TEXT = "required-text"


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice: the question ("" = the whole survey), the rule, what it saw."""

    question: str
    rule: Rule
    facts: Mapping[str, object] = field(default_factory=dict)


def estimate_minutes(document: Mapping[str, Any], language: str, catalogue: Catalogue) -> float:
    """How long the whole survey takes to read and answer; follow-ups are counted by half."""
    words = _count(str(document.get(name, {}).get(language, "")) for name in ("title", "intro"))
    minutes = words / WORDS_A_MINUTE
    for question in document.get("question", ()):
        texts = [each.texts.get(language, "") for each in list_question_wordings(question)]
        if SHAPES[question["kind"]].has_headings:
            texts += [catalogue.label(cause.code, language) for cause in catalogue.tickable()]
        rows = len(question.get("row", ()))
        seconds = SECONDS_PER_ROW * rows if rows else SECONDS.get(question["kind"], 0)
        whole = _count(texts) / WORDS_A_MINUTE + seconds / 60
        minutes += whole / 2 if question.get("show_if") else whole
    return minutes


def advise(document: Mapping[str, Any], language: str, catalogue: Catalogue) -> list[Advice]:
    """Everything worth a second look, question by question, then the survey as a whole."""
    questions = document.get("question", ())
    advice = [each for question in questions for each in _look_at(question, language)]
    required = [each for each in questions if each.get("required")]
    answerable = [each for each in questions if each["kind"] != "statement"]
    if len(required) > 1 and len(required) * 2 > len(answerable):
        facts = {"required": len(required), "questions": len(answerable)}
        advice.append(Advice("", Rule.MANY_REQUIRED, facts))
    texts = [each for each in questions if each["kind"] == "text"]
    if len(texts) > MANY_LONG_TEXTS:
        advice.append(Advice("", Rule.MANY_TEXTS, {"texts": len(texts)}))
    minutes = estimate_minutes(document, language, catalogue)
    if minutes > LONG_MINUTES:
        advice.append(Advice("", Rule.TOO_LONG, {"minutes": round(minutes)}))
    return advice


def _look_at(question: Mapping[str, Any], language: str) -> Iterator[Advice]:
    code, kind = str(question["code"]), question["kind"]
    asked = str(question.get("text", {}).get(language, ""))
    is_standard = kind in ("nps", "statement")  # worded elsewhere, or no question at all
    if not is_standard and (found := _find(JOINED, language, asked)):
        yield Advice(code, Rule.JOINS_TWO, {"word": found})
    if kind != "statement" and (found := _find(LEADING, language, asked)):
        yield Advice(code, Rule.LEADS, {"word": found})
    if kind != "statement" and len(asked.split()) > LONG_QUESTION_WORDS:
        yield Advice(code, Rule.LONG_QUESTION, {"words": len(asked.split())})
    if kind == "scale" and _find(RECOMMEND, language, asked):
        yield Advice(code, Rule.OWN_NPS)
    if question.get("required") and kind in ("text", "short_text"):
        yield Advice(code, Rule.REQUIRED_TEXT)
    yield from _look_at_choices(question, language)
    yield from _look_at_scale(question, language)


def _look_at_choices(question: Mapping[str, Any], language: str) -> Iterator[Advice]:
    code, kind = str(question["code"]), question["kind"]
    options = question.get("option", ())
    texts = [str(option.get("text", {}).get(language, "")) for option in options]
    good = sum(
        bool(_find(GOOD, language, text) and not _find(BAD, language, text)) for text in texts
    )
    bad = sum(bool(_find(BAD, language, text)) for text in texts)
    is_scale = good + bad >= 2  # noqa: PLR2004  one such word alone is no scale
    if is_scale and good != bad:
        yield Advice(code, Rule.UNBALANCED, {"good": good, "bad": bad})
    has_way_out = any(each.get("with_text") or each.get("stands_alone") for each in options)
    if kind in ("single", "multiple") and not has_way_out and not is_scale:
        yield Advice(code, Rule.NO_WAY_OUT)
    if kind == "rating" and not any(question.get("not_applicable", {}).values()):
        yield Advice(code, Rule.NO_WAY_OUT)


def _look_at_scale(question: Mapping[str, Any], language: str) -> Iterator[Advice]:
    code = str(question["code"])
    low, high = (str(question.get(end, {}).get(language, "")) for end in ("low", "high"))
    is_standard = question["kind"] == "nps"
    is_uneven = abs(len(low.split()) - len(high.split())) > 1 and not is_standard
    if bool(low) != bool(high) or is_uneven:
        yield Advice(code, Rule.UNEVEN_ENDS, {"low": low, "high": high})
    points = question.get("points")
    if question["kind"] == "rating" and isinstance(points, int) and points % 2 == 0:
        yield Advice(code, Rule.NO_MIDDLE, {"points": points})


def _find(patterns: Mapping[str, str], language: str, text: str) -> str:
    pattern = patterns.get(language)
    found = re.search(pattern, text, re.IGNORECASE) if pattern else None
    return found[0] if found else ""


def _count(texts: Any) -> int:
    return sum(len(text.split()) for text in texts)
