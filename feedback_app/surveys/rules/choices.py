"""Questions answered by choosing: single, multiple, competitor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from feedback_app.causes.rules import Catalogue
from feedback_app.surveys.rules.question import (
    BYTES_BESIDE_CODE,
    BYTES_PER_CHARACTER,
    Form,
    Problem,
    ProblemKind,
    Question,
    RecordLine,
    Texts,
    Value,
    first,
    missing,
    read_text,
    say,
)

LONGEST_OTHER = 200
LONGEST_COMPETITOR = 80


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `with_text` offers a line to say what was meant.

    `stands_alone` marks "none of these": ticked beside another it is left out.
    """

    code: str
    text: Texts
    with_text: bool = False
    stands_alone: bool = False

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Option:
        """Build the option from its stored form."""
        return cls(
            str(document["code"]),
            dict(document["text"]),
            bool(document.get("with_text", False)),
            bool(document.get("stands_alone", False)),
        )


def codes_of(options: Sequence[Option]) -> int:
    """Bytes that the codes of `options` take in a value."""
    return sum(len(option.code) + BYTES_BESIDE_CODE for option in options)


@dataclass(frozen=True, kw_only=True)
class OptionsQuestion(Question):
    """What single and multiple choice share: options, one of which may offer a line."""

    options: tuple[Option, ...]

    @classmethod
    def _own(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {"options": tuple(Option.from_document(each) for each in document["option"])}

    def fields(self) -> tuple[str, ...]:
        """The buttons or boxes, and the line beside the option that has one."""
        return (self.code, f"{self.code}.text")

    def longest_texts(self) -> int:
        """The line beside an option, if any has one."""
        has_line = any(option.with_text for option in self.options)
        return LONGEST_OTHER * BYTES_PER_CHARACTER if has_line else 0

    def longest_codes(self) -> int:
        """Every option ticked."""
        return super().longest_codes() + codes_of(self.options)

    def texts_of(self, value: Value) -> list[str]:
        """The words beside the option."""
        return [value["text"]] if value.get("text") else []

    def _line(self, chosen: Sequence[str], value: Value, language: str) -> list[RecordLine]:
        words = [say(each.text, language) for each in self.options if each.code in chosen]
        said = [f"«{text}»" for text in self.texts_of(value)]
        return [RecordLine(say(self.text, language), "; ".join([*words, *said]))]


@dataclass(frozen=True, kw_only=True)
class SingleQuestion(OptionsQuestion):
    """Choose one. Stores {"choice": code, "text": words of an option with text}."""

    kind: ClassVar[str] = "single"

    def read(self, form: Form, catalogue: Catalogue) -> tuple[Value, list[Problem]]:
        """The chosen option."""
        choice = first(form, self.code)
        if not choice:
            return None, missing(self, None)
        option = next((each for each in self.options if each.code == choice), None)
        if option is None:
            return None, [Problem(self.code, ProblemKind.UNKNOWN_OPTION, given=1)]
        value: dict[str, str] = {"choice": choice}
        problems: list[Problem] = []
        if option.with_text:
            text, problems = read_text(form, self.fields()[1], LONGEST_OTHER)
            value |= {"text": text} if text else {}
        return value, problems

    def record(self, value: Value, language: str, catalogue: Catalogue) -> list[RecordLine]:
        """The option's text and the words beside it."""
        return self._line([value["choice"]], value, language)


@dataclass(frozen=True, kw_only=True)
class MultipleQuestion(OptionsQuestion):
    """Tick all that apply. Stores {"choices": [codes], "text": words}."""

    kind: ClassVar[str] = "multiple"

    def read(self, form: Form, catalogue: Catalogue) -> tuple[Value, list[Problem]]:
        """The ticked options in the survey's order; words alone count as the option beside them."""
        sent = {code for code in form.get(self.code, ()) if code}
        text, problems = read_text(form, self.fields()[1], LONGEST_OTHER)
        if unknown := sent - {option.code for option in self.options}:
            problems.append(Problem(self.code, ProblemKind.UNKNOWN_OPTION, given=len(unknown)))
        worded = [option.code for option in self.options if option.with_text]
        if text and worded:
            sent.add(worded[0])
        ticked = [option for option in self.options if option.code in sent]
        among = [option.code for option in ticked if not option.stands_alone]
        choices = among or [option.code for option in ticked[:1]]
        if not choices:
            return None, problems + missing(self, None)
        value: dict[str, Any] = {"choices": choices}
        return value | ({"text": text} if text and worded else {}), problems

    def record(self, value: Value, language: str, catalogue: Catalogue) -> list[RecordLine]:
        """The ticked options' texts and the words beside them."""
        return self._line(value["choices"], value, language)


@dataclass(frozen=True, kw_only=True)
class CompetitorQuestion(Question):
    """To whom the customer went. Stores {"name": text} or {"rather_not": True}."""

    kind: ClassVar[str] = "competitor"
    rather_not: Texts

    @classmethod
    def _own(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {"rather_not": dict(document["rather_not"])}

    def fields(self) -> tuple[str, ...]:
        """The name and the tick box of those who rather not say."""
        return (self.code, f"{self.code}.rather_not")

    def read(self, form: Form, catalogue: Catalogue) -> tuple[Value, list[Problem]]:
        """The name; a name together with "rather not say" is not stored."""
        if first(form, self.fields()[1]):
            return {"rather_not": True}, []
        name, problems = read_text(form, self.code, LONGEST_COMPETITOR)
        value = {"name": " ".join(name.split())} if name else None
        return value, problems + missing(self, value)

    def record(self, value: Value, language: str, catalogue: Catalogue) -> list[RecordLine]:
        """The name, or that the respondent rather not says."""
        said = say(self.rather_not, language) if value.get("rather_not") else value["name"]
        return [RecordLine(say(self.text, language), said)]

    def longest_texts(self) -> int:
        """The name."""
        return LONGEST_COMPETITOR * BYTES_PER_CHARACTER
