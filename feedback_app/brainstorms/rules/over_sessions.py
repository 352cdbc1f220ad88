"""What staff say again and again, over sessions, and customers never do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FEWEST_SESSIONS = 2


@dataclass(frozen=True, slots=True)
class Habit:
    """A cause that sessions name: in how many of all, and whether customers were told to say it."""

    code: str
    sessions: int
    of_sessions: int
    customers_named_it: int

    @property
    def is_always_and_only_ours(self) -> bool:
        """Every session names it, and no comparison told that customers do."""
        return self.sessions == self.of_sessions and self.customers_named_it == 0


def find_habits(results: Sequence[Mapping[str, Any]]) -> tuple[Habit, ...]:
    """Causes by how many sessions name them; only sessions that were compared count.

    Empty below two such sessions: once is no habit. "Not told" means that no group of at
    least k customers names it in the survey, not that nobody does.
    """
    compared = [result for result in results if result.get("customers")]
    if len(compared) < FEWEST_SESSIONS:
        return ()
    named = [{group["cause"] for group in it["groups"] if group["cause"]} for it in compared]
    told = [{row["code"] for row in it["customers"]["causes"]} for it in compared]
    habits = [
        Habit(
            code,
            sum(code in session for session in named),
            len(compared),
            sum(code in customers for customers in told),
        )
        for code in sorted(set().union(*named))
    ]
    return tuple(
        sorted(habits, key=lambda it: (not it.is_always_and_only_ours, -it.sessions, it.code))
    )
