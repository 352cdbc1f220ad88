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
