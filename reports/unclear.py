"""How much of what people write can not be read as a cause, over time."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.schema import Estimate
from reports.shares import estimate


@dataclass(frozen=True)
class UnclearStep:
    """Months put together until both counts are large enough (or 0), and the unclear share."""

    first_month: str
    last_month: str
    statements: int
    unclear: Estimate


def unclear_over_time(
    months: Sequence[tuple[str, int, int]], min_group: int
) -> tuple[UnclearStep, ...]:
    """Steps of (month, statements, unclear ones), in order of months.

    The last months are too few for a step of their own: the one before takes them in.
    """
    steps: list[tuple[str, str, int, int]] = []
    first, total, unclear = "", 0, 0
    last = ""
    for month, number, hidden in sorted(months):
        first = first or month
        last, total, unclear = month, total + number, unclear + hidden
        if _is_tellable(total, unclear, min_group):
            steps.append((first, last, total, unclear))
            first, total, unclear = "", 0, 0
    while first and steps:
        before = steps.pop()
        first, total, unclear = before[0], total + before[2], unclear + before[3]
        if _is_tellable(total, unclear, min_group):
            steps.append((first, last, total, unclear))
            break
    return tuple(
        UnclearStep(one, other, number, estimate(hidden, number))
        for one, other, number, hidden in steps
    )


def _is_tellable(total: int, unclear: int, min_group: int) -> bool:
    clear = total - unclear
    return total >= min_group and all(it == 0 or it >= min_group for it in (unclear, clear))
