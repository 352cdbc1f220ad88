"""What was typed into the editor, read into a survey's document.

Nothing typed is ever dropped: what is no number stays as it was written, beside its fault, and
texts in languages that the form does not show are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from feedback_app.foundation.rules import N_
from feedback_app.surveys.rules.checking import Fault
from feedback_app.surveys.rules.editing import make_code
from feedback_app.surveys.rules.question import Form, read_text
from feedback_app.surveys.rules.shapes import LONG_TEXTS, SHAPES, SIDES, SURVEY_TEXTS

LONGEST_TYPED = 5000  # read before it is judged: a text is refused, never cut
MOST_READ = 200
STEPS = ("add", "remove", "up", "down")


def read_survey_texts(
    form: Form, kept: Mapping[str, Any], languages: Sequence[str]
) -> dict[str, Any]:
    """The survey's title, introduction, thanks and offered languages, as typed."""
    document = dict(kept)
    for name in SURVEY_TEXTS:
        document[name] = _read_texts(form, name, kept.get(name, {}), languages)
    document["languages"] = [each for each in languages if each in form.get("languages", ())]
    return document


def read_question(
    form: Form, kept: Mapping[str, Any], languages: Sequence[str]
) -> tuple[dict[str, Any], list[Fault]]:
    """The question as typed into the form of `kept`, and what is no number."""
    kind = str(kept["kind"])
    shape = SHAPES[kind]
    faults: list[Fault] = []
    question: dict[str, Any] = {"code": _first(form, "code") or str(kept["code"]), "kind": kind}
    if form.get("required"):
        question["required"] = True
    for name in ("text", "hint", *shape.all_texts):
        question[name] = _read_texts(form, name, kept.get(name, {}), languages)
    if shape.has_headings:
        headings = kept.get("headings", {})
        question["headings"] = {
            side: _read_texts(form, f"headings.{side}", headings.get(side, {}), languages)
            for side in SIDES
        }
    for number in shape.numbers:
        question[number.name] = _read_number(form, number.name, number.usual, question, faults)
    if kind == "prediction":
        question["of"] = _first(form, "of") or kept.get("of", "")
    if shape.items:
        question[shape.items] = _read_items(form, shape.items, kept, languages)
    if condition := _read_condition(form, question, faults):
        question["show_if"] = condition
    return question, faults


def change_items(question: Mapping[str, Any], step: str) -> dict[str, Any] | None:
    """The question after a button beside its list: "add:option", "remove:option:2", "up:…".

    None when `step` is none of these buttons.
    """
    act, _, rest = step.partition(":")
    key, _, number = rest.partition(":")
    if act not in STEPS or not key or key != SHAPES[question["kind"]].items:
        return None
    items = [dict(each) for each in question.get(key, ())]
    at = int(number) if number.isdecimal() else len(items)
    if act == "add":
        items.append(
            {"code": "", "text": {}} if SHAPES[question["kind"]].has_codes else {"text": {}}
        )
    elif at < len(items):
        item = items.pop(at)
        if act != "remove":
            items.insert(max(0, at + (-1 if act == "up" else 1)), item)
    return {**question, key: items}


def give_codes(question: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    """The question with a code for every item that has none yet, in the spirit of its text."""
    shape = SHAPES[question["kind"]]
    if not shape.items or not shape.has_codes:
        return dict(question)
    items = [dict(each) for each in question.get(shape.items, ())]
    taken = {str(item["code"]) for item in items if item["code"]}
    for item in items:
        if not item["code"]:
            words = item["text"].get("en") or _any_text(item["text"], languages)
            item["code"] = make_code(words, taken, otherwise=shape.items)
            taken.add(item["code"])
    return {**question, shape.items: items}


def _read_items(
    form: Form, key: str, kept: Mapping[str, Any], languages: Sequence[str]
) -> list[dict[str, Any]]:
    shape = SHAPES[str(kept["kind"])]
    pattern = re.compile(rf"{key}\.(\d{{1,3}})\.")
    places = sorted({int(found[1]) for name in form if (found := pattern.match(name))})
    known = {str(each.get("code", "")): each for each in kept.get(key, ())}
    items = []
    for place in places[:MOST_READ]:
        code = _first(form, f"{key}.{place}.code")
        before = known.get(code, {}) if code else {}
        item: dict[str, Any] = {"code": code} if shape.has_codes else {}
        name = f"{key}.{place}.text"
        item["text"] = _read_texts(form, name, before.get("text", {}), languages)
        item |= {flag: True for flag in shape.flags if form.get(f"{key}.{place}.{flag}")}
        items.append(item)
    return items


def _read_condition(
    form: Form, question: Mapping[str, Any], faults: list[Fault]
) -> dict[str, Any] | None:
    asked = _first(form, "show_if.question")
    if not asked:
        return None
    condition: dict[str, Any] = {"question": asked}
    if chosen := [code for code in form.get(f"show_if.any_of.{asked}", ()) if code]:
        condition["any_of"] = chosen
    if side := _first(form, f"show_if.any_side.{asked}"):
        condition["any_side"] = side
    for end in ("at_least", "at_most"):
        name = f"show_if.{end}.{asked}"
        if _first(form, name):
            condition[end] = _read_number(form, name, 0, question, faults)
    return condition


def _read_number(
    form: Form, name: str, usual: int, question: Mapping[str, Any], faults: list[Fault]
) -> int | str:
    typed = _first(form, name)
    if not typed:
        return usual
    if re.fullmatch(r"-?[0-9]{1,6}", typed):
        return int(typed)
    sentence = N_("“%(given)s” is no whole number.")
    faults.append(Fault(str(question["code"]), name, sentence, {"given": typed}))
    return typed


def _read_texts(
    form: Form, name: str, kept: Mapping[str, str], languages: Sequence[str]
) -> dict[str, str]:
    texts = dict(kept)
    for language in languages:
        typed, _problems = read_text(form, f"{name}.{language}", LONGEST_TYPED)
        is_long = name.rpartition(".")[-1] in LONG_TEXTS
        texts[language] = typed if is_long else " ".join(typed.split())
    return texts


def _any_text(texts: Mapping[str, str], languages: Sequence[str]) -> str:
    return next((texts[each] for each in languages if texts.get(each)), "")


def _first(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "").strip()
