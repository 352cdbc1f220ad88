"""Reports on current customers and staff polls: numbers, pages, downloads, commands."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import date

import pytest

from feedback_app import cli
from feedback_app.foundation.db import utc_now
from feedback_app.reporting.queries.scores import read_predictions, read_scores
from feedback_app.surveys.models import SurveyVersion
from feedback_app.surveys.queries import get_definition, list_score_fields
from feedback_app.surveys.templates import read_template
from tests.factories.answers import Told, make_survey, put_answers
from tests.factories.scores import invent_current, invent_staff, make_ready_survey, put_values

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CURRENT, STAFF = "/reports/now/current", "/reports/poll/staff"


def read(answer) -> str:
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


@pytest.fixture
def surveys(prepared):
    """Current customers, a staff poll and those who left."""
    gone = make_survey(prepared, "Gone", k=5)
    put_answers(
        prepared,
        gone,
        [
            (Told(("company.price",), "company.price"), 40),
            (Told(("client.budget",), "client.budget"), 12),
            (Told(("company.quality",), "company.quality"), 30),
        ],
    )
    now = make_ready_survey(prepared, "current", "Now", segments=("region",))
    for place, month in enumerate((1, 2, 3)):
        for region in ("north", "south"):
            made = invent_current(60, seed=place + 10 * len(region) + month)
            put_values(prepared, now, made, on=date(2024, month, 15), segments=(region,))
    poll = make_ready_survey(prepared, "staff", "Poll")
    put_values(prepared, poll, invent_staff(120))
    return now, poll, gone


@pytest.fixture
def command(settings, monkeypatch, capsys):
    """A function that runs `feedback report` in this process: status, output, error."""
    monkeypatch.setenv("FEEDBACK_HOME", str(settings.home))
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", settings.database_url)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = 0
        capsys.readouterr()
        try:
            cli.main(["report", *arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_grouped_scores_are_those_of_the_answers_one_by_one(prepared):
    now = make_ready_survey(prepared, "current", "Now", segments=("region",))
    by_hand: Counter[tuple[str, int, str, str]] = Counter()
    for month in (1, 2):
        for region in ("north", "south"):
            made = list(invent_current(40, seed=month + len(region)))
            put_values(prepared, now, made, on=date(2024, month, 9), segments=(region,))
            for values in made:
                for code in ("csat", "nps", "leave_likelihood"):
                    if code in values:
                        by_hand[code, values[code], f"2024-0{month}", region] += 1
                for row, rated in values["ratings"].items():
                    by_hand[f"ratings.{row}", -1 if rated == "na" else rated, "", ""] += 1

    with prepared.reports() as session:
        found = read_scores(session, now.id)

    names = ("field", "value", "month", "segment_1", "respondents")
    counted: Counter[tuple[str, int, str, str]] = Counter()
    for *key, number in zip(*(found.scores[name] for name in names), strict=True):
        counted[tuple(key)] += number
    assert counted == by_hand
    assert found.respondents == sum(found.complete["respondents"]) == 160


def test_versions_are_joined_by_question_code(prepared):
    now = make_ready_survey(prepared, "pulse-nps", "Pulse")
    put_values(prepared, now, [{"nps": 9}] * 6)
    document = read_template("pulse-nps")
    extra = {"code": "ease", "kind": "ces", "text": {"en": "Easy?"}}
    with prepared.writing() as session:
        later = SurveyVersion(
            survey_id=now.id,
            number=2,
            definition={**document, "question": [extra, *document["question"]]},
            published_at=utc_now(),
        )
        session.add(later)
    put_values(prepared, now, [{"nps": 2, "ease": 7}] * 7)

    with prepared.reports() as session:
        assert get_definition(session, now.id).questions[0].code == "ease"
        assert [it.code for it in list_score_fields(session, now.id)] == ["nps", "ease"]
        found = read_scores(session, now.id)

    told = zip(*(found.scores[it] for it in ("field", "value", "respondents")), strict=True)
    assert set(told) == {("nps", 9, 6), ("nps", 2, 7), ("ease", 7, 7)}


def test_predictions_of_a_poll_are_counted(prepared):
    poll = make_ready_survey(prepared, "staff", "Poll")
    put_values(
        prepared, poll, [{"predicted": {"company.price": 30}}] * 2 + [{"would_change": "Price"}]
    )

    with prepared.reports() as session:
        assert read_predictions(session, poll.id) == {
            "cause": ["company.price"],
            "percent": [30],
            "respondents": [2],
        }


@ONE_DATABASE
def test_page_csv_json_and_command_say_the_same(surveys, manager, command, valid_html):
    for address, kind, slug in ((CURRENT, "current", "now"), (STAFF, "staff", "poll")):
        page = read(manager.get(address))
        valid_html(page)
        document = json.loads(read(manager.get(f"{address}.json")))
        status, printed, _error = command(kind, "--survey", slug, "--format", "json")
        assert (status, json.loads(printed)) == (0, document)
        assert document["departed_survey"] == "gone"
        answer = manager.get(f"{address}.csv")
        assert answer.headers["Content-Disposition"].endswith(f'"{slug}-{kind}.csv"')
        text = read(answer)
        assert text.startswith("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        causes = document["warning"]["rows"] if kind == "current" else document["causes"]
        table = "early_warning" if kind == "current" else "predicted"
        assert [it["code"] for it in rows if it["table"] == table] == [it["code"] for it in causes]
        assert all(it["label"] in page for it in rows if it["table"] == table)


@ONE_DATABASE
def test_current_customers_are_told_by_month_and_region(surveys, manager):
    document = json.loads(read(manager.get(f"{CURRENT}.json")))

    csat = document["measures"][0]
    assert (csat["code"], csat["respondents"], csat["detail"]) == ("csat", 360, "values")
    assert [step["respondents"] for step in csat["trend"]] == [120, 120, 120]
    (regions,) = csat["groups"]
    assert [(it["value"], it["respondents"]) for it in regions["rows"]] == [
        ("north", 180),
        ("south", 180),
    ]
    assert {it["code"] for it in document["ratings"]} >= {"ratings.speed", "ratings.value"}
    nps_drivers, leave_drivers = document["drivers"]
    assert (nps_drivers["refused"], leave_drivers["outcome"]) == ("", "leave_likelihood")
    assert {row["code"] for row in document["warning"]["rows"]} == {
        "company.price",
        "company.quality",
        "client.budget",
    }
    assert {row["offer"] for row in document["offers"]["rows"]} == {"price", "terms"}
    trend = manager.get("/reports/now/trends/csat.svg?width=320")
    assert read(trend).startswith("<svg")
    assert trend.mimetype == "image/svg+xml"
    for missing in ("trends/ces.svg", "trends/csat.svg?width=5", "trends/nothing.svg"):
        assert manager.get(f"/reports/now/{missing}").status_code == 404


@ONE_DATABASE
def test_the_poll_finds_blame_and_blind_spots(surveys, manager, command):
    document = json.loads(read(manager.get(f"{STAFF}.json")))

    client = document["blame"][-1]
    assert (client["side"], client["verdict"]) == ("client", "more")
    rows = {row["code"]: row for row in document["causes"]}
    assert rows["client.budget"]["verdict"] == "over"
    assert rows["company.quality"]["staff_respondents"] is None
    assert document["agreement"]["verdict"] == "few"
    page = read(manager.get(STAFF))
    assert "Staff put it down to the customers more than customers do" in page
    status, table, _error = command("staff", "--survey", "poll")
    assert status == 0
    assert "less than staff expect" in table
    assert "Compared with: gone." in table


@ONE_DATABASE
def test_each_survey_has_the_report_of_its_kind(surveys, manager, command):
    page = read(manager.get("/reports"))
    for address in (CURRENT, STAFF, "/reports/gone/causes"):
        assert f'href="{address}"' in page
    for slug, address in (("now", CURRENT), ("poll", STAFF)):
        answer = manager.get(f"/reports/{slug}/causes")
        assert (answer.status_code, answer.headers["Location"]) == (302, address)
        for tail in ("causes.csv", "causes.json", "charts/pareto.svg"):
            assert manager.get(f"/reports/{slug}/{tail}").status_code == 404
    for wrong in ("gone/current", "gone/staff", "now/staff", "poll/current", "nobody/current"):
        assert manager.get(f"/reports/{wrong}").status_code == 404
    status, _out, error = command("causes", "--survey", "now")
    assert status == 2
    assert "feedback report current --survey now" in error
    status, _out, error = command("current", "--survey", "now", "--departed", "poll")
    assert status == 2
    assert "there are: gone" in error
    status, _out, error = command("current", "--survey", "now", "--min-group", "2")
    assert status == 2
    assert "is anonymous" in error


@ONE_DATABASE
def test_another_survey_of_departed_customers_can_be_chosen(surveys, prepared, manager):
    older = json.loads(read(manager.get(f"{CURRENT}.json")))
    other = make_survey(prepared, "Later", k=5)
    put_answers(prepared, other, [(Told(("company.price",), "company.price"), 20)])
    make_survey(prepared, "Demo of departed", k=5, is_demo=True)

    newest = json.loads(read(manager.get(f"{CURRENT}.json")))
    chosen = json.loads(read(manager.get(f"{CURRENT}.json?departed=gone")))

    assert newest["departed_survey"] == "later"
    assert chosen == older
    page = read(manager.get(f"{CURRENT}?departed=gone"))
    assert '<option value="gone" selected>' in page
    assert "Demo of departed" not in page


@ONE_DATABASE
def test_too_few_answers_tell_nothing(prepared, manager, command, valid_html):
    now = make_ready_survey(prepared, "current", "Now")
    put_values(prepared, now, invent_current(4))
    poll = make_ready_survey(prepared, "staff", "Poll")
    make_ready_survey(prepared, "pulse-csat", "Pulse")

    for address in (CURRENT, STAFF, "/reports/pulse/current"):
        page = read(manager.get(address))
        valid_html(page)
        assert "Not enough answers yet" in page
    document = json.loads(read(manager.get(f"{CURRENT}.json")))
    assert (document["withheld"], document["respondents"], document["measures"]) == (True, None, [])
    assert "nothing is told" in command("current", "--survey", "now")[1]
    assert "nothing is told" in command("staff", "--survey", poll.slug)[1]


@ONE_DATABASE
def test_a_pulse_without_anything_else_has_a_report(prepared, manager, command, valid_html):
    pulse = make_ready_survey(prepared, "pulse-nps", "Pulse")
    put_values(prepared, pulse, [{"nps": 9}] * 30 + [{"nps": 4}] * 10 + [{"nps": 7}] * 2)

    page = read(manager.get("/reports/pulse/current"))

    valid_html(page)
    # Two passives are too few to be told: the score stands alone and rounded.
    document = json.loads(read(manager.get("/reports/pulse/current.json")))
    (nps,) = document["measures"]
    assert (nps["rounded"], nps["levels"], nps["trend"], nps["groups"]) == (True, [], [], [])
    assert document["drivers"] == []
    assert document["warning"] is None
    assert command("current", "--survey", "pulse")[0] == 0


@ONE_DATABASE
def test_names_that_a_spreadsheet_would_run_are_made_harmless(surveys, prepared, manager):
    evil = '=HYPERLINK("https://evil.example","x")'
    heard = {"csat": 4, "offers_heard": {"choices": ["price"]}, "competitor": {"name": evil}}
    put_values(prepared, surveys[0], [heard] * 9)

    text = read(manager.get(f"{CURRENT}.csv"))

    assert f'"\'{evil.replace(chr(34), chr(34) * 2)}"' in text
    assert "\n=" not in text
    assert ",=" not in text


@ONE_DATABASE
def test_an_output_file_is_written(surveys, command, tmp_path):
    wanted = tmp_path / "report.csv"

    status, _out, error = command(
        "current", "--survey", "now", "--format", "csv", "--output", str(wanted)
    )

    assert (status, error.strip()) == (0, f"Written: {wanted}")
    assert wanted.read_bytes().startswith(b"\xef\xbb\xbftable,code")
    assert "nps" in command("current", "--survey", "now", "--format", "table")[1]
