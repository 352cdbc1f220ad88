"""Scores as they travel from the database to the analyst, and what they are decoded from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from feedback_app.reporting.rules.counts import Columns
from feedback_app.surveys.rules.scores import APART, DIGITS, SILENT, ScoreField

#: Stands for "does not apply" where a number is expected (see reports.measures).
NOT_APPLICABLE = -1
RATING = "rating"


@dataclass(frozen=True, slots=True)
class ScoreCounts:
    """Answers on scales of one survey, grouped.

    `scores`: field, value, month, one column per dimension, respondents; rating rows have ""
    for month and dimensions. `complete`: one column of numbers (None: no number) per field,
    and respondents, of a sample of answers.
    """

    respondents: int
    fields: tuple[ScoreField, ...]
    dimensions: tuple[str, ...]
    scores: Columns
    complete: Columns

    def document(self) -> dict[str, Any]:
        """As JSON values; the columns themselves, not copies of them."""
        return {
            "respondents": self.respondents,
            "fields": [asdict(field) for field in self.fields],
            "dimensions": list(self.dimensions),
            "scores": self.scores,
            "complete": self.complete,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> ScoreCounts:
        """The counts that `document` made."""
        return cls(
            document["respondents"],
            tuple(ScoreField(**field) for field in document["fields"]),
            tuple(document["dimensions"]),
            document["scores"],
            document["complete"],
        )


def name_fields(fields: Sequence[ScoreField]) -> tuple[str, ...]:
    """One name per field: its code, with the scale where an older version had another one."""
    times = Counter(field.code for field in fields)
    return tuple(
        field.code
        if times[field.code] == 1
        else f"{field.code}@{field.kind}-{field.lowest}-{field.highest}"
        for field in fields
    )


def number_of(sign: str) -> int | None:
    """The number that a sign stands for; NOT_APPLICABLE for "does not apply"."""
    if sign == APART:
        return NOT_APPLICABLE
    return None if sign in (SILENT, "") else DIGITS.index(sign)


def count_signs(
    names: Sequence[str], groups: Iterable[tuple[str, int]], dimensions: Sequence[str]
) -> Columns:
    """Columns as ScoreCounts.scores out of pairs (signs of neighbouring fields, respondents)."""
    found: Counter[tuple[str, int]] = Counter()
    for signs, respondents in groups:
        for name, sign in zip(names, signs, strict=False):
            value = number_of(sign)
            if value is not None:
                found[name, value] += respondents
    rows = [(*key, *[""] * (1 + len(dimensions)), number) for key, number in found.items()]
    return as_columns(("field", "value", "month", *dimensions, "respondents"), rows)


def complete_columns(names: Sequence[str], groups: Iterable[tuple[str, int]]) -> Columns:
    """One column of numbers per field out of pairs (all signs of an answer, respondents)."""
    rows = []
    for signs, respondents in groups:
        numbers = [number_of(sign) for sign in signs.ljust(len(names), SILENT)[: len(names)]]
        plain = [None if number == NOT_APPLICABLE else number for number in numbers]
        rows.append((*plain, respondents))
    return as_columns((*names, "respondents"), rows)


def as_columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Columns:
    """Rows turned into columns."""
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return {name: list(column) for name, column in zip(names, columns, strict=True)}


def join_columns(parts: Sequence[Columns], names: Sequence[str]) -> Columns:
    """Columns of the same names, one below the other."""
    return {name: [cell for part in parts for cell in part[name]] for name in names}
