"""When a call is over, and when it is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.interviews.rules import (
    FARTHEST_CALL_BACK,
    MOST_ATTEMPTS,
    Outcome,
    UnableToCall,
    next_step,
)

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.WRONG_NUMBER, Outcome.ANSWERED])
def test_nobody_asks_twice(outcome: Outcome) -> None:
    step = next_step(outcome, attempts=1, now=NOW)
    assert step.is_over
    assert step.due_at is None


@given(st.integers(1, 20))
def test_who_is_not_reached_is_tried_again_some_times(attempts: int) -> None:
    step = next_step(Outcome.NOT_REACHED, attempts=attempts, now=NOW)
    assert step.is_over == (attempts >= MOST_ATTEMPTS) == (step.due_at is None)
    assert step.due_at is None or step.due_at > NOW


def test_a_call_back_has_a_time() -> None:
    at = NOW + timedelta(hours=3)
    assert next_step(Outcome.CALL_BACK, attempts=9, now=NOW, call_back_at=at).due_at == at


@pytest.mark.parametrize(
    "at", [None, NOW - timedelta(minutes=1), NOW + FARTHEST_CALL_BACK + timedelta(days=1)]
)
def test_a_call_back_at_no_sensible_time_is_refused(at: datetime | None) -> None:
    with pytest.raises(UnableToCall):
        next_step(Outcome.CALL_BACK, attempts=1, now=NOW, call_back_at=at)
