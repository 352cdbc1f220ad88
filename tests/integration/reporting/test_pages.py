"""Report pages in front of a manager: what they show, keep back, and cost."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event

from feedback_app.causes import actions as causes
from feedback_app.staff.rules import Role
from feedback_app.surveys.rules import Mode
from tests.factories.answers import Told, invent_answers, make_survey, put_answers
from tests.factories.staff import add_staff, browser_of

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PRICE, RUDE = "company.price", "company.rudeness"
CALL = "Nobody called me back."
PAGES = ("causes", "causes.csv", "causes.json", "charts/pareto.svg", "comments?cause=company.price")


@pytest.fixture
def survey(prepared):
    row = make_survey(prepared, "Departed", k=5, segments=("plan",))
    put_answers(prepared, row, invent_answers(400, seed=2))
    return row


def read(answer) -> str:
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@contextmanager
def counted(database) -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    found: list[str] = []

    def note(_conn, _cursor, statement, _parameters, _context, _many) -> None:
        if statement.startswith("SELECT"):
            found.append(statement)

    event.listen(database.reader, "before_cursor_execute", note)
    yield found
    event.remove(database.reader, "before_cursor_execute", note)


def test_page_csv_and_json_are_the_same_numbers(survey, manager, report_command, valid_html):
    page = read(manager.get("/reports/departed/causes"))
    valid_html(page)
    answer = manager.get("/reports/departed/causes.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="departed-causes.json"'
    document = json.loads(read(answer))
    assert document == report_command("--survey", "departed", "--format", "json").document
    assert f"{document['respondents']} respondents" in page
    rows = [it for it in rows_of(read(manager.get("/reports/departed/causes.csv"))) if it["rank"]]
    played = [it for it in rows if it["table"] == "causes"]
    assert [(it["code"], it["respondents"]) for it in played] == [
        (it["code"], str(it["respondents"])) for it in document["causes"]
    ]
    for row in played:
        assert row["label"] in page
        assert re.search(rf">{row['respondents']}<", page)


@ONE_DATABASE
def test_csv_has_a_mark_and_no_formula(prepared, manager):
    row = make_survey(prepared, "Spiked", mode=Mode.IMPORT)
    evil = '=HYPERLINK("https://evil.example","x")'
    put_answers(prepared, row, [(Told(("competitor.price",), competitor=evil), 9)])
    answer = manager.get("/reports/spiked/causes.csv")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in rows_of(answer.get_data(as_text=True)) for cell in row.values()]
    assert f"'{evil}" in cells
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


@ONE_DATABASE
def test_filters_stay_in_every_address(survey, manager):
    page = read(manager.get("/reports/departed/causes?side=company&language=en"))
    for path in ("causes.csv", "causes.json", "charts/sides.svg"):
        assert re.search(
            rf"/reports/departed/{path}\?[^\"]*side=company[^\"]*language=en", page
        ) or (re.search(rf"/reports/departed/{path}\?[^\"]*language=en[^\"]*side=company", page))
    document = json.loads(
        read(manager.get("/reports/departed/causes.json?side=company&language=en"))
    )
    assert {it["side"] for it in document["causes"]} == {"company"}
    assert document["selection"] == {"side": "company", "language": "en"}
    assert 0 < document["respondents"] < 400


@ONE_DATABASE
def test_another_survey_is_chosen_in_the_form(prepared, survey, manager):
    make_survey(prepared, "Second")
    answer = manager.get("/reports/departed/causes?survey=second&side=client&language=ru")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/reports/second/causes?side=client")


@ONE_DATABASE
def test_too_few_answers_is_a_calm_page(prepared, manager, valid_html):
    row = make_survey(prepared, "Few", mode=Mode.IMPORT)
    put_answers(prepared, row, [(Told((PRICE,), PRICE, document={"more": CALL}), 4)])
    page = read(manager.get("/reports/few/causes"))
    valid_html(page)
    assert "needs at least 5 answers" in page
    for path in PAGES[1:3]:
        assert '"4"' not in read(manager.get(f"/reports/few/{path}"))
    assert CALL not in read(manager.get(f"/reports/few/comments?cause={PRICE}"))
    assert manager.get("/reports/few/charts/pareto.svg").status_code == 404
    assert "Fewer than 5 answers" in read(manager.get("/reports"))


@ONE_DATABASE
def test_too_narrow_is_a_calm_page_without_numbers(survey, manager, valid_html):
    filters = "language=uk&segment_1=pro&channel=link&from=2024-03&to=2024-03"
    page = read(manager.get(f"/reports/departed/causes?{filters}"))
    valid_html(page)
    assert "Use fewer filters" in page or "too few answers have this value" in page
    for path in ("causes.csv", "causes.json", "charts/sides.svg"):
        assert manager.get(f"/reports/departed/{path}?{filters}").status_code == 404


def test_comments_need_a_crowd(prepared, manager, valid_html):
    row = make_survey(prepared, "Words", k=5)
    said = {"more": CALL, "price_compared": {"choice": "other", "text": "<b>last year</b>"}}
    rare = Told((RUDE,), RUDE, document={"improve": "He shouted at me."})
    told = [(Told((PRICE,), PRICE, document=said, on=date(2024, 5, 7)), 25), (rare, 4)]
    # With the rare cause a second one has to go unsaid, so that none can be computed.
    put_answers(prepared, row, [*told, (Told(("company.plans",), "company.plans"), 6)])
    page = read(manager.get(f"/reports/words/comments?cause={PRICE}"))
    valid_html(page)
    assert page.count(CALL) == 20
    assert "&lt;b&gt;last year&lt;/b&gt;" in page
    assert "2024" not in page
    assert "page=2" in page
    assert read(manager.get(f"/reports/words/comments?cause={PRICE}&page=2")).count(CALL) == 5
    hidden = read(manager.get(f"/reports/words/comments?cause={RUDE}"))
    assert "He shouted" not in hidden
    assert "at least 5 answers" in hidden


def test_comments_follow_merges(prepared, manager):
    row = make_survey(prepared, "Merged", k=5)
    put_answers(prepared, row, [(Told((PRICE,), PRICE, document={"more": CALL}), 8)])
    with prepared.writing() as session:
        causes.merge(session, PRICE, "company.plans", by="test")
    assert CALL in read(manager.get("/reports/merged/comments?cause=company.plans"))


@ONE_DATABASE
def test_new_answers_and_new_codebooks_make_new_reports(prepared, survey, manager):
    def respondents() -> int:
        return json.loads(read(manager.get("/reports/departed/causes.json")))["respondents"]

    assert respondents() == 400
    put_answers(prepared, survey, [(Told((PRICE,), PRICE), 10)])
    assert respondents() == 410
    with prepared.writing() as session:
        causes.merge(session, PRICE, "company.plans", by="test")
    document = json.loads(read(manager.get("/reports/departed/causes.json")))
    assert document["codebook"] == 2
    assert PRICE not in {it["code"] for it in document["causes"]}


@ONE_DATABASE
def test_charts_are_pictures_for_one_reader(survey, manager):
    page = read(manager.get("/reports/departed/causes"))
    addresses = re.findall(r'src="(/reports/departed/charts/[^"]+)"', page)
    assert len(addresses) >= 4
    for address in addresses:
        answer = manager.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200, address
        assert answer.mimetype == "image/svg+xml"
        assert answer.headers["Cache-Control"].startswith("private, max-age=")
        assert "<title" in answer.text
    assert manager.get("/reports/departed/charts/pie.svg").status_code == 404
    assert manager.get("/reports/departed/charts/sides.svg?width=99999").status_code == 404


@ONE_DATABASE
def test_nothing_is_there_for_an_unknown_survey(prepared, manager):
    for path in PAGES:
        assert manager.get(f"/reports/unknown/{path}").status_code == 404


@ONE_DATABASE
def test_a_filter_that_makes_no_sense_is_refused(survey, manager):
    answer = manager.get("/reports/departed/causes?from=soon")
    assert answer.status_code == 422
    assert "expected YYYY-MM" in answer.text


@ONE_DATABASE
def test_only_readers_of_reports_get_in(app, prepared, survey):
    add_staff(prepared, "facilitator@example.com", Role.FACILITATOR)
    browser = browser_of(app, "facilitator@example.com")
    for path in PAGES:
        assert browser.get(f"/reports/departed/{path}").status_code == 403
        assert app.test_client().get(f"/reports/departed/{path}").status_code == 302


@ONE_DATABASE
def test_demo_data_is_marked_everywhere(prepared, manager):
    row = make_survey(prepared, "Example", is_demo=True)
    put_answers(prepared, row, invent_answers(100))
    for path in ("", "/comments", "/example/causes", "/example/comments?cause=company.price"):
        assert "Demo data" in read(manager.get(f"/reports{path}"))
    assert "Demo data" in read(manager.get("/reports/example/causes.csv"))


@ONE_DATABASE
def test_a_report_is_counted_once(database, app, survey, manager):
    path = "/reports/departed/causes?language=en"
    with counted(app.extensions["feedback_database"]) as first:
        manager.get(path)
    with counted(app.extensions["feedback_database"]) as second:
        manager.get(path)
        manager.get(path.replace("causes", "causes.csv"))
    grouped = [it for it in first if "GROUP BY answer.cause_set" in it]
    # Three of the whole survey, told apart by channel; what a narrower report may tell depends on
    # it; three of its own. Flagged answers are counted by one more.
    assert len(first) <= 15
    assert len(grouped) == 4
    assert not [it for it in second if "GROUP BY answer.cause_set" in it]
    assert len(second) <= 16


def test_the_merge_preview_counts_answers(app, prepared, survey):
    count = app.extensions["feedback_cause_counts"]
    with prepared.reading() as session:
        assert count(session, PRICE) > 0
        assert count(session, "company.none_such") == 0


@ONE_DATABASE
def test_numbers_are_written_as_the_reader_writes_them(survey, manager):
    for language in ("ru", "uk"):
        manager.send("/staff/language", seen_at="/reports", language=language, next="/reports")
        page = read(manager.get("/reports/departed/causes"))
        assert re.search(r"\d,\d\s?%", page)
        assert not re.search(r"\d\.\d\s?%", page)


@ONE_DATABASE
def test_the_home_page_says_what_there_is_to_read(prepared, survey, manager):
    put_answers(prepared, make_survey(prepared, "Few", mode=Mode.IMPORT), [(Told((PRICE,)), 4)])
    page = read(manager.get("/"))
    assert "Read why customers leave: “Departed”" in page
    assert "400 answers to read" in page
    assert "“Few”" not in page


@ONE_DATABASE
def test_sealed_answers_are_told_while_a_report_waits(prepared, manager):
    make_survey(prepared, "Empty", k=7)
    page = read(manager.get("/reports/empty/causes"))
    assert "needs at least 7 answers" in page
