"""The charts of a cause report as SVG bytes; every word comes from the caller.

Each takes ``width`` in pixels: 720 for a desktop page, 320 for a phone. All raise
UnableToDrawChart when the report has nothing told to draw.
"""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from reports.chart_canvas import (
    CHARACTER,
    FAINT,
    INK,
    LINE_HEIGHT,
    MUTED,
    NARROW,
    SIDE_COLOURS,
    SMALL_SIZE,
    STACKED_BELOW,
    TEXT_SIZE,
    WIDE,
    Canvas,
    ChartWords,
    UnableToDrawChart,
    drawing_settings,
    wrapped,
)
from reports.chart_rows import BAR, Legend, Rows, bar, baseline, lay_rows, value, whisker
from reports.schema import CauseReport, NamedTable
from reports.trend_chart import trend_svg

__all__ = [
    "NARROW",
    "WIDE",
    "ChartWords",
    "UnableToDrawChart",
    "named_svg",
    "pareto_svg",
    "returns_svg",
    "sides_svg",
    "trend_svg",
]

VALUE_ROOM = 58.0
AXIS_ROOM = 26.0
# A Pareto reader looks for the few causes that make up this much.
PARETO_MARK = 0.8


def pareto_svg(
    report: CauseReport, words: ChartWords, *, width: int = WIDE, limit: int = 12
) -> bytes:
    """The first ``limit`` causes by "played a part", and beside them what share of all
    respondents the causes so far decided for, summed downwards (a hollow point: the
    cause's own share is withheld, so the sum is a least value)."""
    causes = report.causes[:limit]
    if not causes:
        raise UnableToDrawChart("no cause is told")
    labels = [f"{row.rank}. {words.label(row.code)}" for row in causes]
    sum_width = round(width * 0.22)
    laid = lay_rows(labels, width, beside=sum_width + 30)
    with drawing_settings():
        legend = Legend(words, width, [row.side for row in causes])
        top = legend.height + _heading_height(words, width, sum_width)
        canvas = Canvas(width, top + laid.height + AXIS_ROOM)
        legend.draw(canvas)
        bars_width = width - laid.left - sum_width - VALUE_ROOM - 14
        bars = canvas.panel(laid.left, top, bars_width, laid.height)
        bars.set_xlim(0, max(row.high for row in causes))
        for row, place in zip(causes, laid.rows, strict=True):
            bar(bars, place.bar_middle, row.share, row.side)
            whisker(bars, place.bar_middle, row.low, row.high)
            value(bars, place.bar_middle, row.high, words.share(row.share))
        baseline(bars)
        bars.set_xticks([])
        laid.write_labels(canvas, top, is_stacked=width < STACKED_BELOW)
        _headings(canvas, words, laid.left, legend.height, width, sum_width)
        decided = canvas.panel(width - sum_width - 14, top, sum_width, laid.height)
        _cumulative(decided, [row.primary for row in causes], report, laid, words)
        return canvas.svg("pareto", words)


def _heading_height(words: ChartWords, width: int, sum_width: float) -> float:
    lines = max(
        len(wrapped(words.played, width - sum_width - 40, SMALL_SIZE)),
        len(wrapped(words.cumulative, sum_width + 14, SMALL_SIZE)),
    )
    return lines * LINE_HEIGHT + 6


def _headings(
    canvas: Canvas, words: ChartWords, left: float, top: float, width: int, sum_width: float
) -> None:
    room = width - left - sum_width - 40
    played = wrapped(words.played, room, SMALL_SIZE)
    canvas.write(left, top, played, colour=MUTED, size=SMALL_SIZE)
    total = wrapped(words.cumulative, sum_width + 14, SMALL_SIZE)
    canvas.write(width, top, total, colour=MUTED, size=SMALL_SIZE, align="right")


def _cumulative(
    axes: Axes, primary: list[int | None], report: CauseReport, laid: Rows, words: ChartWords
) -> None:
    total = report.respondents or 1
    so_far, points = 0, []
    for count in primary:
        so_far += count or 0
        points.append(so_far / total)
    middles = [row.bar_middle for row in laid.rows]
    axes.set_xlim(0, 1)
    axes.set_xticks([0, PARETO_MARK], [words.share(0), words.share(PARETO_MARK)])
    axes.grid(axis="x", color=FAINT, linewidth=1)
    axes.plot(points, middles, color=MUTED, linewidth=1.6, clip_on=False)
    for point, middle, count in zip(points, middles, primary, strict=True):
        inside = "none" if count is None else MUTED
        axes.plot([point], [middle], "o", ms=5.5, mec=MUTED, mfc=inside, clip_on=False)
    at_right = points[-1] < 0.55  # noqa: PLR2004 - the side of the point with more room
    axes.annotate(
        words.share(points[-1]),
        (points[-1], middles[-1]),
        xytext=(8 if at_right else -8, 0),
        textcoords="offset points",
        ha="left" if at_right else "right",
        va="center_baseline",
        color=INK,
    )


def sides_svg(report: CauseReport, words: ChartWords, *, width: int = WIDE) -> bytes:
    """The three sides: share that named one of its causes, and share it decided for."""
    pairs = list(zip(report.sides, report.sides_decided, strict=True))
    if all(row.share is None for pair in pairs for row in pair):
        raise UnableToDrawChart("no side is told")
    laid = lay_rows([words.label(named.side) for named, _ in pairs], width, bars=3)
    with drawing_settings():
        top = LINE_HEIGHT * 0.5
        canvas = Canvas(width, top + laid.height)
        longest = max(len(words.share(0.1)) + 1 + len(w) for w in (words.played, words.decided))
        room = min(14 + longest * TEXT_SIZE * CHARACTER, (width - laid.left) * 0.6)
        axes = canvas.panel(laid.left, top, width - laid.left - room, laid.height)
        highs = [row.high for pair in pairs for row in pair if row.high is not None]
        axes.set_xlim(0, max(highs))
        axes.set_xticks([])
        for pair, place in zip(pairs, laid.rows, strict=True):
            named = zip(pair, (words.played, words.decided), (-1, 1), (1.0, 0.55), strict=True)
            for row, word, direction, strength in named:
                middle = place.bar_middle + direction * BAR * 0.68
                if row.share is None or row.low is None or row.high is None:
                    value(axes, middle, 0, f"{words.withheld} {word}")
                    continue
                bar(axes, middle, row.share, row.side, strength=strength)
                whisker(axes, middle, row.low, row.high)
                value(axes, middle, row.high, f"{words.share(row.share)} {word}")
        baseline(axes)
        laid.write_labels(canvas, top, is_stacked=width < STACKED_BELOW)
        return canvas.svg("sides", words)


def named_svg(
    table: NamedTable, words: ChartWords, *, name: str, width: int = WIDE, limit: int = 10
) -> bytes:
    """Competitors or offers; ``name`` ("competitors", "offers") keeps ids apart."""
    rows = table.rows[:limit]
    if not rows:
        raise UnableToDrawChart(f"no row of {name} is told")
    laid = lay_rows([words.label(row.code) for row in rows], width)
    with drawing_settings():
        canvas = Canvas(width, laid.height)
        bars_width = width - laid.left - VALUE_ROOM
        axes = canvas.panel(laid.left, 0, bars_width, laid.height)
        axes.set_xlim(0, max(row.high for row in rows))
        axes.set_xticks([])
        for row, place in zip(rows, laid.rows, strict=True):
            bar(axes, place.bar_middle, row.share, "competitor")
            whisker(axes, place.bar_middle, row.low, row.high)
            value(axes, place.bar_middle, row.high, words.share(row.share))
        baseline(axes)
        laid.write_labels(canvas, 0, is_stacked=width < STACKED_BELOW)
        return canvas.svg(name, words)


def returns_svg(
    report: CauseReport, words: ChartWords, *, width: int = WIDE, limit: int = 12
) -> bytes:
    """Mean willingness to return with its interval, over the spread of answers."""
    rows = [row for row in report.returns if row.mean is not None][:limit]
    if not rows:
        raise UnableToDrawChart("no willingness to return is told")
    laid = lay_rows([words.label(row.code) for row in rows], width)
    with drawing_settings():
        axis = wrapped(words.axis, width - laid.left, SMALL_SIZE)
        canvas = Canvas(width, laid.height + AXIS_ROOM + len(axis) * LINE_HEIGHT)
        axes = canvas.panel(laid.left + 6, 0, width - laid.left - 56, laid.height)
        axes.set_xlim(-0.5, 10.5)
        axes.set_xticks([0, 5, 10])
        axes.grid(axis="x", color=FAINT, linewidth=1)
        for row, place in zip(rows, laid.rows, strict=True):
            middle, colour = place.bar_middle, SIDE_COLOURS[row.side]
            for band in row.distribution:
                scores = band.high_score - band.low_score + 1
                corner = (band.low_score - 0.5, middle - BAR / 2)
                # As strong as the share of each score; a quarter of all answers is full.
                strength = min(0.75, 3 * band.share / scores)
                axes.add_patch(Rectangle(corner, scores, BAR, color=colour, alpha=strength, lw=0))
            if row.low is not None and row.high is not None:
                whisker(axes, middle, row.low, row.high)
            mean = row.mean or 0.0
            axes.plot([mean], [middle], "o", ms=6, color=INK, clip_on=False)
            value(axes, middle, 10.5, words.number(mean))
        laid.write_labels(canvas, 0, is_stacked=width < STACKED_BELOW)
        foot = laid.height + AXIS_ROOM - 4
        canvas.write(laid.left, foot, axis, colour=MUTED, size=SMALL_SIZE)
        return canvas.svg("returns", words)
