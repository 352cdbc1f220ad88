"""A score over time: one line, its intervals as a band around it."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from reports.chart_canvas import (
    FAINT,
    INK,
    LINE_COLOURS,
    MUTED,
    STACKED_BELOW,
    WIDE,
    Canvas,
    ChartWords,
    UnableToDrawChart,
    drawing_settings,
)
from reports.score_schema import ScorePeriod

PLOT_HEIGHT = 170.0
LEFT, TOP, RIGHT, BOTTOM = 44.0, 18.0, 52.0, 30.0
FEWEST_STEPS = 2
MOST_TICKS, MOST_TICKS_NARROW = 6, 3
BAND = 0.18


def score_trend_svg(
    trend: Sequence[ScorePeriod],
    words: ChartWords,
    *,
    ends: tuple[float, float],
    width: int = WIDE,
) -> bytes:
    """The line between the ``ends`` of its scale, as much of it as the intervals need.

    Raises UnableToDrawChart for fewer than two periods with a score.
    """
    steps = [step for step in trend if step.score.value is not None]
    if len(steps) < FEWEST_STEPS:
        raise UnableToDrawChart("a trend needs two periods")
    is_points = ends[0] < 0
    with drawing_settings():
        canvas = Canvas(width, TOP + PLOT_HEIGHT + BOTTOM)
        axes = canvas.panel(LEFT, TOP, width - LEFT - RIGHT, PLOT_HEIGHT)
        _draw_line(axes, steps)
        _draw_scale(axes, steps, words, ends, is_points=is_points)
        _draw_months(axes, width)
        last = steps[-1]
        value = last.score.value or 0.0
        axes.annotate(
            _said(value, words, is_points=is_points),
            (_middle(last), value),
            xytext=(9, 0),
            textcoords="offset points",
            va="center_baseline",
            color=INK,
            weight="bold",
            annotation_clip=False,
        )
        return canvas.svg("score-trend", words)


def _draw_line(axes: Axes, steps: Sequence[ScorePeriod]) -> None:
    times = [_middle(step) for step in steps]
    values = [step.score.value or 0.0 for step in steps]
    lows = [
        value if step.score.low is None else step.score.low
        for step, value in zip(steps, values, strict=True)
    ]
    highs = [
        value if step.score.high is None else step.score.high
        for step, value in zip(steps, values, strict=True)
    ]
    colour = LINE_COLOURS[0]
    axes.fill_between(times, lows, highs, color=colour, alpha=BAND, linewidth=0)
    axes.plot(times, values, color=colour, marker="o", markersize=5.5, linewidth=2, clip_on=False)
    axes.set_xlim(times[0], times[-1])


def _draw_scale(
    axes: Axes,
    steps: Sequence[ScorePeriod],
    words: ChartWords,
    ends: tuple[float, float],
    *,
    is_points: bool,
) -> None:
    """Ticks at even numbers around all intervals."""
    lows = [step.score.low for step in steps if step.score.low is not None]
    highs = [step.score.high for step in steps if step.score.high is not None]
    values = [step.score.value or 0.0 for step in steps]
    step_size = 25.0 if is_points else 0.1
    low = max(ends[0], min([*lows, *values]) // step_size * step_size)
    high = min(ends[1], -(-max([*highs, *values]) // step_size) * step_size)
    if high - low < 2 * step_size:
        low, high = max(ends[0], low - step_size), min(ends[1], high + step_size)
    middle = (low + high) / 2
    axes.set_ylim(low, high)
    ticks = [low, middle, high]
    axes.set_yticks(ticks, [_said(tick, words, is_points=is_points) for tick in ticks])
    axes.grid(axis="y", color=FAINT, linewidth=1)
    if low < 0 < high:
        axes.axhline(0, color=MUTED, linewidth=1)


def _draw_months(axes: Axes, width: int) -> None:
    most = MOST_TICKS_NARROW if width < STACKED_BELOW else MOST_TICKS
    first, last = axes.get_xlim()
    months = [month for month in range(round(first), round(last) + 1) if first <= month <= last]
    every = next(n for n in (1, 2, 3, 6, 12, 24, 60, 120) if len(months) / n <= most)
    shown = [month for month in months if month % every == 0] or months[:1]
    axes.set_xticks(shown, [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in shown])
    axes.tick_params(axis="x", pad=8)


def _middle(step: ScorePeriod) -> float:
    return (_number(step.first_month) + _number(step.last_month)) / 2


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _said(value: float, words: ChartWords, *, is_points: bool) -> str:
    if not is_points:
        return words.share(value)
    return f"{value:+.0f}".replace("-", "\N{MINUS SIGN}") if round(value) else "0"
