"""What a report withholds cannot be computed from what it tells."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reports.cause_report import build_cause_report
from reports.document import to_document
from reports.schema import SIDES
from tests.unit.reports.attacker import Attacker, Count, Kind
from tests.unit.reports.groups_of_answers import CATALOGUE, Group, report_input

CODES = [cause.code for cause in CATALOGUE]
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def groups(draw: st.DrawFn, *, single_choice: bool) -> list[Group]:
    largest = draw(st.sampled_from([8, 40, 200]))
    used = draw(st.lists(st.sampled_from(CODES), min_size=1, unique=True))
    most = 1 if single_choice else 3
    sets = st.lists(st.sampled_from(used), max_size=most, unique=True).map(sorted)
    rows = []
    for causes in draw(st.lists(sets, min_size=1, max_size=15)):
        choices = causes if single_choice and causes else [*causes, ""]
        month = f"2024-{draw(st.integers(1, 4)):02d}"
        number = draw(st.integers(1, largest))
        rows.append((" ".join(causes), draw(st.sampled_from(choices)), month, number))
    return rows


def true_count(rows: list[Group], count: Count) -> int:
    kinds = [(Kind(tuple(causes.split()), primary, month), n) for causes, primary, month, n in rows]
    return sum(n for kind, n in kinds if count.has(kind))


def attack(rows: list[Group], min_group: int, *, single_choice: bool) -> list[tuple[Count, int]]:
    """Small counts that a reader of the report and of its three sides can compute."""
    documents = [
        to_document(build_cause_report(report_input(rows, min_group=min_group, side=side)))
        for side in (None, *SIDES)
    ]
    assume(not documents[0]["withheld"])
    attacker = Attacker(documents, CATALOGUE, single_choice=single_choice)
    computed = []
    for count in attacker.all_counts():
        value = true_count(rows, count)
        if 0 < value < min_group:
            least, most = attacker.range_of(count)
            assert least <= value <= most
            if least == most:
                computed.append((count, value))
    return computed


@SLOW
@given(groups(single_choice=True), st.integers(2, 6))
def test_no_small_count_can_be_computed_where_everybody_chose_one_cause(
    rows: list[Group], min_group: int
) -> None:
    assert attack(rows, min_group, single_choice=True) == []


@SLOW
@given(groups(single_choice=False), st.integers(2, 6))
def test_no_small_count_can_be_computed_where_causes_overlap(
    rows: list[Group], min_group: int
) -> None:
    assert attack(rows, min_group, single_choice=False) == []


def test_the_attacker_computes_what_a_careless_report_would_tell() -> None:
    # Two causes of one side, 20 in all; telling 17 of them tells the 3.
    rows = [("company.price", "company.price", "2024-01", 17)]
    rows += [("company.plans", "company.plans", "2024-01", 3)]
    document = to_document(build_cause_report(report_input(rows)))
    document["causes"] = [row for row in document["causes"] if row["respondents"] >= 5]
    document["decided"] = []
    document["trend"]["causes"]["series"] = []
    document["suppressed"] = 1
    known = tuple(cause for cause in CATALOGUE if cause.code in {"company.price", "company.plans"})
    attacker = Attacker([document], known, single_choice=True)
    assert attacker.range_of(Count("company.plans")) == (3, 3)


def told(rows: list[Group], min_group: int) -> dict[str, int | None]:
    """Every cause and side with its count, of those that the report lists."""
    report = build_cause_report(report_input(rows, min_group=min_group))
    listed = {row.code: row.respondents for row in report.causes}
    return {**listed, **{row.side: row.respondents for row in report.sides}}


def test_a_second_cause_is_withheld_where_its_side_is_a_sum() -> None:
    # company 62 = 30 + 29 + 3: the 3 would be 62 - 59, so the 29 goes as well.
    rows = [
        ("company.price", "company.price", "2024-01", 30),
        ("company.quality", "company.quality", "2024-01", 29),
        ("company.plans", "company.plans", "2024-01", 3),
        ("client.budget", "client.budget", "2024-01", 40),
    ]
    counts = told(rows, 5)
    assert counts == {
        "client.budget": 40,
        "company.price": 30,
        "company": 62,
        "client": 40,
        "competitor": None,
    }


def test_a_lone_small_cause_needs_no_second_where_answers_overlap() -> None:
    # company 50 is no sum (20 named both): 50 - 30 - 40 says nothing about the 3.
    rows = [
        ("company.price company.quality", "company.price", "2024-01", 20),
        ("company.quality", "company.quality", "2024-01", 20),
        ("company.price", "company.price", "2024-01", 10),
        ("company.plans company.price", "company.price", "2024-01", 3),
    ]
    counts = told(rows, 5)
    assert counts["company.price"] == 33
    assert counts["company.quality"] == 40
    assert "company.plans" not in counts


def test_a_side_with_one_small_cause_is_withheld_with_a_second_side() -> None:
    # 3 of 103 stand on the competitors' side; with 60 and 40 told it would be the rest.
    rows = [
        ("competitor.price", "competitor.price", "2024-01", 3),
        ("company.price", "company.price", "2024-01", 25),
        ("company.quality", "company.quality", "2024-01", 35),
        ("client.budget", "client.budget", "2024-01", 40),
    ]
    counts = told(rows, 5)
    assert counts["competitor"] is None
    assert [counts["company"], counts["client"]].count(None) == 1


def test_a_few_without_a_readable_cause_are_not_the_rest_of_the_sides() -> None:
    rows = [("", "", "2024-01", 2)]
    rows += [("company.price", "company.price", "2024-01", 30)]
    rows += [("client.budget", "client.budget", "2024-01", 40)]
    report = build_cause_report(report_input(rows, min_group=5))
    assert report.no_cause.respondents is None
    assert report.undecided.respondents is None
    assert [row.respondents for row in report.sides] == [None, None, 40]


@pytest.mark.parametrize("min_group", [2, 5, 72])
def test_fewer_respondents_than_the_smallest_group_tell_nothing(min_group: int) -> None:
    rows = [("company.price", "company.price", "2024-01", min_group - 1)]
    document = to_document(build_cause_report(report_input(rows, min_group=min_group)))
    assert document["withheld"] is True
    assert document["respondents"] is None
    assert document["causes"] == document["sides"] == document["returns"] == []
    assert document["competitors"]["respondents"] is None


@given(groups(single_choice=False))
def test_a_smallest_group_of_one_withholds_nothing(rows: list[Group]) -> None:
    report = build_cause_report(report_input(rows, min_group=1))
    for row in report.causes:
        assert row.respondents == true_count(rows, Count(row.code))
        assert row.primary == true_count(rows, Count(row.code, "decided"))
    assert {row.code for row in report.causes} == {c for row in rows for c in row[0].split()}
    assert [row.respondents for row in report.sides] == [
        true_count(rows, Count(side)) for side in SIDES
    ]
    assert report.suppressed == 0
    for line in (*report.trend_sides.series, *report.trend_causes.series):
        counts = [point.respondents for point in line.points]
        months = [step.first_month for step in report.trend_sides.periods]
        assert counts == [true_count(rows, Count(line.code, months=(m,))) for m in months]


@given(groups(single_choice=False), st.integers(2, 9))
def test_no_told_count_is_small(rows: list[Group], min_group: int) -> None:
    document = to_document(build_cause_report(report_input(rows, min_group=min_group)))
    counts = [
        row["respondents"]
        for key in ("sides", "causes", "decided", "sides_decided")
        for row in document[key]
    ]
    counts += [row["primary"] for row in document["causes"]]
    for trend in document["trend"].values():
        counts += [point["respondents"] for line in trend["series"] for point in line["points"]]
        counts += [period["respondents"] for period in trend["periods"]]
    assert all(count is None or count == 0 or count >= min_group for count in counts)
