"""Small reports worked out by hand, and what holds for every report."""

import json
import random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.cause_report import build_cause_report
from reports.document import to_document
from reports.schema import CatalogueCause, CauseReportInput, UnableToReadReportInput
from reports.table import cause_table, decided_table, side_table
from tests.unit.reports.groups_of_answers import CATALOGUE, Group, report_input

# 100 respondents:
#   40 company.price alone; 20 company.price with client.budget, half decided by each;
#   15 client.budget alone; 10 competitor.price with company.price, decided by the former;
#   5 company.quality, deciding nothing; 10 without a readable cause.
ROWS: list[Group] = [
    ("company.price", "company.price", "2024-01", 40),
    ("client.budget company.price", "company.price", "2024-01", 10),
    ("client.budget company.price", "client.budget", "2024-02", 10),
    ("client.budget", "client.budget", "2024-02", 15),
    ("company.price competitor.price", "competitor.price", "2024-02", 10),
    ("company.quality", "", "2024-02", 5),
    ("", "", "2024-01", 10),
]


def test_ranks_and_counts_of_a_worked_example() -> None:
    report = build_cause_report(report_input(ROWS))
    assert report.respondents == 100
    # price 40+10+10+10 = 70; budget 10+10+15 = 35; competitor 10; quality 5.
    # price v budget: discordant 50 against 15; budget v competitor 35 against 10 (p .0002);
    # competitor v quality 10 against 5: p = 2*(1+15+105+455+1365+3003)/2**15 = 0.302.
    assert [(r.code, r.rank, r.tier, r.respondents, r.primary) for r in report.causes] == [
        ("company.price", 1, 1, 70, 50),
        ("client.budget", 2, 2, 35, 25),
        ("competitor.price", 3, 3, 10, 10),
        ("company.quality", 4, 3, 5, 0),
    ]
    (tie, *_) = report.ties
    assert (tie.by, tie.ranks, tie.codes) == (
        "played",
        (3, 4),
        ("competitor.price", "company.quality"),
    )
    assert tie.p == pytest.approx(2 * (1 + 15 + 105 + 455 + 1365 + 3003) / 2**15)


def test_sides_are_unions_not_sums() -> None:
    report = build_cause_report(report_input(ROWS))
    # company: price or quality 70 + 5; client 35; competitor 10.
    assert [(r.side, r.respondents) for r in report.sides] == [
        ("competitor", 10),
        ("company", 75),
        ("client", 35),
    ]
    assert [r.respondents for r in report.sides_decided] == [10, 50, 25]
    assert report.no_cause.respondents == 10
    assert report.undecided.respondents == 15


def test_deciding_causes_have_a_ranking_of_their_own() -> None:
    report = build_cause_report(report_input(ROWS))
    # 50 v 25: 2*P(X<=25; 75) = 0.0052; 25 v 10: 0.0167; both below .05 by Holm.
    assert [(r.code, r.rank, r.tier, r.respondents) for r in report.decided] == [
        ("company.price", 1, 1, 50),
        ("client.budget", 2, 2, 25),
        ("competitor.price", 3, 3, 10),
    ]


def test_the_document_has_the_documented_layout() -> None:
    document = to_document(build_cause_report(report_input(ROWS)), "why-leave")
    assert list(document)[:6] == [
        "survey",
        "respondents",
        "sides",
        "causes",
        "suppressed",
        "codebook",
    ]
    assert document["survey"] == "why-leave"
    assert document["codebook"] == 3
    assert list(document["sides"][0]) == ["side", "respondents", "share", "low", "high"]
    assert list(document["causes"][0]) == [
        *("code", "side", "rank", "tier", "respondents", "share", "low", "high", "primary"),
    ]
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_tables_say_what_the_document_says() -> None:
    report = build_cause_report(report_input(ROWS, min_group=5))
    document = to_document(report)
    for rows, key in ((cause_table(report), "causes"), (decided_table(report), "decided")):
        header, *cells = rows
        as_dicts = [dict(zip(header, row, strict=True)) for row in cells]
        assert as_dicts == document[key]
    header, *cells = side_table(report)
    assert [row[1] for row in cells] == [row["respondents"] for row in document["sides"]]
    assert [row[5] for row in cells] == [row["respondents"] for row in document["sides_decided"]]


def test_a_side_narrows_the_ranking_and_not_the_shares() -> None:
    report = build_cause_report(report_input(ROWS, side="company"))
    assert [(r.code, r.rank, r.share) for r in report.causes] == [
        ("company.price", 1, 0.70),
        ("company.quality", 2, 0.05),
    ]
    assert [r.code for r in report.decided] == ["company.price"]
    assert [s.code for s in report.trend_causes.series] == ["company.price", "company.quality"]
    assert len(report.sides) == 3


def test_a_merged_cause_counts_as_its_target_once() -> None:
    catalogue = (
        *CATALOGUE,
        CatalogueCause("company.fees", "company", 6, merged_into="company.tariffs"),
        CatalogueCause("company.tariffs", "company", 7, merged_into="company.plans"),
    )
    rows = [
        ("company.fees company.plans", "company.fees", "2024-01", 3),
        ("company.fees company.tariffs", "company.tariffs", "2024-01", 2),
    ]
    report = build_cause_report(report_input(rows, catalogue=catalogue))
    assert [(r.code, r.respondents, r.primary) for r in report.causes] == [("company.plans", 5, 5)]


def test_no_answers_make_an_empty_report() -> None:
    document = to_document(build_cause_report(report_input([], min_group=5)))
    assert document["respondents"] == 0
    assert document["withheld"] is False
    assert document["causes"] == []
    assert all(row["share"] is None for row in document["sides"])


@given(st.randoms(use_true_random=False))
def test_row_order_changes_nothing(rnd: random.Random) -> None:
    ordered = report_input(
        ROWS,
        returns=[(row[0], score, score + 1) for row in ROWS for score in (0, 4, 9)],
        competitors=[("Aster", "price", 6), ("Birch", "price terms", 6), ("", "", 7)],
        min_group=5,
    )

    def shuffled(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.iloc[rnd.sample(range(len(frame)), len(frame))]

    mixed = CauseReportInput(
        groups=shuffled(ordered.groups),
        returns=shuffled(ordered.returns),
        competitors=shuffled(ordered.competitors),
        catalogue=tuple(rnd.sample(ordered.catalogue, len(ordered.catalogue))),
        min_group=5,
        codebook=3,
    )
    assert build_cause_report(mixed) == build_cause_report(ordered)


def test_groups_may_come_in_pieces() -> None:
    halves = [(a, b, c, n // 2) for a, b, c, n in ROWS] + [
        (a, b, c, n - n // 2) for a, b, c, n in ROWS
    ]
    assert build_cause_report(report_input(halves)) == build_cause_report(report_input(ROWS))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("company.nothing", "", "2024-01", 1), "unknown code 'company.nothing'"),
        (("company.price", "company.nothing", "2024-01", 1), "unknown primary"),
        (("company.price", "client.budget", "2024-01", 1), "not one of its causes"),
        (("company.price  client.budget", "", "2024-01", 1), "joined by one space"),
        (("company.price", "", "2024-13", 1), "not of the form YYYY-MM"),
        (("company.price", "", "2024-01", -1), "whole numbers"),
        (("company.price", "", "2024-01", 1.5), "whole numbers"),
        (("company.price", "", "2024-01", None), "whole numbers"),
        (("company.price", "", "2024-01", "many"), "whole numbers"),
        ((None, "", "2024-01", 1), "must be text"),
        (("company.price", None, "2024-01", 1), "must be text"),
    ],
)
def test_a_group_that_breaks_the_contract_is_named(row: tuple[object, ...], message: str) -> None:
    given_input = report_input([*ROWS, row])  # type: ignore[list-item]
    with pytest.raises(UnableToReadReportInput, match=message):
        build_cause_report(given_input)


@pytest.mark.parametrize(
    ("causes", "message"),
    [
        ([CatalogueCause("a", "company", 1)] * 2, "twice"),
        ([CatalogueCause("a", "nobody", 1)], "must be one of"),
        ([CatalogueCause("a b", "company", 1)], "cannot be a cause code"),
        ([CatalogueCause("a", "company", 1, "b")], "not in the catalogue"),
        (
            [CatalogueCause("a", "company", 1, "b"), CatalogueCause("b", "company", 2, "a")],
            "round in a circle",
        ),
    ],
)
def test_a_catalogue_that_makes_no_sense_is_refused(
    causes: list[CatalogueCause], message: str
) -> None:
    with pytest.raises(UnableToReadReportInput, match=message):
        build_cause_report(report_input([], catalogue=tuple(causes)))


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(UnableToReadReportInput, match="at least 1"):
        build_cause_report(report_input(ROWS, min_group=0))
    with pytest.raises(UnableToReadReportInput, match="side is 'theirs'"):
        build_cause_report(report_input(ROWS, side="theirs"))


@pytest.mark.parametrize("frame", ["groups", "returns", "competitors"])
def test_a_missing_column_is_named(frame: str) -> None:
    whole = report_input(ROWS)
    frames = {name: getattr(whole, name) for name in ("groups", "returns", "competitors")}
    frames[frame] = frames[frame].drop(columns="respondents")
    broken = CauseReportInput(**frames, catalogue=CATALOGUE, min_group=1, codebook=1)
    with pytest.raises(UnableToReadReportInput, match=f"{frame}: column respondents is missing"):
        build_cause_report(broken)
