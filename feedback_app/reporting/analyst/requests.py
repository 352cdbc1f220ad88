"""What a page server or a command asks the analyst for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from feedback_app.reporting.rules.counts import CauseEntry, Counts
from feedback_app.reporting.rules.selection import Selection, read_selection
from feedback_app.reporting.rules.told import Told


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """Counts of one survey and what to make of them.

    `whole` is what the report of the whole survey tells; needed where a narrower report is
    asked for and `min_group` is above 1. With `min_group` 1 the counts are narrowed already.
    For the report of the whole survey: `channels`, its answers told apart by channel, and
    `flagged`, how many look suspicious (None where that may not be told).
    """

    survey: str
    counts: Counts
    entries: tuple[CauseEntry, ...]
    codebook: int
    min_group: int
    selection: Selection
    whole: Told | None = None
    channels: Counts | None = None
    flagged: int | None = None

    def document(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "survey": self.survey,
            "counts": self.counts.document(),
            "entries": [asdict(entry) for entry in self.entries],
            "codebook": self.codebook,
            "min_group": self.min_group,
            "selection": self.selection.parameters(),
            "whole": None if self.whole is None else self.whole.document(),
            "channels": None if self.channels is None else self.channels.document(),
            "flagged": self.flagged,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> ReportRequest:
        """The request that `document` made."""
        whole, channels = document["whole"], document["channels"]
        return cls(
            survey=document["survey"],
            counts=Counts.from_document(document["counts"]),
            entries=tuple(CauseEntry(**entry) for entry in document["entries"]),
            codebook=document["codebook"],
            min_group=document["min_group"],
            selection=read_selection(document["selection"]),
            whole=None if whole is None else Told.from_document(whole),
            channels=None if channels is None else Counts.from_document(channels),
            flagged=document["flagged"],
        )
