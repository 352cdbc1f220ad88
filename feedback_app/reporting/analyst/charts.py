"""Charts of a report, by the name that a page asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from reports.charts import (
    ChartWords,
    UnableToDrawChart,
    pareto_svg,
    returns_svg,
    sides_svg,
    trend_svg,
)
from reports.schema import CauseReport
from reports.score_schema import Score, ScorePeriod
from reports.score_trend_chart import score_trend_svg


def draw(report: CauseReport, name: str, words: Mapping[str, Any], *, width: int) -> str | None:
    """The chart `name` as SVG text, None where the report has nothing told to draw."""
    drawers: dict[str, Callable[[], bytes]] = {
        "pareto": partial(pareto_svg, report, ChartWords(**words), width=width),
        "sides": partial(sides_svg, report, ChartWords(**words), width=width),
        "returns": partial(returns_svg, report, ChartWords(**words), width=width),
        "trend-sides": partial(
            trend_svg, report.trend_sides, ChartWords(**words), name=name, width=width
        ),
        "trend-causes": partial(
            trend_svg, report.trend_causes, ChartWords(**words), name=name, width=width
        ),
    }
    try:
        return drawers[name]().decode()
    except UnableToDrawChart:
        return None


def draw_score_trend(question: Mapping[str, Any]) -> str | None:
    """A score over time as SVG text; `question` holds the steps of the report's document."""
    steps = [
        ScorePeriod(
            step["from"],
            step["to"],
            step["respondents"],
            Score(step["score"], step["low"], step["high"]),
        )
        for step in question["trend"]
    ]
    words = ChartWords(**question["words"])
    try:
        svg = score_trend_svg(steps, words, ends=tuple(question["ends"]), width=question["width"])
    except UnableToDrawChart:
        return None
    return svg.decode()
