"""Questions answered by a number or in own words: rating rows, scale, text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from feedback_app.causes.rules import Catalogue
from feedback_app.surveys.rules.choices import Option
from feedback_app.surveys.rules.question import (
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

NOT_APPLICABLE = "na"


@dataclass(frozen=True, kw_only=True)
class RatingQuestion(Question):
    """Rows rated 1 to `points`, or "does not apply". Stores {row: number or "na"}."""

    kind: ClassVar[str] = "rating"
    rows: tuple[Option, ...]
    points: int = 5
    low: Texts = field(default_factory=dict)
    high: Texts = field(default_factory=dict)
    not_applicable: Texts = field(default_factory=dict)

    @classmethod
    def _own(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "rows": tuple(Option.from_document(each) for each in document["row"]),
            "points": int(document.get("points", 5)),
            "low": dict(document.get("low", {})),
            "high": dict(document.get("high", {})),
            "not_applicable": dict(document.get("not_applicable", {})),
        }

    def fields(self) -> tuple[str, ...]:
        """One set of radio buttons per row."""
        return tuple(f"{self.code}.{row.code}" for row in self.rows)

    def read(self, form: Form, catalogue: Catalogue) -> tuple[Value, list[Problem]]:
        """The rated rows."""
        value: dict[str, int | str] = {}
        problems: list[Problem] = []
        allowed = {str(point): point for point in range(1, self.points + 1)}
        for row, name in zip(self.rows, self.fields(), strict=True):
            sent = first(form, name)
            if sent == NOT_APPLICABLE and self.not_applicable:
                value[row.code] = NOT_APPLICABLE
            elif sent in allowed:
                value[row.code] = allowed[sent]
            elif sent:
                problems.append(Problem(name, ProblemKind.UNKNOWN_OPTION, given=1))
        return value or None, problems + missing(self, value or None)

    def record(self, value: Value, language: str, catalogue: Catalogue) -> list[RecordLine]:
        """One line per rated row."""
        return [
            RecordLine(
                f"{say(self.text, language)} {say(row.text, language)}",
                say(self.not_applicable, language)
                if value[row.code] == NOT_APPLICABLE
                else f"{value[row.code]} / {self.points}",
            )
            for row in self.rows
            if row.code in value
        ]


@dataclass(frozen=True, kw_only=True)
class ScaleQuestion(Question):
    """One number from `lowest` to `highest`. Stores the number."""

    kind: ClassVar[str] = "scale"
    lowest: int = 0
    highest: int = 10
    low: Texts = field(default_factory=dict)
    high: Texts = field(default_factory=dict)

    @classmethod
    def _own(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "lowest": int(document.get("min", 0)),
            "highest": int(document.get("max", 10)),
            "low": dict(document.get("low", {})),
            "high": dict(document.get("high", {})),
        }

    def fields(self) -> tuple[str, ...]:
        """One set of radio buttons."""
        return (self.code,)

    def read(self, form: Form, catalogue: Catalogue) -> tuple[Value, list[Problem]]:
        """The number."""
        sent = first(form, self.code)
        if not sent:
            return None, missing(self, None)
        allowed = {str(point): point for point in range(self.lowest, self.highest + 1)}
        if sent not in allowed:
            return None, [Problem(self.code, ProblemKind.NOT_A_NUMBER, limit=self.highest)]
        return allowed[sent], []

    def record(self, value: Value, language: str, catalogue: Catalogue) -> list[RecordLine]:
        """The number and the end of the scale."""
        return [RecordLine(say(self.text, language), f"{value} / {self.highest}")]


@dataclass(frozen=True, kw_only=True)
class TextQuestion(Question):
    """Own words, at most `longest` characters. Stores the text."""

    kind: ClassVar[str] = "text"
    longest: int = 1000

    @classmethod
    def _own(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {"longest": int(document.get("max", 1000))}

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
