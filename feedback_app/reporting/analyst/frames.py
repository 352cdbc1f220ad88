"""Counts as the frames that reports/ takes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd

from feedback_app.reporting.rules.counts import HIGHEST_SCORE, CauseEntry, Columns, Places
from feedback_app.reporting.rules.scores import ScoreCounts, name_fields
from reports.schema import CatalogueCause
from reports.score_schema import Field

Frame = pd.DataFrame

SCORES = [f"score_{score}" for score in range(HIGHEST_SCORE + 1)]


def catalogue_of(entries: Iterable[CauseEntry]) -> tuple[CatalogueCause, ...]:
    """The codebook, merged causes too."""
    return tuple(CatalogueCause(it.code, it.side, it.position, it.merged_into) for it in entries)


def groups_frame(columns: Columns) -> Frame:
    """cause_set, primary, month, respondents."""
    names = ("cause_set", "primary", "month", "respondents")
    return pd.DataFrame({name: columns[name] for name in names})


def returns_frame(columns: Columns) -> Frame:
    """cause_set, return_likelihood, respondents: one row per score that was given."""
    wide = pd.DataFrame({name: columns[name] for name in ("cause_set", *SCORES)})
    long = wide.melt("cause_set", var_name="score", value_name="respondents")
    long = long[long["respondents"] > 0]
    scores = long["score"].str.removeprefix("score_").astype("int64")
    return long.assign(return_likelihood=scores)[["cause_set", "return_likelihood", "respondents"]]


def competitors_frame(columns: Columns, *, asked: int) -> Frame:
    """competitor, offers, respondents: the silent ones among the `asked` are added."""
    names = ("competitor", "offers", "respondents")
    frame = pd.DataFrame({name: columns[name] for name in names})
    silent = asked - int(frame["respondents"].sum())
    if silent <= 0:
        return frame
    rest = pd.DataFrame([("", "", silent)], columns=list(names))
    return pd.concat([frame, rest], ignore_index=True) if len(frame) else rest


def scores_frame(counts: ScoreCounts) -> Frame:
    """field, value, month, the dimensions, respondents."""
    names = ("field", "value", "month", *counts.dimensions, "respondents")
    return pd.DataFrame({name: counts.scores[name] for name in names})


def numbers_frame(columns: Columns) -> Frame:
    """field, value, month, respondents: numbers of a whole survey, told apart by nothing."""
    return pd.DataFrame(
        {name: columns[name] for name in ("field", "value", "month", "respondents")}
    )


def complete_frame(counts: ScoreCounts) -> Frame:
    """One column of numbers per field (NaN: none), and respondents."""
    return pd.DataFrame(
        {
            name: column if name == "respondents" else pd.array(column, dtype="Float64")
            for name, column in counts.complete.items()
        }
    ).astype({name: "float64" for name in counts.complete if name != "respondents"})


def fields_of(counts: ScoreCounts) -> tuple[Field, ...]:
    """The fields under the names that the columns have."""
    return tuple(
        Field(name, field.kind, field.lowest, field.highest)
        for name, field in zip(name_fields(counts.fields), counts.fields, strict=True)
    )


def predicted_frame(columns: Columns) -> Frame:
    """cause, percent, respondents."""
    names = ("cause", "percent", "respondents")
    return pd.DataFrame({name: columns[name] for name in names})


def count_asked(columns: Columns, places: Places) -> int:
    """Respondents with a cause on the competitor's side: they were asked to whom they went."""
    of_set: Mapping[str, int] = _by_set(columns)
    return sum(
        number
        for cause_set, number in of_set.items()
        if any(places[code][0] == "competitor" for code in cause_set.split())
    )


def _by_set(columns: Columns) -> Mapping[str, int]:
    found: defaultdict[str, int] = defaultdict(int)
    for cause_set, number in zip(columns["cause_set"], columns["respondents"], strict=True):
        found[cause_set] += number
    return Counter(found)
