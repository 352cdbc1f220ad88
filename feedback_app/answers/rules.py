"""Pure rules of answers: the sealed envelope, the opened row, the tags of an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from feedback_app.foundation.rules import Unable
from feedback_app.surveys.rules.question import Values

#: Codes of the questions whose answers have columns of their own, in any survey.
REASONS, RETURN, COMPETITOR, ATTRACTION = "reasons", "return", "competitor", "attraction"
#: What stands in their place when those are asked who did not leave. A survey asks either kind
#: and reports read one survey at a time, so the columns never mix.
COULD_LEAVE, OFFERS_HEARD, NO_OFFER = "could_leave", "offers_heard", "none"
#: What a staff poll asks instead.
BELIEVED, PREDICTED = "believed", "predicted"


#: What marks an answer that looked suspicious on arrival; coarse on purpose.
FLAGGED = "flagged"


class UnableToTakeAnswer(Unable):
    """The answer can not be taken now; the message says why."""


@dataclass(frozen=True, slots=True)
class Tags:
    """The causes of one answer, sorted, and the one that decided it ("" = not said)."""

    causes: tuple[str, ...]
    primary: str = ""

    @property
    def cause_set(self) -> str:
        """The codes joined by one space, as the answer's column holds them."""
        return " ".join(self.causes)


#: From an answer's values to its causes; the room below (tagging) provides it.
Tagger = Callable[[Values], Tags]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is sealed: the version that was answered, the page's language, the values.

    `is_flagged`: it looked suspicious on arrival (see arrivals.py); it counts all the same.
    """

    version_id: UUID
    language: str
    values: Values
    is_flagged: bool = False

    def document(self) -> dict[str, Any]:
        """As JSON values: exactly what the "what we store" page shows."""
        return {
            "version": self.version_id.hex,
            "language": self.language,
            "answers": dict(self.values),
            **({"flagged": True} if self.is_flagged else {}),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Envelope:
        """The envelope that `document` made."""
        return cls(
            UUID(document["version"]),
            str(document["language"]),
            document["answers"],
            document.get("flagged") is True,
        )


def competitor_of(values: Values, known: Mapping[str, str]) -> str:
    """The competitor named, spelled as on the staff-kept list; "" when not named.

    `known` maps a casefolded name to its spelling.
    """
    answered = values.get(COMPETITOR)
    name = str(answered.get("name", "")) if isinstance(answered, dict) else ""
    return known.get(name.casefold(), name)


def offers_of(values: Values) -> str:
    """What the other provider offers: option codes sorted and joined by one space."""
    answered = values.get(ATTRACTION) or values.get(OFFERS_HEARD)
    choices: Sequence[str] = answered.get("choices", ()) if isinstance(answered, dict) else ()
    return " ".join(sorted(set(choices) - {NO_OFFER}))


def return_likelihood_of(values: Values) -> int | None:
    """How likely to come back, 0 to 10."""
    answered = values.get(RETURN)
    return answered if isinstance(answered, int) else None


def holds_text(values: Values) -> bool:
    """True when somebody wrote something in own words (a competitor's name does not count)."""
    return any(
        isinstance(value, str)
        or (isinstance(value, dict) and bool(value.get("text") or value.get("other")))
        for value in values.values()
    )


def texts_of(values: Values | Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Pairs (question code, text): own words, and words beside a choice, in order.

    A competitor's name is no such text: it is told in its table, under its own rule.
    """
    found = []
    for code, value in values.items():
        if code == COMPETITOR:
            continue
        text = value.get("text") or value.get("other") if isinstance(value, dict) else value
        if isinstance(text, str) and text.strip():
            found.append((code, text.strip()))
    return tuple(found)
