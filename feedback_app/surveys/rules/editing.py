"""Changing a survey's document: add, copy, move, remove questions, set texts.

A document is never changed in place: every step returns a new one. Nothing here judges; what a
document may not hold is found by `checking`.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from feedback_app.foundation.rules import N_, spell_in_latin
from feedback_app.surveys.rules.shapes import RESERVED
from feedback_app.surveys.rules.survey import UnableToChangeSurvey

Document = dict[str, Any]
LONGEST_CODE = 30


def find_question(document: Mapping[str, Any], code: str) -> Document | None:
    """The stored form of the question, None when there is none."""
    found: Document | None = next(
        (each for each in document.get("question", ()) if each["code"] == code), None
    )
    return found


def list_codes(document: Mapping[str, Any]) -> list[str]:
    """The questions' codes in order."""
    return [str(each["code"]) for each in document.get("question", ())]


def make_code(words: str, taken: Collection[str], *, otherwise: str) -> str:
    """A code in the spirit of `words` that is not `taken`; Cyrillic is spelled in Latin."""
    stem = "_".join(spell_in_latin(words)[:4])[:LONGEST_CODE].strip("_").lstrip("0123456789_")
    stem = stem or otherwise
    code, number = stem, 1
    while code in taken or code in RESERVED:
        number += 1
        code = f"{stem}_{number}"
    return code


def add_question(document: Mapping[str, Any], question: Mapping[str, Any]) -> Document:
    """The document with `question` at its end."""
    return _with_questions(document, [*document.get("question", ()), question])


def copy_question(document: Mapping[str, Any], code: str) -> tuple[Document, str]:
    """The document with a copy of the question after it, and the copy's code."""
    original = _get(document, code)
    new = make_code(code, list_codes(document), otherwise="question")
    questions = list(document["question"])
    at = list_codes(document).index(code) + 1
    questions.insert(at, {**copy.deepcopy(original), "code": new})
    return _with_questions(document, questions), new


def remove_question(document: Mapping[str, Any], code: str) -> Document:
    """The document without the question.

    Raises UnableToChangeSurvey while another question depends on it.
    """
    _get(document, code)
    waiting = [str(each["code"]) for each in document["question"] if code in _needs(each)]
    if waiting:
        raise UnableToChangeSurvey(
            N_("“%(others)s” depends on “%(code)s”; change that first."),
            others=", ".join(waiting),
            code=code,
        )
    rest = [each for each in document["question"] if each["code"] != code]
    return _with_questions(document, rest)


def move_question(document: Mapping[str, Any], code: str, by: int) -> Document:
    """The document with the question `by` places further down (negative: up)."""
    _get(document, code)
    codes = list_codes(document)
    at = codes.index(code)
    codes.insert(max(0, at + by), codes.pop(at))
    return order_questions(document, codes)


def order_questions(document: Mapping[str, Any], codes: Sequence[str]) -> Document:
    """The document with its questions in the order of `codes`.

    Raises UnableToChangeSurvey when it names other questions than there are, or would put one
    before what it depends on.
    """
    known = {str(each["code"]): each for each in document.get("question", ())}
    if sorted(codes) != sorted(known):
        raise UnableToChangeSurvey(
            N_("The questions have changed meanwhile; look at them again, then put them in order.")
        )
    seen: set[str] = set()
    for code in codes:
        for needed in _needs(known[code]) - seen:
            raise UnableToChangeSurvey(
                N_("“%(code)s” depends on “%(needed)s”, which must stand before it."),
                code=code,
                needed=needed,
            )
        seen.add(code)
    return _with_questions(document, [known[code] for code in codes])


def put_question(document: Mapping[str, Any], code: str, question: Mapping[str, Any]) -> Document:
    """The document with `question` in the place of the one called `code`.

    A changed code is changed wherever another question names it.
    """
    _get(document, code)
    new = str(question["code"])
    questions = [
        question if each["code"] == code else _renamed(each, code, new)
        for each in document["question"]
    ]
    return _with_questions(document, questions)


def offer_languages(document: Mapping[str, Any], languages: Iterable[str]) -> Document:
    """The document offered in `languages`; texts in other ones stay for later."""
    return {**document, "languages": list(languages)}


def _renamed(question: Mapping[str, Any], code: str, new: str) -> Mapping[str, Any]:
    if code == new or code not in _needs(question):
        return question
    changed = copy.deepcopy(dict(question))
    if changed.get("of") == code:
        changed["of"] = new
    if (changed.get("show_if") or {}).get("question") == code:
        changed["show_if"]["question"] = new
    return changed


def _needs(question: Mapping[str, Any]) -> set[str]:
    """Codes of the questions that this one depends on."""
    shown = question.get("show_if") or {}
    return {str(code) for code in (shown.get("question"), question.get("of")) if code}


def _with_questions(
    document: Mapping[str, Any], questions: Iterable[Mapping[str, Any]]
) -> Document:
    return {**document, "question": [dict(each) for each in questions]}


def _get(document: Mapping[str, Any], code: str) -> Document:
    found = find_question(document, code)
    if found is None:
        raise UnableToChangeSurvey(N_("There is no question “%(code)s”."), code=code)
    return found
