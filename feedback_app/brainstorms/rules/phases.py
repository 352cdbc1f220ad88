"""The phases of a session, its plan, its join code: what they may be."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from feedback_app.foundation.rules import N_, Unable

#: Letters and digits that nobody takes for one another, read aloud or off a wall.
ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"
CODE_LENGTH = 8
LONGEST_TITLE = 120
LONGEST_QUESTION = 300
LONGEST_MINUTES = 60 * 24 * 30  # a write phase may stay open for days
FEWEST_PEOPLE, MOST_PEOPLE = 3, 200
LONGEST_NAME = 40


class UnableToRunSession(Unable):
    """A step or a move of a live session is refused; the message says why."""


class UnableToFindSession(Unable):
    """There is no live session with this code."""


class Phase(StrEnum):
    """Where a session stands, in order."""

    LOBBY = "lobby"
    PREDICT = "predict"
    WRITE = "write"
    REVEAL = "reveal"
    GROUP = "group"
    TAG = "tag"
    VOTE = "vote"
    COMPARE = "compare"
    DECIDE = "decide"
    OVER = "over"

    @property
    def place(self) -> int:
        """Its number in the order, from 0."""
        return ORDER.index(self)


ORDER = tuple(Phase)
#: Phases in which each person works alone: advancing asks while somebody is not done.
SILENT = frozenset({Phase.PREDICT, Phase.WRITE, Phase.VOTE})
#: phase -> minutes that are offered for it; 0 sets no deadline.
USUAL_MINUTES: dict[Phase, int] = {
    Phase.PREDICT: 3,
    Phase.WRITE: 8,
    Phase.REVEAL: 0,
    Phase.GROUP: 10,
    Phase.TAG: 10,
    Phase.VOTE: 3,
    Phase.COMPARE: 0,
    Phase.DECIDE: 15,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What the facilitator fixed beforehand.

    `minutes`: phase -> minutes, 0 for no deadline. `survey`: the slug of the departed
    customers' survey to compare with, "" for none.
    """

    minutes: Mapping[str, int] = field(default_factory=dict)
    are_guests_allowed: bool = False
    everybody_moves: bool = True
    survey: str = ""

    def document(self) -> dict[str, Any]:
        """As JSON values."""
        return {**asdict(self), "minutes": dict(self.minutes)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Plan:
        """The plan that `document` made."""
        return cls(**document)

    def minutes_of(self, phase: Phase) -> int:
        """How long a phase lasts, 0 for no deadline."""
        return int(self.minutes.get(phase.value, 0))


def make_code() -> str:
    """A fresh join code: 28 to the power of 8 are too many to guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def normalise_code(text: str) -> str:
    """The one spelling of a code: blanks and hyphens that people type are no part of it."""
    return re.sub(r"[\s\-–·]", "", text).upper()


def spell_code(code: str) -> str:
    """A code as people read it: two halves."""
    half = CODE_LENGTH // 2
    return f"{code[:half]} {code[half:]}"


def check_name(text: str) -> str:
    """A participant's name without surplus blanks; raises UnableToRunSession."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UnableToRunSession(
            N_("Choose a name of 1 to %(most)s characters."), most=LONGEST_NAME
        )
    return name


def check_title(text: str) -> str:
    """A session's title without surplus blanks; raises UnableToRunSession."""
    title = " ".join(text.split())
    if not title or len(title) > LONGEST_TITLE:
        raise UnableToRunSession(
            N_("Give the session a title of 1 to %(most)s characters."), most=LONGEST_TITLE
        )
    return title


def check_question(question: Mapping[str, str]) -> dict[str, str]:
    """The question by language, empty ones left out; raises UnableToRunSession."""
    lines = {language: " ".join(text.split()) for language, text in question.items()}
    lines = {language: text for language, text in lines.items() if text}
    if not lines:
        raise UnableToRunSession(N_("Write the question in at least one language."))
    if any(len(text) > LONGEST_QUESTION for text in lines.values()):
        raise UnableToRunSession(
            N_("The question may have %(most)s characters: shorten it."), most=LONGEST_QUESTION
        )
    return lines


def in_language(lines: Mapping[str, str], language: str) -> str:
    """The line in `language`, else in English, else in any."""
    return lines.get(language) or lines.get("en") or next(iter(lines.values()), "")
