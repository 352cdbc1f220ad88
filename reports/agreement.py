"""How well two readers agree: Krippendorff's alpha over whole tags and cause by cause.

Alpha over tags weighs a part of a tag by MASI (Passonneau, LREC 2006); cause by cause it asks
of each statement only whether the reader named the cause. Computed by NLTK, which is loaded
when it is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Pair = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True)
class CauseAgreement:
    """One cause: statements for which one or both named it, the share of statements with the
    same word from both, and alpha (``None`` where nobody or everybody named it)."""

    code: str
    either: int
    both: int
    same: float
    alpha: float | None


@dataclass(frozen=True)
class Agreement:
    """``same``: statements with the same primary cause; ``alpha`` over whole tags."""

    statements: int
    same: int
    alpha: float | None
    causes: tuple[CauseAgreement, ...]


def agree(pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> Agreement:
    """The agreement of ``pairs``: what the two said of each statement, primary cause first."""
    same = sum(first[0] == second[0] for first, second in pairs)
    tags: list[Pair] = [(frozenset(first), frozenset(second)) for first, second in pairs]
    codes = sorted({code for pair in tags for tag in pair for code in tag})
    causes = tuple(_of_cause(code, tags) for code in codes)
    in_order = sorted(causes, key=lambda row: (-row.either, row.code))
    return Agreement(len(pairs), same, _alpha(tags, is_masi=True), tuple(in_order))


def _of_cause(code: str, tags: Sequence[Pair]) -> CauseAgreement:
    named = [(code in first, code in second) for first, second in tags]
    return CauseAgreement(
        code,
        either=sum(first or second for first, second in named),
        both=sum(first and second for first, second in named),
        same=sum(first == second for first, second in named) / len(named),
        alpha=_alpha(named, is_masi=False),
    )


def _alpha(pairs: Sequence[tuple[Any, Any]], *, is_masi: bool) -> float | None:
    """Krippendorff's alpha, ``None`` where there is but one value."""
    if len({value for pair in pairs for value in pair}) < 2:  # noqa: PLR2004
        return None
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import binary_distance, masi_distance

    data = [
        (reader, str(place), value)
        for place, pair in enumerate(pairs)
        for reader, value in zip(("first", "second"), pair, strict=True)
    ]
    task = AnnotationTask(data, masi_distance if is_masi else binary_distance)
    return float(task.alpha())
