"""Counts of statements as they travel from the database to the analyst."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

#: Suggestions enter a report from these confidences on, the surest first.
CONFIDENCES = (0.9, 0.7, 0.5)
#: The states of the switch in the address: ticks, with confirmed tags, with suggestions too.
CHOSEN, CONFIRMED = "chosen", "confirmed"
STATES = (CHOSEN, CONFIRMED, *(f"{round(each * 100)}" for each in CONFIDENCES))


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Statements alike: what the tagger says, and what a person said where it is of the audit."""

    suggested: str
    told: tuple[str, ...]
    is_read: bool
    statements: int


@dataclass(frozen=True, slots=True)
class OwnWordsCounts:
    """Grouped statements of one survey.

    `chosen`: (cause set, primary, answers), all of them. `strata`: cause set -> answers without
    a tick, first those with confirmed tags, then those suggested with each of CONFIDENCES or
    more but less than the one before. `unclear`: (month, statements, unclear ones).
    """

    chosen: tuple[tuple[str, str, int], ...]
    strata: tuple[Mapping[str, int], ...]
    audit: tuple[AuditRow, ...]
    unclear: tuple[tuple[str, int, int], ...]

    def document(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "chosen": list(self.chosen),
            "strata": [dict(each) for each in self.strata],
            "audit": [asdict(row) for row in self.audit],
            "unclear": list(self.unclear),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> OwnWordsCounts:
        """The counts that `document` made."""
        return cls(
            tuple((codes, primary, number) for codes, primary, number in document["chosen"]),
            tuple(document["strata"]),
            tuple(AuditRow(**{**row, "told": tuple(row["told"])}) for row in document["audit"]),
            tuple((month, number, unclear) for month, number, unclear in document["unclear"]),
        )


def stratum_of(confidence: float) -> int | None:
    """Which of the suggested strata (from 0) a confidence belongs to."""
    return next((at for at, least in enumerate(CONFIDENCES) if confidence >= least), None)
