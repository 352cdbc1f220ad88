import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from reports.cause_report import build_cause_report
from reports.chart_canvas import wrapped
from reports.charts import (
    ChartWords,
    UnableToDrawChart,
    named_svg,
    pareto_svg,
    returns_svg,
    sides_svg,
    trend_svg,
)
from reports.schema import CauseReport
from tests.unit.reports.groups_of_answers import Group, report_input

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Долгое ожидание, очереди, нет ответа, проблема тянется нерешённой $5 & <ещё>"
WORDS = ChartWords(
    title="Почему уходят & куда",
    description="Столбцы показывают доли.",
    labels={
        "company.price": LONG,
        "client.budget": "Немає коштів",
        "company": "Компания",
        "client": "Клиент",
        "Aster": "=Астра",
    },
    axis="Готовность вернуться",
    played="сыграло роль",
    decided="решило",
    cumulative="решило, нарастающим итогом",
    withheld="скрыто:",
    percent="{} %",
    decimal_mark=",",
)
GROUPS: list[Group] = [
    ("company.price", "company.price", f"2024-{month:02d}", 20 + month) for month in range(1, 6)
] + [("client.budget", "client.budget", f"2024-{month:02d}", 12) for month in range(1, 6)]


def report(min_group: int = 5) -> CauseReport:
    return build_cause_report(
        report_input(
            GROUPS,
            returns=[("company.price", score, 6) for score in range(11)],
            competitors=[("Aster", "price", 30), ("Birch", "terms", 12)],
            min_group=min_group,
        )
    )


Draw = Callable[[CauseReport, int], bytes]
CHARTS: dict[str, Draw] = {
    "pareto": lambda told, width: pareto_svg(told, WORDS, width=width),
    "sides": lambda told, width: sides_svg(told, WORDS, width=width),
    "trend-sides": lambda told, width: trend_svg(
        told.trend_sides, WORDS, name="trend-sides", width=width
    ),
    "trend-causes": lambda told, width: trend_svg(
        told.trend_causes, WORDS, name="trend-causes", width=width
    ),
    "returns": lambda told, width: returns_svg(told, WORDS, width=width),
    "competitors": lambda told, width: named_svg(
        told.competitors, WORDS, name="competitors", width=width
    ),
}
every_chart = pytest.mark.parametrize("name", CHARTS)
every_width = pytest.mark.parametrize("width", [720, 320])


def texts(svg: bytes) -> str:
    return " ".join(text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text"))


@every_chart
@every_width
def test_a_chart_is_a_titled_image_of_its_width(name: str, width: int) -> None:
    svg = CHARTS[name](report(), width)
    root = ET.fromstring(svg)
    assert svg.startswith(b"<svg ")
    assert root.get("width") == str(width)
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert (title.text, description.text) == (WORDS.title, WORDS.description)
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


@every_chart
def test_equal_reports_give_equal_bytes(name: str) -> None:
    assert CHARTS[name](report(), 720) == CHARTS[name](report(), 720)


@every_chart
def test_a_chart_needs_no_inline_style_and_is_small(name: str) -> None:
    svg = CHARTS[name](report(), 720)
    assert b' style="' not in svg
    assert b"prefers-color-scheme:dark" in svg
    assert b"<metadata" not in svg
    assert len(svg) < 40_000


@every_width
@pytest.mark.parametrize("name", ["pareto", "trend-causes", "returns"])
def test_a_long_label_is_wrapped_and_whole(name: str, width: int) -> None:
    words = texts(CHARTS[name](report(), width))
    assert all(word in words for word in LONG.split())


def test_what_is_told_is_written_beside_the_bars() -> None:
    # 115 of 175 named the price, 60 the budget.
    words = texts(CHARTS["pareto"](report(), 720))
    assert "66 %" in words
    assert "34 %" in words
    assert "100 %" in words


def test_a_withheld_side_is_said_in_words() -> None:
    assert "скрыто: сыграло роль" in texts(CHARTS["sides"](report(), 720))


def test_charts_on_one_page_share_no_ids() -> None:
    seen: set[str] = set()
    for draw in CHARTS.values():
        ids = [e.get("id") for e in ET.fromstring(draw(report(), 720)).iter() if e.get("id")]
        names = {str(name) for name in ids}
        assert len(ids) == len(names)
        assert not seen & names
        seen |= names


@every_chart
def test_nothing_told_is_nothing_drawn(name: str) -> None:
    with pytest.raises(UnableToDrawChart):
        CHARTS[name](report(min_group=1000), 720)


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0 %"), (0.004, "0,4 %"), (0.0996, "10 %"), (0.347, "35 %"), (1, "100 %")],
)
def test_shares_in_words(share: float, words: str) -> None:
    assert WORDS.share(share) == words


def test_a_word_wider_than_the_room_is_broken_not_cut() -> None:
    assert "".join(wrapped("Ж" * 60, 120)) == "Ж" * 60


def test_reports_import_no_plotting_and_nothing_of_the_application() -> None:
    code = (
        "import sys, reports.cause_report, reports.document, reports.table;"
        "assert 'matplotlib' not in sys.modules;"
        "import reports.charts;"
        "assert 'matplotlib.pyplot' not in sys.modules;"
        "assert not [name for name in sys.modules if name.startswith(('flask', 'feedback_app'))]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
