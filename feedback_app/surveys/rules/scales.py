"""Questions answered by a number: rating rows, scale, NPS, CSAT, CES."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from feedback_app.causes.rules import Catalogue
from feedback_app.surveys.rules.choices import Option, codes_of
from feedback_app.surveys.rules.question import (
    Form,
    Problem,
    ProblemKind,
    Question,
    RecordLine,
    Texts,
    Value,
    first,
    missing,
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

    def longest_codes(self) -> int:
        """Every row rated."""
        return super().longest_codes() + codes_of(self.rows)

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
class FixedScaleQuestion(ScaleQuestion):
    """A scale that is a measure of its own: it has its numbers and no others."""

    ends: ClassVar[tuple[int, int]]

    @classmethod
    def _own(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        lowest, highest = cls.ends
        given = (document.get("min", lowest), document.get("max", highest))
        if given != cls.ends:
            raise ValueError(f"a scale from {given[0]} to {given[1]} (it is {lowest} to {highest})")
        return {**super()._own(document), "lowest": lowest, "highest": highest}


@dataclass(frozen=True, kw_only=True)
class NpsQuestion(FixedScaleQuestion):
    """How likely to recommend, 0 to 10 and on no other scale. Stores the number."""

    kind: ClassVar[str] = "nps"
    ends: ClassVar[tuple[int, int]] = (0, 10)


@dataclass(frozen=True, kw_only=True)
class CsatQuestion(FixedScaleQuestion):
    """How satisfied, 1 to 5; the score counts the top two boxes. Stores the number."""

    kind: ClassVar[str] = "csat"
    ends: ClassVar[tuple[int, int]] = (1, 5)


@dataclass(frozen=True, kw_only=True)
class CesQuestion(FixedScaleQuestion):
    """How easy it was made, 1 (disagree) to 7 (agree). Stores the number."""

    kind: ClassVar[str] = "ces"
    ends: ClassVar[tuple[int, int]] = (1, 7)
