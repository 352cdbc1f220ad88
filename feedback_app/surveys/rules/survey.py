"""What a survey is, apart from its questions: mode, state, channel, slug and k."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from feedback_app.foundation.rules import N_, Unable, spell_in_latin

SMALLEST_K = 5
USUAL_K = 10
LARGEST_K = 1000
LONGEST_SLUG = 60


class UnableToChangeSurvey(Unable):
    """A survey can not be made or changed so; the message says what to do."""


class Mode(StrEnum):
    """Whether answers are sealed (anonymous), kept with a name, or brought from elsewhere."""

    ANONYMOUS = "anonymous"
    NAMED = "named"
    IMPORT = "import"


class State(StrEnum):
    """A draft takes no answers yet, an open survey does, a closed one does no more."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


#: How a refusal calls a state.
STATE_WORDS = {State.DRAFT: N_("draft"), State.OPEN: N_("open"), State.CLOSED: N_("closed")}


class PublishWhen(StrEnum):
    """When a finished version takes its turn: once nothing sealed waits any more, or now."""

    OPENED = "opened"
    NOW = "now"


class Subject(StrEnum):
    """Whom a survey asks; decides which reports speak of it."""

    DEPARTED = "departed"
    STAFF = "staff"
    CURRENT = "current"
    OTHER = "other"


class Channel(StrEnum):
    """The way an answer came in; imports carry their own words instead."""

    LINK = "link"
    INVITATION = "invitation"
    KIOSK = "kiosk"
    PHONE = "phone"
    EMBED = "embed"
    IMPORT = "import"


def check_k(k: int, mode: Mode) -> int:
    """`k` if it is allowed for `mode`.

    Raises UnableToChangeSurvey: an anonymous survey hides everybody among at least 5.
    """
    smallest = SMALLEST_K if mode is Mode.ANONYMOUS else 1
    if not smallest <= k <= LARGEST_K:
        raise UnableToChangeSurvey(
            N_("The smallest group must be from %(smallest)s to %(largest)s here, got %(given)s."),
            smallest=smallest,
            largest=LARGEST_K,
            given=k,
        )
    return k


def make_slug(name: str, taken: Collection[str]) -> str:
    """A short address for `name` that is not `taken`; Cyrillic is written in Latin letters."""
    stem = "-".join(spell_in_latin(name))[: LONGEST_SLUG - 5].strip("-") or "survey"
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
