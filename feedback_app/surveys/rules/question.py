"""What every question kind shares: its texts, when it is shown, how problems are told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from feedback_app.causes.rules import Catalogue

#: language -> text. `say` falls back to English, then to any text there is.
Texts = Mapping[str, str]
#: field name -> everything that was sent under it, as browsers send forms.
Form = Mapping[str, Sequence[str]]
#: What one question stores: JSON values only. None = not answered.
Value = Any
#: question code -> value, answered questions only.
Values = Mapping[str, Value]

#: Bytes reserved for one character of free text. Cyrillic takes two in UTF-8, and answers
#: are compressed before they are sealed, which more than halves a long text.
BYTES_PER_CHARACTER = 1

#: Quotes, colon, comma, braces and a number around a code.
BYTES_BESIDE_CODE = 12

#: Holds the parts of one emoji together, so it is kept although nothing prints.
JOINER = "\u200d"


def say(texts: Texts, language: str) -> str:
    """The text in `language`, else English, else whatever exists, else nothing."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


class ProblemKind(StrEnum):
    """Why something sent can not be taken; pages word it in the reader's language."""

    MISSING = "missing"
    TOO_LONG = "too-long"
    UNKNOWN_OPTION = "unknown-option"
    NOT_A_NUMBER = "not-a-number"
    ALTOGETHER_TOO_LONG = "altogether-too-long"
    NOT_TICKED = "not-ticked"
    TOO_MANY = "too-many"
    TWICE = "twice"
    NOT_A_PERCENT = "not-a-percent"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend, beside one field. `limit` and `given` count characters."""

    field: str
    kind: ProblemKind
    limit: int = 0
    given: int = 0


@dataclass(frozen=True, slots=True)
class ShowIf:
    """A question applies only when an earlier one was answered so.

    By choosing: one of `any_of` (causes, options) or any cause of `any_side`; by a number:
    from `at_least` to `at_most`, either end may be left open.
    """

    question: str
    any_of: tuple[str, ...] = ()
    any_side: str | None = None
    at_least: int | None = None
    at_most: int | None = None

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> ShowIf:
        """The condition in its stored form."""
        lowest, highest = document.get("at_least"), document.get("at_most")
        return cls(
            question=str(document["question"]),
            any_of=tuple(document.get("any_of", ())),
            any_side=document.get("any_side"),
            at_least=None if lowest is None else int(lowest),
            at_most=None if highest is None else int(highest),
        )

    @property
    def has_range(self) -> bool:
        """True when it asks for a number."""
        return self.at_least is not None or self.at_most is not None

    def takes(self, number: int) -> bool:
        """True when `number` lies in the range."""
        return (
            self.has_range
            and (self.at_least is None or number >= self.at_least)
            and (self.at_most is None or number <= self.at_most)
        )

    def names(self, code: str) -> bool:
        """True when choosing `code` makes the question apply."""
        return code in self.any_of or (
            self.any_side is not None and code.partition(".")[0] == self.any_side
        )

    def holds(self, values: Values) -> bool:
        """True when `values` make the question apply."""
        answered = values.get(self.question)
        if isinstance(answered, dict):
            return any(self.names(code) for code in chosen(answered))
        return isinstance(answered, int) and self.takes(answered)


def chosen(value: Mapping[str, Any]) -> Sequence[str]:
    """The codes inside the value of a question that is answered by choosing."""
    held: Sequence[str] = value.get("ticked") or value.get("choices") or ()
    return held or ([value["choice"]] if value.get("choice") else ())


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One line of the record as people read it: what was asked, what is stored."""

    asked: str
    stored: str


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """One question. A kind knows its form fields, what it stores and how it reads back."""

    kind: ClassVar[str]
    code: str
    text: Texts
    hint: Texts = field(default_factory=dict)
    required: bool = False
    show_if: ShowIf | None = None

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Question:
        """Build the question from its stored form; KeyError or TypeError if it is not one."""
        return cls(**cls._common(document), **cls._own(document))

    @classmethod
    def _common(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        shown = document.get("show_if")
        return {
            "code": str(document["code"]),
            "text": dict(document["text"]),
            "hint": dict(document.get("hint", {})),
            "required": bool(document.get("required", False)),
            "show_if": None if shown is None else ShowIf.from_document(shown),
        }

    @classmethod
    def _own(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    @abstractmethod
    def fields(self) -> tuple[str, ...]:
        """Names of the form fields this question reads, the first one gets its errors."""

    @abstractmethod
    def read(self, form: Form, catalogue: Catalogue) -> tuple[Value, list[Problem]]:
        """The value that was sent (None = not answered) and what is wrong with it."""

    @abstractmethod
    def record(self, value: Value, language: str, catalogue: Catalogue) -> list[RecordLine]:
        """`value` in words, for the page that shows what will be stored."""

    def longest_texts(self) -> int:
        """Bytes that this question's free texts can take; sizes the sealed box."""
        return 0

    def longest_codes(self) -> int:
        """Bytes that the rest of its value can take: codes, numbers, punctuation."""
        return len(self.code) + BYTES_BESIDE_CODE

    def texts_of(self, value: Value) -> list[str]:
        """The free texts inside `value`."""
        return []

    def applies(self, values: Values) -> bool:
        """True when the question is to be asked, given the values before it."""
        return self.show_if is None or self.show_if.holds(values)

    def settled(self, value: Value, values: Values) -> Value:
        """`value` without what the answers before it make void."""
        del values  # most kinds stand for themselves
        return value

    @property
    def is_answerable(self) -> bool:
        """False for what is only read."""
        return True


def first(form: Form, name: str) -> str:
    """The single value sent under `name`, trimmed; "" when absent."""
    sent = form.get(name) or ("",)
    return sent[0].strip()


def read_text(form: Form, name: str, limit: int) -> tuple[str, list[Problem]]:
    """A free text: line ends and spaces are made plain, control characters dropped."""
    text = first(form, name).replace("\r\n", "\n").replace("\r", "\n")
    if not text.replace("\n", "").isprintable():
        text = "".join(_plain(letter) for letter in text).strip()
    if len(text) > limit:
        return text, [Problem(name, ProblemKind.TOO_LONG, limit=limit, given=len(text))]
    return text, []


def _plain(letter: str) -> str:
    if letter in {"\n", JOINER} or letter.isprintable():
        return letter
    return " " if letter.isspace() else ""


def missing(question: Question, value: Value) -> list[Problem]:
    """The problem of a required question without an answer."""
    if question.required and value is None:
        return [Problem(question.fields()[0], ProblemKind.MISSING)]
    return []
