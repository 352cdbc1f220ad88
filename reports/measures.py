"""One measure per field: what is told of its distribution, over time and by group."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from reports import frames
from reports.scales import scale_of
from reports.schema import UnableToReadReportInput
from reports.score_groups import split_scores
from reports.score_schema import Field, Measure, ScoreGroups, ScorePeriod
from reports.score_telling import NOTHING, ToldScore, is_small, tell

IntArray = npt.NDArray[np.int64]

#: Stands for "does not apply" in the column of values.
NOT_APPLICABLE = -1
NAME = "scores"


def measures_of(
    fields: Sequence[Field],
    scores: pd.DataFrame,
    respondents: int,
    dimensions: Sequence[str] | None,
    min_group: int,
) -> tuple[Measure, ...]:
    """One measure per field, in the order given.

    ``scores``: field, value, month, one column per dimension, respondents. Rating rows are
    not told over time or by group, and nothing is where ``dimensions`` is None. Raises
    UnableToReadReportInput for a frame that breaks the contract.
    """
    frames.require_columns(
        scores, NAME, ("field", "value", "month", *(dimensions or ()), "respondents")
    )
    scores = scores[frames.whole_numbers(scores, NAME, "respondents") > 0]
    of_field = dict(iter(scores.groupby("field", sort=False)))
    unknown = sorted(map(str, set(of_field) - {field.code for field in fields}))
    if unknown:
        raise UnableToReadReportInput(f"{NAME}: unknown field {', '.join(map(repr, unknown))}")
    nobody = scores.iloc[:0]
    return tuple(
        _measure(field, of_field.get(field.code, nobody), respondents, dimensions, min_group)
        for field in fields
    )


def _measure(
    field: Field,
    rows: pd.DataFrame,
    respondents: int,
    dimensions: Sequence[str] | None,
    min_group: int,
) -> Measure:
    scale = scale_of(field.kind, field.lowest, field.highest)
    values = rows["value"].to_numpy(dtype=np.int64)
    weights = rows["respondents"].to_numpy(dtype=np.int64)
    rated = values != NOT_APPLICABLE
    _require_on_scale(field, values[rated])
    counts = np.bincount(values[rated] - scale.lowest, weights[rated], minlength=scale.points)
    counts = counts.astype(np.int64)
    not_applicable = int(weights[~rated].sum())
    rest = respondents - int(counts.sum())
    if rest < not_applicable:
        raise UnableToReadReportInput(f"{NAME}: {field.code} has more answers than respondents")
    told = tell(scale, counts, rest, min_group)
    trend: tuple[ScorePeriod, ...] = ()
    groups: tuple[ScoreGroups, ...] = ()
    if dimensions is not None and told.detail in ("values", "bands") and field.kind != "rating":
        trend, groups = split_scores(
            scale, rows[rated], dimensions, min_group, is_rounded=told.is_rounded
        )
    apart = _not_applicable(told, not_applicable, rest, min_group)
    return replace(measure_as_told(field, told, apart), trend=trend, groups=groups)


def measure_as_told(field: Field, told: ToldScore, not_applicable: int | None) -> Measure:
    """What was decided to tell of a field, neither over time nor by group."""
    return Measure(
        code=field.code,
        kind=field.kind,
        lowest=field.lowest,
        highest=field.highest,
        detail=told.detail,
        is_rounded=told.is_rounded,
        respondents=told.respondents,
        not_applicable=not_applicable,
        score=told.score,
        mean=told.mean,
        levels=told.levels,
    )


def _require_on_scale(field: Field, values: IntArray) -> None:
    if len(values) and not (field.lowest <= values.min() and values.max() <= field.highest):
        raise UnableToReadReportInput(
            f"{NAME}: {field.code} is asked from {field.lowest} to {field.highest}"
        )


def _not_applicable(told: ToldScore, count: int, rest: int, min_group: int) -> int | None:
    """How many said "does not apply", where neither they nor the silent are few."""
    silent = rest - count
    if told is NOTHING or told.is_rounded or is_small([count, silent], min_group).any():
        return None
    return count
