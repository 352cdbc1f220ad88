"""Questions answered in own words, and statements that are only read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from feedback_app.causes.rules import Catalogue
from feedback_app.surveys.rules.question import (
    BYTES_PER_CHARACTER,
    Form,
    Problem,
    Question,
    RecordLine,
    Value,
    missing,
    read_text,
    say,
)

USUAL_LONG, USUAL_SHORT = 1000, 120


@dataclass(frozen=True, kw_only=True)
class TextQuestion(Question):
    """Own words, at most `longest` characters. Stores the text."""

    kind: ClassVar[str] = "text"
    usual: ClassVar[int] = USUAL_LONG
    longest: int

    @classmethod
    def _own(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {"longest": int(document.get("max", cls.usual))}

    def fields(self) -> tuple[str, ...]:
        """The text field."""
        return (self.code,)

    def read(self, form: Form, catalogue: Catalogue) -> tuple[Value, list[Problem]]:
        """The text."""
        text, problems = read_text(form, self.code, self.longest)
        return text or None, problems + missing(self, text or None)

    def record(self, value: Value, language: str, catalogue: Catalogue) -> list[RecordLine]:
        """The text as written."""
        return [RecordLine(say(self.text, language), value)]

    def longest_texts(self) -> int:
        """The whole text."""
        return self.longest * BYTES_PER_CHARACTER

    def texts_of(self, value: Value) -> list[str]:
        """The text."""
        return [value]


@dataclass(frozen=True, kw_only=True)
class ShortTextQuestion(TextQuestion):
    """One line of own words. Stores the text."""

    kind: ClassVar[str] = "short_text"
    usual: ClassVar[int] = USUAL_SHORT

    def read(self, form: Form, catalogue: Catalogue) -> tuple[Value, list[Problem]]:
        """The line; line ends become spaces."""
        text, problems = super().read(form, catalogue)
        return " ".join(text.split()) if text else text, problems


@dataclass(frozen=True, kw_only=True)
class StatementQuestion(Question):
    """A heading with some lines between questions. Stores nothing."""

    kind: ClassVar[str] = "statement"

    def fields(self) -> tuple[str, ...]:
        """No field, but a name for its place on the page."""
        return (self.code,)

    def read(self, form: Form, catalogue: Catalogue) -> tuple[Value, list[Problem]]:
        """Nothing, whatever was sent."""
        return None, []

    def record(self, value: Value, language: str, catalogue: Catalogue) -> list[RecordLine]:
        """Nothing."""
        return []

    @property
    def is_answerable(self) -> bool:
        """It is only read."""
        return False
