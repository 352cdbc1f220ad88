"""How much of a distribution may be told.

Counts from 1 to ``min_group - 1`` are small and never told, nor what gives them away. Where
a value is small, bands are told; where a band is small, the score alone. Everybody who gave
no number is a group as well: where that group is small, no count is told and everything else
in whole percent or points, provided that with another number of them it would read the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement, product

import numpy as np
import numpy.typing as npt

from reports import score_numbers
from reports.scales import Band, Scale
from reports.score_schema import Level, Score

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

WITHHELD_SCORE = Score(None, None, None)


@dataclass(frozen=True)
class ToldScore:
    """What of a distribution is told; see ``score_schema.Measure``."""

    detail: str
    respondents: int | None
    score: Score
    mean: Score = WITHHELD_SCORE
    levels: tuple[Level, ...] = ()
    is_rounded: bool = True


NOTHING = ToldScore("nothing", None, WITHHELD_SCORE)


def is_small(counts: npt.ArrayLike, min_group: int) -> BoolArray:
    """Which counts are of somebody, but of too few."""
    numbers = np.asarray(counts)
    return np.asarray((numbers > 0) & (numbers < min_group))


def tell(scale: Scale, counts: IntArray, rest: int, min_group: int) -> ToldScore:
    """Choose the fullest telling that is safe. ``rest`` gave no number."""
    total = int(counts.sum())
    if total < max(1, min_group):
        return NOTHING
    hides_total = bool(is_small(rest, min_group))
    for detail, parts in (("values", scale.values), ("bands", scale.bands)):
        told = score_numbers.in_bands(counts, scale, parts)
        if is_small(told, min_group).any():
            continue
        if not hides_total:
            return _exact(scale, counts, detail, parts, told)
        if _reads_the_same(scale, np.append(told, rest), min_group, detail):
            return _rounded(scale, counts, detail, parts, told)
    bands = score_numbers.in_bands(counts, scale, scale.bands)
    if not _reads_the_same(scale, np.append(bands, rest), min_group, "score"):
        return NOTHING
    rounded = to_score(score_numbers.score(bands, scale.kind), scale.kind, is_rounded=True)
    return ToldScore("score", None if hides_total else total, rounded)


def tell_exactly(scale: Scale, counts: Sequence[int], detail: str) -> ToldScore:
    """The telling in "values" or "bands" of counts by value that are known to be safe."""
    parts = scale.values if detail == "values" else scale.bands
    numbers = np.asarray(counts, dtype=np.int64)
    return _exact(scale, numbers, detail, parts, score_numbers.in_bands(numbers, scale, parts))


def to_score(numbers: FloatArray, kind: str, *, is_rounded: bool) -> Score:
    """Score, low and high of an array of three; rounded to whole points or percent."""
    if is_rounded:
        numbers = np.round(numbers, 0 if kind == "nps" else 2) + 0.0
    value, low, high = (None if np.isnan(n) else float(n) for n in numbers)
    return Score(value, low, high)


def _exact(
    scale: Scale, counts: IntArray, detail: str, parts: tuple[Band, ...], told: IntArray
) -> ToldScore:
    total = int(counts.sum())
    bands = score_numbers.in_bands(counts, scale, scale.bands)
    levels = tuple(
        Level(low, high, int(count), int(count) / total)
        for (low, high), count in zip(parts, told, strict=True)
    )
    score = to_score(score_numbers.score(bands, scale.kind), scale.kind, is_rounded=False)
    return ToldScore(
        detail, total, score, _mean(scale, counts, detail, None), levels, is_rounded=False
    )


def _rounded(
    scale: Scale, counts: IntArray, detail: str, parts: tuple[Band, ...], told: IntArray
) -> ToldScore:
    total = int(counts.sum())
    bands = score_numbers.in_bands(counts, scale, scale.bands)
    levels = tuple(
        Level(low, high, None, round(int(count) / total, 2))
        for (low, high), count in zip(parts, told, strict=True)
    )
    score = to_score(score_numbers.score(bands, scale.kind), scale.kind, is_rounded=True)
    return ToldScore(detail, None, score, _mean(scale, counts, detail, 1), levels)


def _mean(scale: Scale, counts: IntArray, detail: str, decimals: int | None) -> Score:
    """The mean, where the values themselves are told."""
    if detail != "values":
        return WITHHELD_SCORE
    numbers = score_numbers.mean(counts, scale)
    if decimals is not None:
        numbers = np.round(numbers, decimals)
    return to_score(numbers, "mean", is_rounded=False)


def _reads_the_same(scale: Scale, cells: IntArray, min_group: int, detail: str) -> bool:
    """Whether each small cell could be another with all that is told unchanged.

    ``cells``: the values or bands, then whoever gave no number.
    """
    small = is_small(cells, min_group)
    others = cells + _moves(len(cells))
    if detail == "bands" and small[-1]:
        others = np.concatenate([others, _alike_in_bands(cells, min_group)])
    others = others[(others >= 0).all(axis=1) & (others[:, :-1].sum(axis=1) > 0)]
    # A reader knows which cells are small: another reading must keep that.
    others = others[(is_small(others, min_group) == small).all(axis=1)]
    if not small[-1]:
        others = others[others[:, -1] == cells[-1]]
    wanted = _reading(scale, cells, detail)
    same = others[(_reading(scale, others, detail) == wanted).all(axis=1)]
    return bool((same != cells).any(axis=0)[small].all())


def _reading(scale: Scale, cells: IntArray, detail: str) -> FloatArray:
    """All rounded numbers that a reader would see of such cells."""
    parts = cells[..., :-1]
    are_values = detail == "values"
    bands = score_numbers.in_bands(parts, scale, scale.bands) if are_values else parts
    decimals = 0 if scale.kind == "nps" else 2
    numbers = [np.round(score_numbers.score(bands, scale.kind), decimals)]
    if detail != "score":
        numbers.append(np.round(parts / parts.sum(axis=-1, keepdims=True), 2))
    if are_values:
        numbers.append(np.nan_to_num(np.round(score_numbers.mean(parts, scale), 1)))
    return np.concatenate(numbers, axis=-1) + 0.0


def _alike_in_bands(cells: IntArray, min_group: int) -> IntArray:
    """All bands whose shares read the same, for every small number who gave no number."""
    everybody = int(cells.sum())
    shares = np.round(cells[:-1] / cells[:-1].sum(), 2)
    found = [cells]
    for rest in range(1, min(min_group, everybody)):
        total = everybody - rest
        spans = []
        for share in shares:
            around = range(max(0, int(share * total) - 1), int(share * total + 1) + 1)
            spans.append([count for count in around if np.round(count / total, 2) == share])
        found += [np.array([*it, rest]) for it in product(*spans) if sum(it) == total]
    return np.array(found, dtype=np.int64)


@cache
def _moves(cells: int) -> IntArray:
    """Ways in which one or two people could stand elsewhere."""
    one = np.eye(cells, dtype=np.int64)
    singles = [one[new] - one[old] for old in range(cells) for new in range(cells) if old != new]
    doubles = [first + second for first, second in combinations_with_replacement(singles, 2)]
    return np.unique(np.array(singles + doubles), axis=0)
