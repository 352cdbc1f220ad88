from reports.cause_report import build_cause_report
from reports.schema import Trend
from tests.unit.reports.groups_of_answers import Group, report_input


def spans(trend: Trend) -> list[tuple[str, str, int]]:
    return [(step.first_month, step.last_month, step.respondents) for step in trend.periods]


def line(trend: Trend, code: str) -> list[int | None]:
    (found,) = [series for series in trend.series if series.code == code]
    return [point.respondents for point in found.points]


def month(number: int, price: int, budget: int) -> list[Group]:
    name = f"2024-{number:02d}"
    return [
        ("company.price", "company.price", name, price),
        ("client.budget", "client.budget", name, budget),
    ]


def test_months_large_enough_stay_apart() -> None:
    report = build_cause_report(report_input(month(1, 20, 30) + month(2, 25, 10), min_group=5))
    assert spans(report.trend_sides) == [("2024-01", "2024-01", 50), ("2024-02", "2024-02", 35)]
    assert line(report.trend_sides, "company") == [20, 25]
    assert line(report.trend_causes, "client.budget") == [30, 10]


def test_a_small_month_joins_the_next_one() -> None:
    rows = month(1, 20, 30) + month(2, 3, 10) + month(3, 9, 9) + month(4, 10, 10)
    report = build_cause_report(report_input(rows, min_group=5))
    assert spans(report.trend_sides) == [
        ("2024-01", "2024-01", 50),
        ("2024-02", "2024-03", 31),
        ("2024-04", "2024-04", 20),
    ]
    assert line(report.trend_sides, "company") == [20, 12, 10]


def test_a_small_last_month_joins_the_one_before() -> None:
    rows = month(1, 20, 30) + month(2, 30, 30) + month(3, 3, 9)
    report = build_cause_report(report_input(rows, min_group=5))
    assert spans(report.trend_sides) == [("2024-01", "2024-01", 50), ("2024-02", "2024-03", 72)]


def test_months_without_answers_are_there_and_empty() -> None:
    report = build_cause_report(report_input(month(1, 40, 40) + month(3, 40, 40), min_group=5))
    assert spans(report.trend_sides)[1] == ("2024-02", "2024-02", 0)
    assert line(report.trend_sides, "company") == [40, 0, 40]
    (company, *_) = [s for s in report.trend_sides.series if s.code == "company"]
    assert company.points[1].share is None


def test_trends_cross_the_year() -> None:
    rows: list[Group] = [
        ("company.price", "", "2023-12", 4),
        ("company.price", "", "2024-02", 6),
    ]
    report = build_cause_report(report_input(rows))
    assert [s.first_month for s in report.trend_sides.periods] == ["2023-12", "2024-01", "2024-02"]
    assert line(report.trend_causes, "company.price") == [4, 0, 6]


def test_a_line_never_leaves_one_small_cause_over() -> None:
    # quality has 6 in all, 2 and 4 by month: company less price would tell them.
    rows = month(1, 40, 40) + month(2, 40, 40)
    rows += [
        ("company.quality", "company.quality", "2024-01", 2),
        ("company.quality", "company.quality", "2024-02", 4),
    ]
    report = build_cause_report(report_input(rows, min_group=5))
    lines = {series.code for series in report.trend_causes.series}
    assert "company.price" not in lines
    assert line(report.trend_sides, "company") == [42, 44]
