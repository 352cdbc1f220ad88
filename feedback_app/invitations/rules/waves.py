"""What a wave is, which state may follow which, and how often people may be written to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from feedback_app.ballots.rules import MOST_SEGMENTS, OTHER
from feedback_app.foundation.rules import N_, Marked, Unable

USUAL_THROTTLE_DAYS = 90
USUAL_MOST_REMINDERS = 2
LARGEST_MOST_REMINDERS = 5
LARGEST_NUMBER_OF_DAYS = 730
LONGEST_NAME = 120


class UnableToPlanWave(Unable):
    """A wave can not be planned so; the message says what to do."""


class UnableToRunWave(Unable):
    """A wave in this state can not do that."""


class WaveKind(StrEnum):
    """Once to a list, always to whoever left, or split: links that the company sends itself."""

    ONCE = "once"
    ALWAYS = "always"
    SPLIT = "split"


class WaveState(StrEnum):
    """Preparing: the worker makes the invitations; nothing is sent before all are made."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PREPARING = "preparing"
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"


#: How a refusal calls a state.
STATE_WORDS = {
    WaveState.DRAFT: N_("draft"),
    WaveState.SCHEDULED: N_("scheduled"),
    WaveState.PREPARING: N_("preparing"),
    WaveState.SENDING: N_("sending"),
    WaveState.PAUSED: N_("paused"),
    WaveState.CANCELLED: N_("cancelled"),
    WaveState.FINISHED: N_("finished"),
}
#: what is done -> (states it may be done in, what to say otherwise)
MOVES: dict[str, tuple[frozenset[WaveState], str]] = {
    "change": (
        frozenset({WaveState.DRAFT}),
        N_("Only a draft can be changed; this wave is %(state)s."),
    ),
    "write": (
        frozenset({WaveState.DRAFT, WaveState.SCHEDULED, WaveState.PAUSED}),
        N_("Texts can be changed before sending or while paused; this wave is %(state)s."),
    ),
    "schedule": (
        frozenset({WaveState.DRAFT, WaveState.SCHEDULED}),
        N_("Only a wave that was not started can be scheduled; this wave is %(state)s."),
    ),
    "pause": (
        frozenset({WaveState.SCHEDULED, WaveState.PREPARING, WaveState.SENDING}),
        N_("Only a running wave can be paused; this wave is %(state)s."),
    ),
    "resume": (
        frozenset({WaveState.PAUSED}),
        N_("Only a paused wave can be resumed; this wave is %(state)s."),
    ),
    "cancel": (
        frozenset({WaveState.SCHEDULED, WaveState.PREPARING, WaveState.SENDING, WaveState.PAUSED}),
        N_("Only a wave that is not over can be cancelled; this wave is %(state)s."),
    ),
    "finish": (
        frozenset({WaveState.SENDING, WaveState.PAUSED}),
        N_("Only a running or paused wave can be finished; this wave is %(state)s."),
    ),
}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often people are written to. Days are whole days in UTC.

    `reminder_after_days` None: no reminders. `invite_after_days`: only for always-on waves,
    days between leaving and the invitation.
    """

    reminder_after_days: int | None = None
    most_reminders: int = USUAL_MOST_REMINDERS
    throttle_days: int = USUAL_THROTTLE_DAYS
    invite_after_days: int | None = None

    def check(self, kind: WaveKind) -> Rhythm:
        """Itself, or UnableToPlanWave saying which number makes no sense."""
        if self.reminder_after_days is not None:
            _check_days(N_("Days before a reminder"), self.reminder_after_days, smallest=1)
        if not 0 <= self.most_reminders <= LARGEST_MOST_REMINDERS:
            raise UnableToPlanWave(
                N_("Reminders: from 0 to %(largest)s, got %(given)s."),
                largest=LARGEST_MOST_REMINDERS,
                given=self.most_reminders,
            )
        _check_days(N_("Days between surveys to one person"), self.throttle_days, smallest=0)
        if kind is WaveKind.ALWAYS and self.invite_after_days is None:
            raise UnableToPlanWave(N_("Say how many days after leaving people are invited."))
        if self.invite_after_days is not None:
            if kind is not WaveKind.ALWAYS:
                raise UnableToPlanWave(N_("Days after leaving are for always-on waves only."))
            _check_days(N_("Days after leaving"), self.invite_after_days, smallest=0)
        return self


def _check_days(what: Marked, days: int, *, smallest: int) -> None:
    if not smallest <= days <= LARGEST_NUMBER_OF_DAYS:
        raise UnableToPlanWave(
            N_("%(what)s: from %(smallest)s to %(largest)s, got %(given)s."),
            what=what,
            smallest=smallest,
            largest=LARGEST_NUMBER_OF_DAYS,
            given=days,
        )


def check_move(act: str, state: WaveState) -> None:
    """Raises UnableToRunWave when `act` (a key of MOVES) can not be done in `state`."""
    allowed, refusal = MOVES[act]
    if state not in allowed:
        raise UnableToRunWave(refusal, state=STATE_WORDS[state])


def check_name(name: str) -> str:
    """The name in plain spacing. Raises UnableToPlanWave when empty or too long."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME:
        raise UnableToPlanWave(
            N_("A wave's name has 1 to %(most)s characters, got %(given)s."),
            most=LONGEST_NAME,
            given=len(plain),
        )
    return plain


def check_segments(
    names: Sequence[str], *, known: Collection[str], survey_names: Sequence[str], is_fixed: bool
) -> tuple[str, ...]:
    """The segments that a survey carries once this wave's `names` travel with its answers.

    `is_fixed`: somebody was invited already, so answers carry the survey's names for good.
    Raises UnableToPlanWave.
    """
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UnableToPlanWave(N_("Customers have no '%(name)s'."), name=unknown[0])
    if len(set(names)) != len(names) or len(names) > MOST_SEGMENTS:
        raise UnableToPlanWave(
            N_("Choose at most %(most)s different segments."), most=MOST_SEGMENTS
        )
    if not is_fixed:
        return tuple(names)
    if not set(names) <= set(survey_names):
        raise UnableToPlanWave(
            N_(
                "People were invited to this survey already: its answers carry %(names)s. "
                "Choose among these, or make a new survey."
            ),
            names=", ".join(survey_names) or N_("nothing"),
        )
    return tuple(survey_names)


def fit_segments(
    values: Sequence[str], *, names: Sequence[str], survey_names: Sequence[str]
) -> tuple[str, ...]:
    """`values` of `names` in the survey's order; what this wave does not carry is "other"."""
    given = dict(zip(names, values, strict=True))
    return tuple(given.get(name) or OTHER for name in survey_names)
