"""What the stored form of each question kind holds: texts, lists, numbers.

The editor's forms, the completeness meter and the published schema follow this one table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

#: Question and option codes: small Latin letters, digits, underscores. A dot parts a question
#: from its fields, so it stands in no code.
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: Names that a respondent's form uses for itself.
RESERVED = frozenset({"token", "step", "respondent", "lang", "csrf_token"})

MOST_QUESTIONS = 100
MOST_ITEMS = 40
LONGEST_LINE, LONGEST_HINT = 300, 600
SURVEY_TEXTS = ("title", "intro", "thanks")
SIDES = ("competitor", "company", "client")
#: Texts that may be longer than one line.
LONG_TEXTS = frozenset({"hint", "intro", "thanks", "decided_hint"})


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number of a question: its name, what it is when nobody says, and its bounds."""

    name: str
    usual: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind holds beside code, text, hint, required and show_if.

    `needed` texts must be written, the others may be. `items` is the key of its list (options,
    rows, places) with the least number of them; `has_codes`: whether items carry codes.
    """

    needed: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    items: str = ""
    least_items: int = 0
    has_codes: bool = True
    flags: tuple[str, ...] = ()
    has_headings: bool = False
    numbers: tuple[Number, ...] = ()
    ends: tuple[int, int] | None = None

    @property
    def all_texts(self) -> tuple[str, ...]:
        """Every text of the kind's own, the needed ones first."""
        return (*self.needed, *self.texts)


_ENDS = ("low", "high")
SHAPES: dict[str, Shape] = {
    "causes": Shape(needed=("decided",), texts=("decided_hint", "other"), has_headings=True),
    "ranking": Shape(
        texts=("other",),
        has_headings=True,
        items="place",
        least_items=1,
        has_codes=False,
        numbers=(Number("most", 5, 1, 29),),
    ),
    "prediction": Shape(),
    "single": Shape(items="option", least_items=2, flags=("with_text",)),
    "multiple": Shape(items="option", least_items=2, flags=("with_text", "stands_alone")),
    "competitor": Shape(needed=("rather_not",)),
    "rating": Shape(
        needed=_ENDS,
        texts=("not_applicable",),
        items="row",
        least_items=1,
        numbers=(Number("points", 5, 2, 10),),
    ),
    "scale": Shape(needed=_ENDS, numbers=(Number("min", 0, 0, 1), Number("max", 10, 2, 10))),
    "nps": Shape(needed=_ENDS, ends=(0, 10)),
    "csat": Shape(needed=_ENDS, ends=(1, 5)),
    "ces": Shape(needed=_ENDS, ends=(1, 7)),
    "short_text": Shape(numbers=(Number("max", 120, 10, 200),)),
    "text": Shape(numbers=(Number("max", 1000, 50, 4000),)),
    "statement": Shape(),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """One text of a survey and where it stands: the question's code ("" = the survey's own),
    the way to it inside the question, its languages, and whether it must be written."""

    question: str
    path: tuple[str | int, ...]
    texts: Mapping[str, str]
    is_needed: bool

    @property
    def field(self) -> str:
        """The name of its field in the editor: the way joined by dots."""
        return ".".join(map(str, self.path))

    def is_wanted(self) -> bool:
        """True when a language without it is not complete."""
        return self.is_needed or any(text.strip() for text in self.texts.values())


def list_wordings(document: Mapping[str, Any]) -> Iterator[Wording]:
    """Every text of a survey, in the order of its page."""
    for name in SURVEY_TEXTS:
        yield Wording("", (name,), document.get(name, {}), name == "title")
    for question in document.get("question", ()):
        yield from list_question_wordings(question)


def list_question_wordings(question: Mapping[str, Any]) -> Iterator[Wording]:
    """Every text of a question."""
    code, shape = str(question["code"]), SHAPES[question["kind"]]
    for name in ("text", "hint", *shape.all_texts):
        is_needed = name == "text" or name in shape.needed
        yield Wording(code, (name,), question.get(name, {}), is_needed)
    if shape.has_headings:
        for side in SIDES:
            texts = question.get("headings", {}).get(side, {})
            yield Wording(code, ("headings", side), texts, is_needed=True)
    if shape.items:
        for place, item in enumerate(question.get(shape.items, ())):
            yield Wording(code, (shape.items, place, "text"), item.get("text", {}), is_needed=True)


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of a survey is written in one language."""

    language: str
    written: int
    wanted: int
    missing: tuple[Wording, ...]

    @property
    def is_complete(self) -> bool:
        """True when nothing is missing."""
        return self.written == self.wanted

    @property
    def percent(self) -> int:
        """Written texts among the wanted ones; 100 only when nothing is missing."""
        return 100 * self.written // self.wanted if self.wanted else 100


def measure_completeness(document: Mapping[str, Any], language: str) -> Completeness:
    """What is written and what is missing in `language`."""
    wanted = [each for each in list_wordings(document) if each.is_wanted()]
    missing = tuple(each for each in wanted if not each.texts.get(language, "").strip())
    return Completeness(language, len(wanted) - len(missing), len(wanted), missing)
