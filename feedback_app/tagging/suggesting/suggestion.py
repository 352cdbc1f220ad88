"""What the tagger answers, and what it refuses to read."""

from __future__ import annotations

from dataclasses import dataclass

from feedback_app.foundation.rules import Unable

NONE = "none"
UNSURE = "unsure"
#: order of the sides wherever they are listed
SIDES = ("competitor", "company", "client")


class UnableToReadStatement(Unable):
    """The text is too long to be one statement."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggested tag.

    `primary` is a cause's code, `none` (no reason can be read) or `unsure`. `side` is empty
    for the last two. `confidence` is the probability that `primary` is right (for `unsure`:
    that the first of `others` is). `others` are further causes, likeliest first, three at
    most. `evidence` are the places (start, end) in the text that led to it.
    """

    primary: str
    side: str
    confidence: float
    others: tuple[str, ...]
    evidence: tuple[tuple[int, int], ...]

    def list_words(self, text: str) -> tuple[str, ...]:
        """The words of `text` that the evidence marks."""
        return tuple(text[start:end] for start, end in self.evidence)


def side_of(code: str) -> str:
    """The side of a cause's code; empty for `none` and `unsure`."""
    side, dot, _rest = code.partition(".")
    return side if dot else ""
