"""From stored answers to the report's numbers, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from feedback_app.causes import actions as causes
from feedback_app.surveys.rules import Mode
from tests.factories.answers import Told, make_survey, put_answers

MARCH, APRIL = date(2024, 3, 5), date(2024, 4, 30)
PRICE, THEIRS, BUDGET = "company.price", "competitor.price", "client.budget"

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

#: 16 name our price, 6 of them with a competitor's, which decides; 4 have no money; 2 say nothing.
ANSWERS = (
    (Told((PRICE,), PRICE, on=MARCH, score=2, segments=("pro",)), 10),
    (
        Told(
            (PRICE, THEIRS),
            THEIRS,
            on=APRIL,
            language="ru",
            segments=("free",),
            competitor="Northwind",
            offers="price product",
        ),
        6,
    ),
    (Told((BUDGET,), BUDGET, on=MARCH, channel="invitation", segments=("pro",)), 4),
    (Told((), "", on=APRIL, segments=("pro",)), 2),
)


@pytest.fixture
def survey(prepared):
    row = make_survey(prepared, "Left us", mode=Mode.IMPORT, segments=("plan",))
    put_answers(prepared, row, ANSWERS)
    return row


def near(number: float) -> object:
    return pytest.approx(number, abs=1e-6)


def test_golden_numbers(survey, report_command):
    ended = report_command("--survey", "Left us", "--min-group", "1", "--format", "json")
    assert (ended.status, ended.err) == (0, "")
    report = ended.document
    assert list(report)[:6] == [
        *("survey", "respondents", "sides", "causes", "suppressed", "codebook")
    ]
    assert (report["survey"], report["respondents"], report["suppressed"]) == ("left-us", 22, 0)
    assert report["codebook"] == 1
    # Wilson: (x + z2/2 +- z sqrt(x(n-x)/n + z2/4)) / (n + z2), z2 = 3.841459
    assert report["sides"] == [
        {"side": "competitor", "respondents": 6, "share": near(0.272727), "low": near(0.131508),
         "high": near(0.481517)},
        {"side": "company", "respondents": 16, "share": near(0.727273), "low": near(0.518483),
         "high": near(0.868492)},
        {"side": "client", "respondents": 4, "share": near(0.181818), "low": near(0.073069),
         "high": near(0.385166)},
    ]  # fmt: skip
    told = [
        (it["code"], it["side"], it["rank"], it["tier"], it["respondents"], it["primary"])
        for it in report["causes"]
    ]
    # Of 10 who name one of ours and theirs, all name ours: p = 2 * 0.5^10 = 0.002, three pairs.
    # Ours against the budget: 16 to 4, p = 0.012. Theirs against the budget: 6 to 4, p = 0.75.
    assert told == [
        (PRICE, "company", 1, 1, 16, 10),
        (THEIRS, "competitor", 2, 2, 6, 6),
        (BUDGET, "client", 3, 2, 4, 4),
    ]
    assert [tie["codes"] for tie in report["ties"] if tie["by"] == "played"] == [[THEIRS, BUDGET]]
    assert report["no_cause"]["respondents"] == report["undecided"]["respondents"] == 2
    assert [(it["code"], it["respondents"]) for it in report["decided"]] == [
        (PRICE, 10),
        (THEIRS, 6),
        (BUDGET, 4),
    ]


def test_golden_tables_beside(survey, report_command):
    report = report_command(
        "--survey", survey.slug, "--min-group", "1", "--format", "json"
    ).document
    assert [(it["from"], it["respondents"]) for it in report["trend"]["sides"]["periods"]] == [
        ("2024-03", 14),
        ("2024-04", 8),
    ]
    assert report["competitors"]["respondents"] == 6
    assert [(it["competitor"], it["respondents"]) for it in report["competitors"]["rows"]] == [
        ("Northwind", 6)
    ]
    assert [(it["offer"], it["share"]) for it in report["offers"]["rows"]] == [
        ("price", 1.0),
        ("product", 1.0),
    ]
    (returned,) = report["returns"]
    assert (returned["code"], returned["respondents"], returned["mean"]) == (PRICE, 10, 2.0)


@pytest.mark.parametrize(
    ("filters", "respondents"),
    [
        (("--language", "ru"), 6),
        (("--channel", "invitation"), 4),
        (("--segment", "plan=pro"), 16),
        (("--from", "2024-04"), 8),
        (("--to", "2024-03"), 14),
        (("--from", "2024-03-05", "--to", "2024-04-29"), 14),
        (("--from", "2024-04-30", "--segment", "plan=pro"), 2),
    ],
)
def test_exact_filters(survey, report_command, filters, respondents):
    ended = report_command(
        "--survey", str(survey.id), "--min-group", "1", "--format", "json", *filters
    )
    assert ended.document["respondents"] == respondents


def test_one_side(survey, report_command):
    ended = report_command(
        "--survey", survey.slug, "--min-group", "1", "--side", "company", "--format", "json"
    )
    assert [it["code"] for it in ended.document["causes"]] == [PRICE]
    assert ended.document["causes"][0]["share"] == near(0.727273)
    assert len(ended.document["sides"]) == 3


def test_a_merge_counts_at_report_time(prepared, survey, report_command):
    with prepared.writing() as session:
        causes.merge(session, PRICE, "company.plans", by="test")
    report = report_command(
        "--survey", survey.slug, "--min-group", "1", "--format", "json"
    ).document
    assert [it["code"] for it in report["causes"]] == ["company.plans", THEIRS, BUDGET]
    assert report["causes"][0]["respondents"] == 16
    assert report["codebook"] == 2


def test_the_smallest_group_is_the_surveys_own(survey, report_command):
    report = report_command("--survey", survey.slug, "--format", "json").document
    assert report["min_group"] == survey.k == 5
    assert BUDGET not in {it["code"] for it in report["causes"]}
    assert report["suppressed"] >= 1
    assert all(it["respondents"] != 4 for it in report["sides"])


def test_fewer_than_the_smallest_group_tells_nothing(prepared, report_command):
    row = make_survey(prepared, "Few", mode=Mode.IMPORT)
    put_answers(prepared, row, [(Told((PRICE,), PRICE), 4)])
    ended = report_command("--survey", "few", "--format", "json")
    report = ended.document
    assert (report["respondents"], report["withheld"], report["causes"]) == (None, True, [])
    assert "4" not in report_command("--survey", "few").out


@ONE_DATABASE
def test_table_reads_well(survey, report_command):
    text = report_command("--survey", survey.slug, "--min-group", "1").out
    assert "Left us: 22 respondents" in text
    assert "#2 Better price elsewhere and #3 Lack of money or a budget cut cannot be told" in text
    assert "Codebook 1." in text


@ONE_DATABASE
def test_csv_is_the_same_numbers(survey, report_command, tmp_path):
    path = tmp_path / "report.csv"
    ended = report_command(
        "--survey", survey.slug, "--min-group", "1", "--format", "csv", "--output", str(path)
    )
    assert ended.status == 0
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbftable,code,label,")
    (row,) = [it for it in data.decode("utf-8-sig").splitlines() if it.startswith("causes,company")]
    assert row.split(",")[:2] == ["causes", PRICE]
    assert ",22,16,0.727273,0.518483,0.868492,10," in row


@ONE_DATABASE
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--survey", "nothing"), "There is no survey 'nothing'. Surveys: left-us"),
        (("--survey", "left-us", "--segment", "plan"), "expected NAME=VALUE"),
        (("--survey", "left-us", "--segment", "colour=red"), "segments of left-us: plan"),
        (("--survey", "left-us", "--language", "pl"), "there are: en, ru"),
        (("--survey", "left-us", "--from", "yesterday"), "expected YYYY-MM"),
        (("--survey", "left-us", "--output", "/nowhere/at/all.json"), "can not be written"),
        (("--survey", "left-us", "--min-group", "0"), "min-group"),
    ],
)
def test_bad_input_is_one_line_and_status_2(survey, report_command, arguments, says):
    ended = report_command(*arguments)
    assert ended.status == 2
    assert ended.out == ""
    assert says in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(("mode", "status"), [(Mode.ANONYMOUS, 2), (Mode.NAMED, 0)])
def test_an_anonymous_survey_keeps_its_promise(prepared, report_command, mode, status):
    make_survey(prepared, "Promised", mode=mode)
    ended = report_command("--survey", "promised", "--min-group", "1")
    assert ended.status == status
    assert ("--min-group 5 or more" in ended.err) == (status == 2)
    assert report_command("--survey", "promised", "--min-group", "6").status == 0
