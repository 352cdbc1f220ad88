"""The editor without a script: every change by a form, nothing typed lost, dead ends refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask

from feedback_app.foundation.db import Database
from feedback_app.staff.rules import Role
from feedback_app.surveys import actions, queries
from feedback_app.surveys.rules.shapes import SHAPES
from tests.factories.staff import StaffBrowser, add_staff, browser_of

EMAIL = "researcher@example.com"
BASE = "/staff/surveys/mine"
EDIT = f"{BASE}/edit"
LANGUAGES = ("en", "ru", "uk")

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def browser(app: Flask, database: Database) -> StaffBrowser:
    """A signed-in researcher with a draft of the departed customers' survey called “mine”."""
    add_staff(database, EMAIL, Role.RESEARCHER)
    with database.writing() as session:
        actions.create(session, by=EMAIL, template="departed", name="mine", language="en")
    return browser_of(app, EMAIL)


def document(database: Database) -> dict[str, Any]:
    with database.reading() as session:
        row = queries.get_survey(session, "mine")
        return dict(queries.list_versions(session, row.id)[0].document)


def codes(database: Database) -> list[str]:
    return [each["code"] for each in document(database)["question"]]


def fields(page: str) -> dict[str, Any]:
    """What the question's form would send."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<(?:input|textarea|option)[^>]*>[^<]*", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or ("checkbox" in tag and " checked" not in tag):
            continue
        typed = tag.partition(">")[2].strip() if tag.startswith("<textarea") else ""
        sent = unescape(value[1] if value else typed)
        found.setdefault(name[1], []).append(sent)
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', page, re.DOTALL):
        found[name] = re.findall(r'<option value="([^"]+)" selected>', options)
    return {name: sent for name, sent in found.items() if name not in ("csrf_token", "width")}


def write(browser: StaffBrowser, named: str, **change: Any) -> Any:
    """Send the question's form with some fields changed."""
    path = f"{EDIT}/questions/{named}"
    sent = fields(browser.get(path).text) | change
    return browser.send(path, **sent)


def test_every_kind_is_added_shown_and_saved_as_it_is(
    browser: StaffBrowser, database: Database, valid_html: Callable[[str], None]
) -> None:
    valid_html(browser.get(EDIT).text)
    browser.send(f"{EDIT}/questions", seen_at=EDIT, kind="ranking")
    for kind in SHAPES:
        made = browser.send(f"{EDIT}/questions", seen_at=EDIT, kind=kind)
        page = browser.get(made.location).text
        valid_html(page)
        code = made.location.rpartition("/")[2]
        before = next(each for each in document(database)["question"] if each["code"] == code)
        assert write(browser, code).status_code == 302
        after = next(each for each in document(database)["question"] if each["code"] == code)
        blank = {name: value for name, value in after.items() if value not in ({}, [])}
        for name, value in before.items():
            assert blank[name] == value or not any(value.values())
    valid_html(browser.get(EDIT).text)
    refused = browser.send(f"{EDIT}/questions", seen_at=EDIT, kind="guess")
    assert "no kind of question" in browser.get(refused.location).text


def test_a_question_is_written_in_three_languages(
    browser: StaffBrowser, database: Database, valid_html: Callable[[str], None]
) -> None:
    change = {f"text.{code}": f" New  text {code}? " for code in LANGUAGES}
    saved = write(browser, "price_compared", **change, required="1")
    assert saved.location == f"{EDIT}#q-price_compared"
    question = document(database)["question"][1]
    assert question["text"] == {code: f"New text {code}?" for code in LANGUAGES}
    assert question["required"] is True
    assert question["show_if"] == {
        "question": "reasons",
        "any_of": ["competitor.price", "company.price"],
    }
    page = browser.get(EDIT).text
    valid_html(page)
    assert "New text en?" in page
    assert "shown after “Which of these played a part?”: “Better price elsewhere”" in page


def test_options_come_go_and_move_before_anything_is_saved(
    browser: StaffBrowser, database: Database, valid_html: Callable[[str], None]
) -> None:
    before = document(database)
    path = f"{EDIT}/questions/attraction"
    added = write(browser, "attraction", **{"text.en": "Typed", "step": "add:option"})
    valid_html(added.text)
    assert 'value="Typed"' in added.text
    assert document(database) == before
    sent = fields(added.text) | {"option.8.text.en": "Free coffee", "step": "up:option:8"}
    moved = fields(browser.send(path, **sent).text)
    assert moved["option.7.text.en"] == ["Free coffee"]
    gone = fields(browser.send(path, **(moved | {"step": "remove:option:0"})).text)
    browser.send(path, **(gone | {"step": "save"}))
    options = document(database)["question"][3]["option"]
    assert [each["code"] for each in options][-2:] == ["free_coffee", "other"]
    assert "price" not in [each["code"] for each in options]
    assert options[-1]["with_text"] is True


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text.en": "x" * 301}, "at most 300 fit"),
        ({"max": "a lot"}, "“a lot” is no whole number"),
        ({"max": "4001"}, "This number is from 50 to 4000"),
        ({"code": "Why not"}, "is no code"),
        ({"code": "token"}, "has another use"),
        ({"code": "reasons"}, "is used by two questions"),
        ({"show_if.question": "return", "show_if.at_least.return": "12"}, "never be shown"),
        ({"show_if.question": "return"}, "never be shown"),
        ({"show_if.question": "quality"}, "Nothing can depend on"),
        ({"show_if.question": "nowhere"}, "does not stand before it"),
        ({"revision": "99"}, "Somebody else changed this survey meanwhile"),
    ],
)
def test_a_fault_is_told_beside_everything_that_was_typed(
    browser: StaffBrowser,
    database: Database,
    valid_html: Callable[[str], None],
    change: dict[str, str],
    says: str,
) -> None:
    before = document(database)
    kept = {"hint.uk": "Тільки що написано", "text.ru": "Написано только что"}
    refused = write(browser, "return_change", **(kept | change))
    assert refused.status_code == 422
    valid_html(refused.text)
    page = unescape(refused.text)
    assert says in page
    for typed in (*kept.values(), *change.values()):
        assert typed in page
    assert document(database) == before


def test_an_answer_others_wait_for_can_not_go(browser: StaffBrowser, database: Database) -> None:
    browser.send(f"{EDIT}/questions", seen_at=EDIT, kind="text")
    condition = {"show_if.question": "price_compared", "show_if.any_of.price_compared": "other"}
    assert write(browser, "words", **condition).status_code == 302
    sent = fields(browser.get(f"{EDIT}/questions/price_compared").text)
    path = f"{EDIT}/questions/price_compared"
    without = fields(browser.send(path, **(sent | {"step": "remove:option:4"})).text)
    refused = browser.send(path, **(without | {"step": "save"}))
    assert refused.status_code == 422
    assert "words: “price_compared” does not offer other." in unescape(refused.text)
    browser.send(f"{EDIT}/questions/price_compared/remove", seen_at=EDIT)
    assert "“words” depends on “price_compared”; change that first." in browser.get(EDIT).text
    # A new code is carried to whoever names the old one.
    assert write(browser, "price_compared", code="yardstick").status_code == 302
    assert document(database)["question"][-1]["show_if"]["question"] == "yardstick"


def test_questions_are_put_in_order(browser: StaffBrowser, database: Database) -> None:
    first = codes(database)
    browser.send(f"{EDIT}/order", seen_at=EDIT, move="down:improve")
    assert codes(database).index("improve") == first.index("improve") + 1
    back = browser.send(f"{EDIT}/order", seen_at=EDIT, move="up:improve")
    assert codes(database) == first
    assert "autofocus" in browser.get(back.location).text
    dragged = ["more", *first[:-1]]
    browser.send(f"{EDIT}/order", seen_at=EDIT, order=" ".join(dragged))
    assert codes(database) == dragged
    for wrong, says in (
        (
            " ".join(["attraction", *[code for code in dragged if code != "attraction"]]),
            "must stand",
        ),
        ("more reasons", "changed meanwhile"),
    ):
        browser.send(f"{EDIT}/order", seen_at=EDIT, order=wrong)
        assert says in browser.get(EDIT).text
    assert codes(database) == dragged


def test_a_question_is_copied_and_taken_out(browser: StaffBrowser, database: Database) -> None:
    browser.send(f"{EDIT}/questions/quality/copy", seen_at=EDIT)
    assert codes(database)[4:6] == ["quality", "quality_2"]
    browser.send(f"{EDIT}/questions/quality/remove", seen_at=EDIT)
    assert "quality" not in codes(database)
    assert browser.get(f"{EDIT}/questions/quality").status_code == 404


def test_texts_and_languages(
    browser: StaffBrowser, database: Database, valid_html: Callable[[str], None]
) -> None:
    path = f"{EDIT}/texts"
    sent = fields(browser.get(path).text) | {"title.en": "Another title", "languages": ["en", "uk"]}
    valid_html(browser.get(path).text)
    browser.send(path, **sent)
    kept = document(database)
    assert (kept["title"]["en"], kept["languages"]) == ("Another title", ["en", "uk"])
    assert kept["title"]["ru"], "texts in a language not offered are kept"
    refused = browser.send(path, **(sent | {"languages": ["uk"], "intro.en": "Typed intro"}))
    assert refused.status_code == 422
    assert "own language, “en”, has to be offered" in refused.text
    assert "Typed intro" in refused.text
    assert document(database) == kept


def test_what_is_missing_keeps_it_from_opening(browser: StaffBrowser, database: Database) -> None:
    write(browser, "more", **{"text.uk": "", "hint.ru": ""})
    page = browser.get(EDIT).text
    assert "1 text missing" in page
    assert "Question: This text is missing in the language “Українська”." in page
    assert "Open the survey" not in page
    opened = browser.send(f"{BASE}/open", seen_at=BASE)
    assert opened.location == EDIT
    with database.reading() as session:
        assert queries.get_survey(session, "mine").state == "draft"


def test_the_preview_shows_what_is_typed(
    browser: StaffBrowser, database: Database, valid_html: Callable[[str], None]
) -> None:
    page = browser.get(f"{BASE}/preview?lang=uk")
    valid_html(page.text)
    assert '<html lang="uk">' in page.text
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert "<script" not in page.text
    assert 'name="token"' not in page.text
    before = document(database)
    path = f"{EDIT}/questions/more"
    sent = fields(browser.get(path).text) | {"text.en": "Typed just now?"}
    shown = browser.send(f"{BASE}/preview", seen_at=path, **sent)
    valid_html(shown.text)
    assert "Typed just now?" in shown.text
    assert document(database) == before
    assert browser.get("/staff/surveys/nothing/preview").status_code == 404
