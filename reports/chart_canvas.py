"""Drawing surface of the charts: one unit is one CSS pixel, text stays text.

The SVG carries no date and no random ids, so equal reports give equal bytes. It starts at
``<svg`` and uses attributes rather than style declarations, so it may be served as a file
or set into a page whose content policy forbids inline styles. On a dark screen its own
style sheet swaps the ink; the colours of the bars are mid-tones that hold on both.
"""

import io
import re
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

WIDE, NARROW = 720, 320
# Below this width labels stand above their bars instead of to the left.
STACKED_BELOW = 480

INK, MUTED, FAINT = "#1f2a36", "#5c6773", "#d3d9df"
DARK_INK, DARK_MUTED, DARK_FAINT = "#e9edf1", "#a7b1bb", "#3c4650"

# Mid-tones: at least 3:1 on white and on near-black; told apart in all three common kinds
# of colour blindness, and by pattern.
SIDE_COLOURS = {"competitor": "#c8661b", "company": "#3b7dd8", "client": "#15907a"}
SIDE_PATTERNS = {"competitor": "////", "company": "", "client": "||||"}
LINE_COLOURS = ("#3b7dd8", "#c8661b", "#15907a", "#9a62c7", "#b5527c")
LINE_MARKERS = ("o", "s", "^", "D", "v")

TEXT_SIZE, SMALL_SIZE, LINE_HEIGHT = 13.0, 12.0, 17.0
# Average advance of a character in the widest of the fonts below, as a part of its size.
CHARACTER = 0.62
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"

SETTINGS = {
    "svg.fonttype": "none",
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT_SIZE,
    "hatch.linewidth": 1.0,
    "path.simplify": False,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    # Minus signs and dollars of labels are text, never formulas.
    "text.parse_math": False,
}


class UnableToDrawChart(ValueError):
    """The report has nothing to draw here: none was given, or all of it is withheld."""


@dataclass(frozen=True)
class ChartWords:
    """Every word of a chart, already in the reader's language.

    ``labels``: words for cause codes, sides, competitors and offers; a code without one
    is shown as it is. ``axis`` names the numbers. ``played``, ``decided`` and
    ``cumulative`` name the series; ``withheld`` stands where a number is withheld;
    ``percent`` shows a percentage, such as "{} %"; ``decimal_mark`` is "." or ",".
    """

    title: str
    description: str
    labels: Mapping[str, str] = field(default_factory=dict)
    axis: str = ""
    played: str = ""
    decided: str = ""
    cumulative: str = ""
    withheld: str = ""
    percent: str = "{}%"
    decimal_mark: str = "."

    def label(self, code: str) -> str:
        """The words for a code."""
        return self.labels.get(code, code)

    def share(self, share: float) -> str:
        """A share in whole percent, with one decimal below 10 %."""
        percent = share * 100
        digits = f"{percent:.1f}" if 0 < round(percent, 1) < 10 else f"{percent:.0f}"  # noqa: PLR2004
        return self.percent.format(digits.replace(".", self.decimal_mark))

    def number(self, number: float) -> str:
        """A number with one decimal."""
        return f"{number:.1f}".replace(".", self.decimal_mark)


def wrapped(text: str, width: float, size: float = TEXT_SIZE) -> list[str]:
    """The text in lines that fit the width in pixels; a longer word is broken."""
    characters = max(8, int(width / (size * CHARACTER)))
    return textwrap.wrap(text, characters) or [""]


class Canvas:
    """A figure measured in pixels from its upper left corner."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        # 72 dots per inch make one point one pixel of the SVG.
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        self.figure.patch.set_visible(False)
        FigureCanvasSVG(self.figure)

    def panel(self, left: float, top: float, width: float, height: float) -> Axes:
        """An empty plot area whose vertical unit is the pixel, counted downwards."""
        box = (
            left / self.width,
            1 - (top + height) / self.height,
            width / self.width,
            height / self.height,
        )
        axes = self.figure.add_axes(box)
        axes.patch.set_visible(False)
        axes.set_ylim(height, 0)
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(length=0, labelsize=SMALL_SIZE)
        axes.set_axisbelow(True)
        return axes

    def write(
        self,
        left: float,
        top: float,
        lines: list[str],
        *,
        colour: str = INK,
        size: float = TEXT_SIZE,
        align: str = "left",
        weight: str = "normal",
    ) -> None:
        """Lines of text, the first one's middle half a line below ``top``."""
        for number, line in enumerate(lines):
            self.figure.text(
                left / self.width,
                1 - (top + (number + 0.5) * LINE_HEIGHT) / self.height,
                line,
                color=colour,
                size=size,
                ha=align,
                va="center_baseline",
                weight=weight,
            )

    def svg(self, name: str, words: ChartWords) -> bytes:
        """The picture; ``name`` keeps its ids apart from those of other charts."""
        with mpl.rc_context({"svg.hashsalt": name}):
            raw = io.StringIO()
            # Without the date equal reports give equal bytes.
            self.figure.savefig(raw, format="svg", metadata={"Date": None}, transparent=True)
        return _finished(raw.getvalue(), name, words, self.width, self.height).encode()


@contextmanager
def drawing_settings() -> Iterator[None]:
    """Draw with the settings of our charts; those of the process come back after."""
    with mpl.rc_context(SETTINGS):  # type: ignore[arg-type]
        yield


def _finished(raw: str, name: str, words: ChartWords, width: float, height: float) -> str:
    body = raw[raw.index("<svg") :]
    body = body[body.index(">") + 1 :]
    body = re.sub(r"\s*<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r"\s*<defs>\s*<style.*?</style>\s*</defs>", "", body, flags=re.DOTALL)
    body = re.sub(r' style="([^"]*)"', _as_attributes, body)
    referred = set(re.findall(r"#([\w-]+)", body))
    body = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in referred else "", body)
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' class="chart" role="img" aria-labelledby="{name}-title {name}-description"'
        f' viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
        f' stroke-linejoin="round">\n'
        f'<title id="{name}-title">{escape(words.title)}</title>\n'
        f'<desc id="{name}-description">{escape(words.description)}</desc>\n'
        f"<style>{_dark_style()}</style>"
    )
    return head + body


def _dark_style() -> str:
    swaps = ((INK, DARK_INK), (MUTED, DARK_MUTED), (FAINT, DARK_FAINT))
    rules = "".join(
        f'.chart [fill="{light}"]{{fill:{dark}}}.chart [stroke="{light}"]{{stroke:{dark}}}'
        for light, dark in swaps
    )
    return f"@media (prefers-color-scheme:dark){{{rules}}}"


def _as_attributes(found: re.Match[str]) -> str:
    """Style declarations as attributes; the font shorthand has none and is taken apart."""
    attributes = []
    for declaration in found[1].split(";"):
        key, _, value = declaration.strip().partition(": ")
        if key == "font":
            font = re.fullmatch(r"(?:(bold|\d+) )?([\d.]+)px .*", value)
            if font is None:
                raise UnableToDrawChart(f"a font of the drawing cannot be read: {value}")
            attributes += [("font-size", font[2]), ("font-family", FONTS)]
            attributes += [("font-weight", font[1])] if font[1] else []
        elif key:
            attributes.append((key, value))
    return "".join(f' {key}="{value}"' for key, value in attributes)
