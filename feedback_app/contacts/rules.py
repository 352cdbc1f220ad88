"""Pure rules of contact slips: what one holds, and when slips may be opened.

A slip is left after the answer, in a transaction of its own, sealed with a key of its own.
Who left it answered a moment before, so it must tell no more of an answer than an invitation
does: it waits until a crowd of its survey opens, and everybody is one of k or more. When the
survey is closed nothing is left to hide among, and nothing that could be found.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback_app.ballots.rules import SLIPS
from feedback_app.foundation.rules import Unable

__all__ = ["SLIPS", "Slip", "UnableToLeaveSlip", "may_open_slips", "size_of"]

LONGEST_NAME = 120
LONGEST_REACH = 160
LONGEST_TIME = 200
#: What a slip takes beside a copy of the answer, in bytes.
SLIP_BYTES = 2048


class UnableToLeaveSlip(Unable):
    """Nobody asks for contact details here, or no key is ready to seal them with."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What a respondent leaves. `answer`: the copy of the answer, by a consent of its own.

    `reach` is a telephone number or an e-mail address, in the respondent's own spelling.
    """

    name: str
    reach: str
    hours: str
    language: str
    answer: Mapping[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "name": self.name,
            "reach": self.reach,
            "hours": self.hours,
            "language": self.language,
            "answer": None if self.answer is None else dict(self.answer),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Slip:
        """The slip that `document` made."""
        given = {each: str(document[each]) for each in ("name", "reach", "hours", "language")}
        return cls(**given, answer=document["answer"])

    @property
    def answer_json(self) -> str:
        """The copy letter for letter, "" without one."""
        return "" if self.answer is None else json.dumps(self.answer, ensure_ascii=False, indent=2)


def may_open_slips(*, openings: int, openings_before: int, survey_is_closed: bool) -> bool:
    """True when a crowd was opened since the slips' key was made, or none will be any more."""
    return survey_is_closed or openings > openings_before


def size_of(box_bytes: int) -> int:
    """What every slip of a survey is padded to: one with a copy looks like one without."""
    return box_bytes + SLIP_BYTES
