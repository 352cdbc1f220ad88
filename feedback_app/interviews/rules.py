"""Pure rules of calls: what can come of one, and when to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from feedback_app.foundation.rules import N_, Unable

MOST_ATTEMPTS = 5
TRY_AGAIN_AFTER = timedelta(hours=20)
FARTHEST_CALL_BACK = timedelta(days=60)
#: For so long nobody else is given a customer whom an operator is calling.
CLAIMED_FOR = timedelta(hours=1)


class UnableToCall(Unable):
    """A call can not be made or ended so; the message says what to do."""


class Outcome(StrEnum):
    """What came of a call. Who answered is over, and so is who refused: nobody asks twice."""

    NOT_REACHED = "not-reached"
    CALL_BACK = "call-back"
    REFUSED = "refused"
    WRONG_NUMBER = "wrong-number"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class NextStep:
    """How a call goes on: over for good, or due again."""

    is_over: bool
    due_at: datetime | None


def next_step(
    outcome: Outcome, *, attempts: int, now: datetime, call_back_at: datetime | None = None
) -> NextStep:
    """What follows from `outcome` of the call number `attempts` (from 1).

    Raises UnableToCall for a call back without a time, in the past or too far away.
    """
    match outcome:
        case Outcome.NOT_REACHED:
            is_over = attempts >= MOST_ATTEMPTS
            return NextStep(is_over, None if is_over else now + TRY_AGAIN_AFTER)
        case Outcome.CALL_BACK:
            if call_back_at is None or not now <= call_back_at <= now + FARTHEST_CALL_BACK:
                raise UnableToCall(
                    N_("Say when to call back: from now on, within %(days)s days."),
                    days=FARTHEST_CALL_BACK.days,
                )
            return NextStep(is_over=False, due_at=call_back_at)
        case Outcome.REFUSED | Outcome.WRONG_NUMBER | Outcome.ANSWERED:
            return NextStep(is_over=True, due_at=None)
