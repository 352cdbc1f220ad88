"""What the report of a whole survey tells: no narrower report may tell more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """Read off a report's document.

    `periods`: pairs (first month, last month) of the trend of causes. `competitors` and
    `offers` are None where the whole table is withheld.
    """

    is_withheld: bool
    periods: tuple[tuple[str, str], ...]
    causes: frozenset[str]
    decided: frozenset[str]
    tells_sides: bool
    tells_no_cause: bool
    tells_undecided: bool
    competitors: frozenset[str] | None
    offers: frozenset[str] | None

    def document(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Told:
        """The value that `document` made."""
        sets = {
            name: None if document[name] is None else frozenset(document[name])
            for name in ("causes", "decided", "competitors", "offers")
        }
        periods = tuple((first, last) for first, last in document["periods"])
        return cls(**{**document, **sets, "periods": periods})


def told_by(report: Mapping[str, Any]) -> Told:
    """What a report's document (see docs/reports.md) tells."""
    sides = [*report["sides"], *report["sides_decided"]]
    return Told(
        is_withheld=report["withheld"],
        periods=tuple((step["from"], step["to"]) for step in report["trend"]["causes"]["periods"]),
        causes=frozenset(row["code"] for row in report["causes"]),
        decided=frozenset(row["code"] for row in report["decided"]),
        tells_sides=all(row["respondents"] is not None for row in sides),
        tells_no_cause=report["no_cause"]["respondents"] is not None,
        tells_undecided=report["undecided"]["respondents"] is not None,
        competitors=_named(report["competitors"], "competitor"),
        offers=_named(report["offers"], "offer"),
    )


def _named(table: Mapping[str, Any], word: str) -> frozenset[str] | None:
    if table["respondents"] is None:
        return None
    return frozenset(row[word] for row in table["rows"])
