"""A statement's tag: what the tagger suggests, and what a person says it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feedback_app.causes.rules import NONE, Catalogue
from feedback_app.foundation.rules import N_, Unable

#: Put aside: the reader can not tell. It is an answer, and it is no tag.
SKIP = "skip"
#: The tagger's word for "I do not know"; never a person's.
UNSURE = "unsure"
MOST_OTHERS = 3


class UnableToTag(Unable):
    """A tag is refused; the message says why."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One primary cause (or NONE, or SKIP) and up to three others."""

    primary: str
    others: tuple[str, ...] = ()

    @property
    def joined(self) -> str:
        """The others joined by one space, as columns hold them."""
        return " ".join(self.others)

    @property
    def causes(self) -> frozenset[str]:
        """All causes; none for NONE and SKIP."""
        return frozenset((self.primary, *self.others)) - {NONE, SKIP, UNSURE, ""}

    @classmethod
    def of(cls, primary: str, joined: str) -> Tag:
        """The tag that two columns hold."""
        return cls(primary, tuple(joined.split()))


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the tagger said of a statement; `evidence` are places (start, end) in its text."""

    primary: str
    others: tuple[str, ...]
    confidence: float
    evidence: tuple[tuple[int, int], ...]


def is_readable(primary: str) -> bool:
    """True for a cause's code: not for NONE, SKIP, UNSURE and nothing."""
    return primary not in ("", NONE, SKIP, UNSURE)


def check_tag(catalogue: Catalogue, primary: str, others: Sequence[str]) -> Tag:
    """The tag a person gave, merges followed. Raises UnableToTag for what no cause has."""
    first = catalogue.current(primary)
    beside = dict.fromkeys(catalogue.current(code) for code in others if code)
    beside.pop(first, None)
    if first in (NONE, SKIP):
        return Tag(first)
    for code in (first, *beside):
        cause = catalogue.find(code)
        if cause is None or cause.is_retired:
            raise UnableToTag(
                N_("“%(code)s” is no cause that is in use: choose another."), code=code
            )
    if len(beside) > MOST_OTHERS:
        raise UnableToTag(
            N_("A statement has one cause that decides and %(most)s others at most."),
            most=MOST_OTHERS,
        )
    return Tag(first, tuple(beside))
