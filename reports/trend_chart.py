"""The trend as a line chart with words at the end of each line."""

from matplotlib.axes import Axes

from reports.chart_canvas import (
    FAINT,
    LINE_COLOURS,
    LINE_HEIGHT,
    LINE_MARKERS,
    MUTED,
    SIDE_COLOURS,
    SMALL_SIZE,
    STACKED_BELOW,
    WIDE,
    Canvas,
    ChartWords,
    UnableToDrawChart,
    drawing_settings,
    wrapped,
)
from reports.schema import Period, Trend

PLOT_HEIGHT = 240.0
LEFT, BOTTOM = 44.0, 30.0


def trend_svg(trend: Trend, words: ChartWords, *, name: str, width: int = WIDE) -> bytes:
    """Share of respondents over time, one line per side or cause.

    ``name`` ("trend-sides", "trend-causes") keeps ids apart from the other trend's.
    Raises UnableToDrawChart for fewer than two periods with answers.
    """
    told = [place for place, step in enumerate(trend.periods) if step.respondents]
    if len(told) < 2 or not trend.series:  # noqa: PLR2004 - a line has two ends
        raise UnableToDrawChart("a trend needs two periods")
    is_stacked = width < STACKED_BELOW
    room = 16.0 if is_stacked else round(width * 0.34)
    labels = [wrapped(words.label(s.code), _label_room(width, room)) for s in trend.series]
    rows_below = sum(len(lines) for lines in labels) * LINE_HEIGHT + 8 * len(labels)
    height = 12 + PLOT_HEIGHT + BOTTOM + (rows_below if is_stacked else 0)
    with drawing_settings():
        canvas = Canvas(width, height)
        axes = canvas.panel(LEFT, 12, width - LEFT - room, PLOT_HEIGHT)
        top_share = _draw_lines(axes, trend, told)
        _draw_scales(axes, trend.periods, words, top_share, is_stacked=is_stacked)
        if is_stacked:
            _labels_below(canvas, trend, labels, 12 + PLOT_HEIGHT + BOTTOM)
        else:
            _labels_beside(canvas, trend, labels, told[-1], top_share, width - room)
        return canvas.svg(name, words)


def _label_room(width: int, room: float) -> float:
    return width - 30 if width < STACKED_BELOW else room - 46


def _colour(code: str, place: int) -> str:
    return SIDE_COLOURS.get(code) or LINE_COLOURS[place % len(LINE_COLOURS)]


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _middle(step: Period) -> float:
    return (_month_number(step.first_month) + _month_number(step.last_month)) / 2


def _draw_lines(axes: Axes, trend: Trend, told: list[int]) -> float:
    """Draw the lines; return the share at the upper edge."""
    times = [_middle(trend.periods[place]) for place in told]
    top = max(line.points[place].share or 0.0 for line in trend.series for place in told)
    steps = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
    edge = next(step for step in steps if step >= min(1.0, top))
    axes.set_ylim(0, edge)
    axes.set_xlim(times[0], times[-1])
    for place, line in enumerate(trend.series):
        axes.plot(
            times,
            [line.points[step].share or 0.0 for step in told],
            color=_colour(line.code, place),
            marker=LINE_MARKERS[place % len(LINE_MARKERS)],
            markersize=5,
            linewidth=1.8,
            clip_on=False,
        )
    return edge


def _draw_scales(
    axes: Axes, periods: tuple[Period, ...], words: ChartWords, edge: float, *, is_stacked: bool
) -> None:
    axes.set_yticks([0, edge / 2, edge], [words.share(s) for s in (0, edge / 2, edge)])
    axes.grid(axis="y", color=FAINT, linewidth=1)
    first, last = axes.get_xlim()
    months = range(_month_number(periods[0].first_month), _month_number(periods[-1].last_month) + 1)
    inside = [month for month in months if first <= month <= last]
    most = 3 if is_stacked else 6
    every = next(n for n in (1, 2, 3, 6, 12, 24, 60, 120) if len(inside) / n <= most)
    shown = [month for month in inside if month % every == 0] or inside[:1]
    axes.set_xticks(shown, [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in shown])
    axes.tick_params(axis="x", pad=8)


def _labels_beside(
    canvas: Canvas, trend: Trend, labels: list[list[str]], last: int, edge: float, left: float
) -> None:
    """Each label where its line ends, pushed apart so that none overlap."""
    ends = [
        12 + PLOT_HEIGHT * (1 - (line.points[last].share or 0.0) / edge) for line in trend.series
    ]
    order = sorted(range(len(ends)), key=lambda place: ends[place])
    tops: dict[int, float] = {}
    free = 0.0
    for place in order:
        tall = len(labels[place]) * LINE_HEIGHT
        tops[place] = max(free, ends[place] - tall / 2)
        free = tops[place] + tall + 3
    # What was pushed below the lower edge pushes the others up again.
    limit = 12 + PLOT_HEIGHT + BOTTOM
    for place in reversed(order):
        tall = len(labels[place]) * LINE_HEIGHT
        tops[place] = min(tops[place], limit - tall)
        limit = tops[place] - 3
    for place, line in enumerate(trend.series):
        _swatch(canvas, left + 14, tops[place], place, line.code)
        canvas.write(left + 42, tops[place], labels[place], colour=MUTED, size=SMALL_SIZE)


def _labels_below(canvas: Canvas, trend: Trend, labels: list[list[str]], top: float) -> None:
    """A list of the lines under the plot, each with its marker."""
    for place, line in enumerate(trend.series):
        _swatch(canvas, 0, top, place, line.code)
        canvas.write(28, top, labels[place], colour=MUTED, size=SMALL_SIZE)
        top += len(labels[place]) * LINE_HEIGHT + 8


def _swatch(canvas: Canvas, left: float, top: float, place: int, code: str) -> None:
    """A short piece of the line with its marker."""
    axes = canvas.panel(left, top, 20, LINE_HEIGHT)
    axes.set_xlim(0, 20)
    axes.set_xticks([])
    colour, marker = _colour(code, place), LINE_MARKERS[place % len(LINE_MARKERS)]
    axes.plot([0, 20], [LINE_HEIGHT / 2] * 2, color=colour, linewidth=1.8)
    axes.plot([10], [LINE_HEIGHT / 2], marker, color=colour, markersize=5)
