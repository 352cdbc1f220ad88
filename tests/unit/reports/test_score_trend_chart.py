"""A score over time as a picture: a line, its intervals, a scale that holds them."""

import xml.etree.ElementTree as ET

import pytest

from reports.chart_canvas import ChartWords, UnableToDrawChart
from reports.score_schema import Score, ScorePeriod
from reports.score_trend_chart import score_trend_svg

WORDS = ChartWords(
    title="Готовность рекомендовать",
    description="Линия: балл по месяцам.",
    labels={},
    axis="",
    played="",
    decided="",
    cumulative="",
    withheld="",
    percent="{} %",
    decimal_mark=",",
)
SHARE, POINTS = (0.0, 1.0), (-100.0, 100.0)


def step(month: str, value: float | None, low: float | None, high: float | None) -> ScorePeriod:
    return ScorePeriod(month, month, 40, Score(value, low, high))


def texts(svg: bytes) -> list[str]:
    """Every word of the picture, its title and description included."""
    return [text.strip() for text in ET.fromstring(svg).itertext() if text.strip()]


@pytest.mark.parametrize("width", [720, 320])
def test_points_and_shares_are_said_as_they_are_read(width: int) -> None:
    steps = [step("2024-01", -12.4, -30.0, 5.0), step("2024-02", -3.6, -20.0, 13.0)]
    told = texts(score_trend_svg(steps, WORDS, ends=POINTS, width=width))
    assert "\N{MINUS SIGN}4" in told
    assert {"\N{MINUS SIGN}50", "+25"} <= set(told), "the scale holds both intervals"
    assert WORDS.title in told
    assert WORDS.description in told
    shares = [step("2024-01", 0.31, 0.22, 0.41), step("2024-06", 0.5, 0.4, 0.6)]
    told = texts(score_trend_svg(shares, WORDS, ends=SHARE, width=width))
    assert "50 %" in told
    assert "2024-06" in told or "2024-03" in told


def test_the_scale_never_leaves_its_ends() -> None:
    steps = [step("2024-01", 0.99, 0.93, 1.0), step("2024-02", 1.0, 0.95, 1.0)]
    told = texts(score_trend_svg(steps, WORDS, ends=SHARE))
    assert "100 %" in told
    assert not {text for text in told if text.startswith("1") and text > "100 %"}


def test_a_score_without_an_interval_is_drawn_all_the_same() -> None:
    steps = [step("2024-01", 0.0, None, None), step("2024-02", 0.0, None, None)]
    assert "0" in texts(score_trend_svg(steps, WORDS, ends=POINTS))


def test_years_of_months_keep_few_ticks() -> None:
    months = [f"{2015 + at // 12}-{at % 12 + 1:02d}" for at in range(110)]
    steps = [step(month, 10.0, 0.0, 20.0) for month in months]
    told = texts(score_trend_svg(steps, WORDS, ends=POINTS, width=320))
    assert sum(text[:2] == "20" for text in told) <= 3


def test_one_period_is_no_trend() -> None:
    steps = [step("2024-01", 0.3, 0.2, 0.4), step("2024-02", None, None, None)]
    with pytest.raises(UnableToDrawChart):
        score_trend_svg(steps, WORDS, ends=SHARE)
