"""Changing the catalogue on its pages: what is stored, what is refused, what a refusal keeps."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from feedback_app.causes import actions, queries
from feedback_app.causes.rules import Side, Texts
from feedback_app.foundation.db import Database

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def catalogue_of(database: Database):
    with database.reading() as session:
        return queries.get_catalogue(session)


def number_on(page: str) -> str:
    return re.search(r'name="codebook"[^>]* value="(\d+)"', page)[1]  # type: ignore[index]


def test_adding(researcher, database: Database) -> None:
    answer = researcher.send(
        "/staff/causes/new",
        seen_at="/staff/causes/new",
        side="company",
        label_en="Too few branches",
        label_ru="Мало отделений",
        explanation_ru="Отделение закрыто или далеко.",
        is_tickable="y",
    )
    assert answer.status_code == 302
    assert answer.location.endswith("#company.too_few_branches")
    cause = catalogue_of(database).get("company.too_few_branches")
    assert cause.labels == {"en": "Too few branches", "ru": "Мало отделений"}
    assert cause.explanations == {"ru": "Отделение закрыто или далеко."}
    assert cause.is_own
    assert cause.is_tickable
    page = researcher.read(answer.location)
    assert "Added with the code company.too_few_branches." in page


def test_adding_says_what_is_wrong_and_keeps_what_was_typed(
    researcher, database: Database, valid_html
) -> None:
    answer = researcher.send(
        "/staff/causes/new",
        seen_at="/staff/causes/new",
        label_ru="Мало отделений",
        explanation_uk="Далеко <до> відділення.",
    )
    page = answer.text
    assert answer.status_code == 422
    assert "Choose a side." in page
    assert "There is an explanation in this language: give a label too." in page
    assert "Мало отделений</textarea>" in page
    assert "Далеко &lt;до&gt; відділення." in page
    assert catalogue_of(database).codebook == 1
    valid_html(page)


def test_a_label_that_is_taken_is_refused_beside_what_was_typed(
    researcher, database: Database, valid_html
) -> None:
    label = catalogue_of(database).label("client.budget", "en")
    answer = researcher.send(
        "/staff/causes/company.price/rename",
        seen_at="/staff/causes/company.price/rename",
        label_en=label,
        explanation_en="Typed with care.",
    )
    assert answer.status_code == 422
    assert f"client.budget is called “{label}” already" in answer.text
    assert "Typed with care." in answer.text
    assert catalogue_of(database).codebook == 1
    valid_html(answer.text)


def test_too_long_texts_are_refused(researcher, database: Database) -> None:
    answer = researcher.send(
        "/staff/causes/company.price/rename",
        seen_at="/staff/causes/company.price/rename",
        label_en="x" * 121,
    )
    assert answer.status_code == 422
    assert "At most 120 characters." in answer.text
    assert "x" * 121 in answer.text


def test_rewording(researcher, database: Database) -> None:
    page = researcher.read("/staff/causes/company.price/rename")
    assert catalogue_of(database).label("company.price", "uk") in unescape(page)
    answer = researcher.send(
        "/staff/causes/company.price/rename",
        seen_at="/staff/causes/company.price/rename",
        label_en=" Our  fees",
        label_ru="",
        label_uk="Наші тарифи",
        **{f"explanation_{language}": "" for language in ("en", "ru", "uk")},
    )
    assert answer.status_code == 302
    cause = catalogue_of(database).get("company.price")
    assert cause.labels == {"en": "Our fees", "uk": "Наші тарифи"}
    assert cause.explanations == {}


def test_whoever_was_overtaken_keeps_the_text_and_may_send_it_again(
    researcher, database: Database
) -> None:
    path = "/staff/causes/company.price/rename"
    page = researcher.read(path)
    with database.writing() as session:
        actions.rename(session, "company.price", Texts({"en": "By a colleague"}), by="c@x.org")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]  # type: ignore[index]
    typed = {"csrf_token": token, "codebook": number_on(page), "label_en": "By me"}
    answer = researcher.client.post(path, data=typed)
    assert answer.status_code == 409
    assert "Somebody changed the causes while you were looking" in answer.text
    assert "By me</textarea>" in answer.text
    assert "Now: By a colleague" in answer.text
    again = researcher.client.post(path, data={**typed, "codebook": number_on(answer.text)})
    assert again.status_code == 302
    assert catalogue_of(database).label("company.price", "en") == "By me"


def test_a_button_of_an_old_page_is_refused(researcher, database: Database, valid_html) -> None:
    page = researcher.read("/staff/causes")
    with database.writing() as session:
        actions.retire(session, "client.mistake", by="c@x.org")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]  # type: ignore[index]
    answer = researcher.client.post(
        "/staff/causes/client.budget/retire", data={"csrf_token": token, "codebook": "1"}
    )
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.text
    assert not catalogue_of(database).get("client.budget").is_retired
    valid_html(answer.text)


def test_the_buttons_of_the_index(researcher, database: Database) -> None:
    assert researcher.send("/staff/causes/company.price/move", places="-1").status_code == 302
    assert (
        researcher.send("/staff/causes/company.price/tickable", is_tickable="no").status_code == 302
    )
    assert researcher.send("/staff/causes/company.slow_response/retire").status_code == 302
    order = [it.code for it in catalogue_of(database).standing(Side.COMPANY)]
    assert order.index("company.price") == order.index("company.pushiness") - 1
    assert not catalogue_of(database).get("company.price").is_tickable
    assert catalogue_of(database).get("company.slow_response").is_retired
    assert researcher.send("/staff/causes/company.slow_response/restore").status_code == 302
    assert not catalogue_of(database).get("company.slow_response").is_retired


def test_moving_keeps_the_focus_on_its_button(researcher) -> None:
    answer = researcher.send("/staff/causes/company.price/move", places="-1")
    page = researcher.read(answer.location)
    assert page.count(" autofocus") == 1
    place = page.index('id="company.price"')
    assert place < page.index(" autofocus") < page.index("</li>", place)
    assert "#" not in answer.location


def test_a_refused_button_says_why(researcher, database: Database) -> None:
    for cause in catalogue_of(database).standing(Side.COMPETITOR)[1:]:
        researcher.send(f"/staff/causes/{cause.code}/tickable", is_tickable="no")
    answer = researcher.send("/staff/causes/competitor.price/retire")
    assert answer.status_code == 422
    assert "competitor.price is the last cause of its side" in answer.text


def test_merging_shows_what_moves_before_it_does(
    app: Flask, researcher, database: Database
) -> None:
    counts = {"company.rudeness": 1234, "company.neglect": 7, "company.incompetence": 0}
    app.extensions["feedback_cause_counts"] = lambda _session, code: counts[code]
    with database.writing() as session:
        actions.merge(session, "company.neglect", "company.rudeness", by="c@x.org")
    path = "/staff/causes/company.rudeness/merge"
    chosen = researcher.read(f"{path}?into=company.incompetence")
    preview = " ".join(re.sub(r"<[^>]+>", " ", chosen).split())
    assert "1,234 opened answers" in preview
    assert "fewer than 10 opened answers" in preview
    assert "merged earlier" in preview
    assert "so far no opened answers" in preview
    assert not catalogue_of(database).get("company.rudeness").is_retired
    answer = researcher.send(
        path, seen_at=f"{path}?into=company.incompetence", into="company.incompetence"
    )
    assert answer.status_code == 302
    catalogue = catalogue_of(database)
    assert catalogue.current("company.neglect") == "company.incompetence"
    index = researcher.read(answer.location)
    assert "Undo the merge" in index


def test_without_counts_the_preview_says_so(researcher, app: Flask) -> None:
    del app.extensions["feedback_cause_counts"]
    page = researcher.read("/staff/causes/company.rudeness/merge?into=company.neglect")
    assert "How many answers that concerns is not known here." in page


@pytest.mark.parametrize("into", ["client.budget", "company.nothing", "company.rudeness", ""])
def test_a_target_that_is_none_is_not_previewed_and_not_merged(
    researcher, database: Database, into
) -> None:
    path = "/staff/causes/company.rudeness/merge"
    assert "What moves" not in researcher.read(f"{path}?into={into}")
    answer = researcher.send(path, seen_at=f"{path}?into=company.neglect", into=into)
    assert answer.status_code == 422
    assert catalogue_of(database).codebook == 1


def test_what_is_merged_already_says_so(researcher) -> None:
    researcher.send("/staff/causes/company.rudeness/merge", into="company.neglect")
    page = researcher.read("/staff/causes/company.rudeness/merge")
    assert "Undo that merge first" in page
