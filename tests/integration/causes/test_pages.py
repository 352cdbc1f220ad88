"""The causes pages: who may open them, and what they show."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from feedback_app.causes import actions, queries
from feedback_app.causes.rules import Side, Texts
from feedback_app.foundation.db import Database
from feedback_app.foundation.policy import POLICY
from feedback_app.foundation.rules import Permission
from feedback_app.staff.rules import Role

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PAGES = (
    "/staff/causes",
    "/staff/causes/new?side=client",
    "/staff/causes/company.price/rename",
    "/staff/causes/company.price/merge",
    "/staff/causes/company.price/merge?into=company.plans",
    "/staff/causes/history",
    "/staff/causes/history/1",
)
BUTTONS = ("move", "tickable", "retire", "restore", "rename", "merge")


def catalogue_of(database: Database):
    with database.reading() as session:
        return queries.get_catalogue(session)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMIN, 200), (Role.RESEARCHER, 200), (Role.MANAGER, 403), (Role.FACILITATOR, 403)],
)
def test_researchers_and_administrators_alone_see_the_pages(visitor_as, role, status) -> None:
    visitor = visitor_as(role)
    for path in PAGES:
        assert visitor.get(path).status_code == status, path


def test_others_change_nothing(visitor_as, client, database: Database) -> None:
    manager = visitor_as(Role.MANAGER)
    for button in BUTTONS:
        address = f"/staff/causes/company.price/{button}"
        assert manager.send(address, seen_at="/", codebook="1").status_code == 403
        assert client.post(address, data={"codebook": "1"}).status_code == 400
    for path in PAGES:
        assert "sign-in" in client.get(path).location
    assert catalogue_of(database).codebook == 1


def test_every_endpoint_asks_for_the_right_to_edit_causes(app: Flask) -> None:
    endpoints = {it.endpoint for it in app.url_map.iter_rules() if "causes." in it.endpoint}
    assert len(endpoints) == 10
    assert {POLICY[endpoint] for endpoint in endpoints} == {Permission.EDIT_CAUSES}


def test_a_form_without_its_token_changes_nothing(researcher, database: Database) -> None:
    answer = researcher.client.post("/staff/causes/company.price/retire", data={"codebook": "1"})
    assert answer.status_code in (400, 422)
    assert catalogue_of(database).codebook == 1


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_are_valid_html(researcher, valid_html, path) -> None:
    researcher.send("/staff/causes/company.rudeness/merge", into="company.neglect")
    researcher.send("/staff/causes/company.innovation/retire")
    researcher.send("/staff/causes/client.mistake/tickable", is_tickable="no")
    valid_html(researcher.read(path))


@pytest.mark.parametrize("language", ["en", "ru", "uk"])
def test_labels_stand_in_the_readers_language(visitor_as, database, language) -> None:
    page = unescape(visitor_as(Role.RESEARCHER, language).read("/staff/causes"))
    assert f'<html lang="{language}"' in page
    catalogue = catalogue_of(database)
    for cause in catalogue.causes:
        assert cause.labels[language] in page
        assert cause.explanations[language] in page
    for side in Side:
        assert catalogue.side_name(side, language) in page
    other = {"en": "ru", "ru": "uk", "uk": "en"}[language]
    assert catalogue.label("company.quality", other) not in page


def test_a_label_that_is_missing_in_the_readers_language_is_shown_in_english(
    visitor_as, database: Database
) -> None:
    reader = visitor_as(Role.RESEARCHER, "uk")
    with database.writing() as session:
        actions.add(session, side=Side.CLIENT, texts=Texts({"en": "Wound up"}), by="x@example.org")
    assert "Wound up" in reader.read("/staff/causes")


def test_the_history_tells_who_changed_what(researcher, database: Database) -> None:
    old = catalogue_of(database).label("company.price", "en")
    researcher.send(
        "/staff/causes/company.price/rename",
        seen_at="/staff/causes/company.price/rename",
        label_en="Our fees",
        label_ru="",
        explanation_ru="",
    )
    researcher.send("/staff/causes/company.rudeness/merge", into="company.neglect")
    page = researcher.read("/staff/causes/history")
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert f"label, English {old} became Our fees" in words
    assert "label, Русский" in words
    assert "counts as itself became Feeling ignored or undervalued (company.neglect)" in words
    assert researcher.email in page
    assert "comes with the product" in words
    assert "29 causes: added" in words


def test_the_history_is_read_in_pages(researcher, database: Database) -> None:
    for _ in range(20):
        for places in (1, -1):
            with database.writing() as session:
                actions.move(session, "company.price", places=places, by="c@x.org")
    first = researcher.read("/staff/causes/history")
    assert "Codebook 41" in first
    assert "Codebook 11<" not in first
    older = re.search(r'rel="next" href="([^"]+)"', first)[1]  # type: ignore[index]
    second = researcher.read(unescape(older))
    assert "Codebook 11<" in second
    assert "Codebook 1<" in second
    assert 'rel="next"' not in second


def test_an_older_codebook_is_shown_as_it_was(researcher) -> None:
    researcher.send(
        "/staff/causes/company.price/rename",
        seen_at="/staff/causes/company.price/rename",
        label_en="Our fees",
    )
    assert "Our fees" not in researcher.read("/staff/causes/history/1")
    assert "Our fees" in researcher.read("/staff/causes/history/2")


@pytest.mark.parametrize(
    "path",
    [
        "/staff/causes/company.nothing/rename",
        "/staff/causes/company.nothing/merge",
        "/staff/causes/history/99",
        "/staff/causes/history/99999999999999999999",
    ],
)
def test_what_does_not_exist_is_a_calm_404(researcher, path) -> None:
    answer = researcher.get(path)
    assert answer.status_code == 404
    assert "There is no" in answer.text
