"""Any survey that the editor can make, and any answer to it, for hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from feedback_app.causes.queries import get_starter
from feedback_app.causes.rules import Catalogue
from feedback_app.surveys.rules import SurveyDefinition
from feedback_app.surveys.rules.causes import PredictionQuestion, ThreeSidesQuestion
from feedback_app.surveys.rules.choices import CompetitorQuestion, OptionsQuestion
from feedback_app.surveys.rules.question import Question
from feedback_app.surveys.rules.scales import RatingQuestion, ScaleQuestion
from feedback_app.surveys.rules.shapes import SHAPES, SIDES
from feedback_app.surveys.rules.texts import TextQuestion

CATALOGUE = Catalogue(get_starter().causes, 1)
LANGUAGES = ("en", "ru", "uk")
LETTERS = st.characters(
    codec="utf-8", categories=("L", "N", "P", "S"), include_characters=" «»’<&\"'"
)
LINE = st.text(LETTERS, min_size=1, max_size=30).map(lambda it: it.strip() or "?")
CODES = [f"{stem}_{number}" for stem in ("q", "nps", "price", "why") for number in range(6)]


def texts(languages: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(dict.fromkeys(languages, LINE))


@st.composite
def surveys(draw: st.DrawFn, most: int = 8) -> dict[str, Any]:
    """A survey's document, ready to open."""
    languages = tuple(draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, unique=True)))
    if "en" not in languages:
        languages = ("en", *languages)
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=most, unique=True))
    document: dict[str, Any] = {
        "title": draw(texts(languages)),
        "languages": list(languages),
        "question": [],
    }
    for code in codes:
        document["question"].append(draw(questions(code, document["question"], languages)))
    if all(each["kind"] == "statement" for each in document["question"]):
        document["question"].append(
            {"code": "last", "kind": "text", "max": 50, "text": draw(texts(languages))}
        )
    return document


@st.composite
def questions(
    draw: st.DrawFn, code: str, earlier: list[dict[str, Any]], languages: tuple[str, ...]
) -> dict[str, Any]:
    """One question of any kind, perhaps depending on an earlier one."""
    with_causes = [each["code"] for each in earlier if SHAPES[each["kind"]].has_headings]
    kinds = [kind for kind in SHAPES if kind != "prediction" or with_causes]
    kind = draw(st.sampled_from(kinds))
    shape = SHAPES[kind]
    question: dict[str, Any] = {"code": code, "kind": kind, "text": draw(texts(languages))}
    if draw(st.booleans()):
        question["hint"] = draw(texts(languages))
    question |= {name: draw(texts(languages)) for name in shape.needed}
    question |= {name: draw(texts(languages)) for name in shape.texts if draw(st.booleans())}
    if shape.has_headings:
        question["headings"] = {side: draw(texts(languages)) for side in SIDES}
    if shape.items:
        question[shape.items] = draw(_items(kind, languages))
    for number in shape.numbers:
        question[number.name] = draw(st.integers(number.least, number.most))
    if kind == "prediction":
        question["of"] = draw(st.sampled_from(with_causes))
    elif kind != "statement" and draw(st.integers(0, 5)) == 0:
        question["required"] = True
    if len(earlier) > 0 and draw(st.booleans()):
        condition = draw(conditions(draw(st.sampled_from(earlier))))
        question |= {"show_if": condition} if condition else {}
    return question


@st.composite
def _items(draw: st.DrawFn, kind: str, languages: tuple[str, ...]) -> list[dict[str, Any]]:
    shape = SHAPES[kind]
    number = draw(st.integers(shape.least_items, 5))
    items: list[dict[str, Any]] = [{"text": draw(texts(languages))} for _ in range(number)]
    if shape.has_codes:
        items = [{"code": f"o{place}", **item} for place, item in enumerate(items)]
    for flag in shape.flags:
        if draw(st.booleans()):
            items[-1][flag] = True
    return items


@st.composite
def conditions(draw: st.DrawFn, asked: dict[str, Any]) -> dict[str, Any] | None:
    """What an answer to `asked` can make another question depend on, None when nothing can."""
    shape = SHAPES[asked["kind"]]
    condition: dict[str, Any] = {"question": asked["code"]}
    if shape.has_headings:
        if draw(st.booleans()):
            return condition | {"any_side": draw(st.sampled_from(SIDES))}
        some = st.lists(st.sampled_from(CATALOGUE.codes()), min_size=1, max_size=3, unique=True)
        return condition | {"any_of": draw(some)}
    if asked["kind"] in ("single", "multiple"):
        codes = [item["code"] for item in asked["option"]]
        return condition | {
            "any_of": draw(st.lists(st.sampled_from(codes), min_size=1, unique=True))
        }
    ends = shape.ends or (asked.get("min", 0), asked.get("max", 10))
    if asked["kind"] in ("scale", "nps", "csat", "ces"):
        end = draw(st.sampled_from(("at_least", "at_most")))
        return condition | {end: draw(st.integers(*ends))}
    return None


@st.composite
def forms(draw: st.DrawFn, definition: SurveyDefinition) -> dict[str, list[str]]:
    """What somebody who answers some of it sends: every answer one that the page offers."""
    form: dict[str, list[str]] = {}
    for question in definition.questions:
        if question.required or draw(st.integers(0, 3)):
            form |= draw(_sent(question, form))
    return form


@st.composite
def _sent(draw: st.DrawFn, question: Question, form: dict[str, list[str]]) -> dict[str, list[str]]:
    match question:
        case ThreeSidesQuestion():
            causes = st.sampled_from(CATALOGUE.codes())
            most = getattr(question, "most", 6)
            ticked = draw(st.lists(causes, min_size=1, max_size=most, unique=True))
            placed = zip(question.deciders(), ticked, strict=False)
            return {question.code: ticked, **{field: [cause] for field, cause in placed}}
        case PredictionQuestion():
            percent = st.integers(0, 100).map(str)
            return {question.field_of(it): [draw(percent)] for it in form.get(question.of, [])}
        case OptionsQuestion():
            chosen = draw(st.sampled_from(question.options)).code
            return {question.code: [chosen], f"{question.code}.text": [draw(LINE)]}
        case RatingQuestion():
            number = st.integers(1, question.points).map(str)
            return {field: [draw(number)] for field in question.fields()}
        case _one_field:
            return draw(_sent_alone(question))


@st.composite
def _sent_alone(draw: st.DrawFn, question: Question) -> dict[str, list[str]]:
    match question:
        case ScaleQuestion():
            number = st.integers(question.lowest, question.highest).map(str)
            return {question.code: [draw(number)]}
        case TextQuestion() | CompetitorQuestion():
            return {question.code: [draw(LINE)[:10]]}
        case _statement:
            return {}
