"""Labelled rows of bars: what all bar charts of a report have in common."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from reports.chart_canvas import (
    INK,
    LINE_HEIGHT,
    MUTED,
    SIDE_COLOURS,
    SIDE_PATTERNS,
    SMALL_SIZE,
    STACKED_BELOW,
    Canvas,
    ChartWords,
    wrapped,
)
from reports.schema import SIDES

BAR, GAP = 15.0, 12.0


@dataclass(frozen=True)
class Row:
    """A labelled row: lines of its label, and where they and its bar stand (pixels)."""

    lines: list[str]
    label_top: float
    bar_middle: float


@dataclass(frozen=True)
class Rows:
    """Rows below each other, labels to the left or, on a narrow chart, above the bars."""

    rows: list[Row]
    height: float
    left: float

    def write_labels(self, canvas: Canvas, top: float, *, is_stacked: bool) -> None:
        """Set the labels; to the left of the bars they are flush right."""
        for row in self.rows:
            place = 0.0 if is_stacked else self.left - 10
            align = "left" if is_stacked else "right"
            canvas.write(place, top + row.label_top, row.lines, align=align)


def lay_rows(labels: list[str], width: int, *, bars: int = 1, beside: float = 0) -> Rows:
    """Rows for the labels; ``beside`` is the room that labels above bars leave free."""
    is_stacked = width < STACKED_BELOW
    left = 0.0 if is_stacked else round(width * 0.36)
    thick = BAR * bars
    rows, top = [], 0.0
    for label in labels:
        lines = wrapped(label, width - beside if is_stacked else left - 14)
        tall = len(lines) * LINE_HEIGHT
        if is_stacked:
            rows.append(Row(lines, top, top + tall + thick / 2 + 1))
            top += tall + thick + GAP + 4
        else:
            room = max(tall, thick)
            rows.append(Row(lines, top + (room - tall) / 2, top + room / 2))
            top += room + GAP
    return Rows(rows, top, left)


class Legend:
    """The sides that occur, each with its colour and pattern, in as many rows as needed."""

    def __init__(self, words: ChartWords, width: int, sides: list[str]) -> None:
        self.places: list[tuple[float, float, str, str]] = []
        left, top = 0.0, 0.0
        for side in SIDES:
            if side not in sides:
                continue
            label = words.label(side)
            needed = 24 + len(label) * SMALL_SIZE * 0.6 + 18
            if left and left + needed > width:
                left, top = 0.0, top + LINE_HEIGHT + 2
            self.places.append((left, top, side, label))
            left += needed
        self.height = top + LINE_HEIGHT + 12

    def draw(self, canvas: Canvas) -> None:
        """Draw swatches and words at the top of the canvas."""
        for left, top, side, label in self.places:
            axes = canvas.panel(left, top + 2, 16, 12)
            axes.set_xlim(0, 1)
            axes.set_xticks([])
            bar(axes, 6, 1, side, thick=12)
            canvas.write(left + 23, top - 0.5, [label], size=SMALL_SIZE, colour=MUTED)


def bar(
    axes: Axes, middle: float, share: float, side: str, *, strength: float = 1, thick: float = BAR
) -> None:
    """A horizontal bar in the colour and pattern of its side."""
    axes.barh(
        middle,
        share,
        height=thick,
        color=SIDE_COLOURS[side],
        hatch=SIDE_PATTERNS[side],
        edgecolor="#ffffff66",
        linewidth=0,
        alpha=None if strength == 1 else strength,
    )


def whisker(axes: Axes, middle: float, low: float, high: float) -> None:
    """A thin line over an interval."""
    axes.plot([low, high], [middle, middle], color=INK, linewidth=1.4, clip_on=False)


def value(axes: Axes, middle: float, after: float, text: str) -> None:
    """Words right of a bar."""
    axes.annotate(
        text,
        (after, middle),
        xytext=(7, 0),
        textcoords="offset points",
        va="center_baseline",
        color=INK,
        annotation_clip=False,
    )


def baseline(axes: Axes) -> None:
    """The line that all bars start from."""
    axes.axvline(0, color=MUTED, linewidth=1, clip_on=False)
