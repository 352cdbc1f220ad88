"""Whole pages in Russian and Ukrainian: no English sentence of ours is left on them."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from sqlalchemy import select

from feedback_app.customers.models import Customer
from feedback_app.foundation.db import Database
from feedback_app.staff.rules import Role
from tests.factories.answers import Told, make_survey, put_answers
from tests.factories.customers import add_customers, reading
from tests.factories.staff import StaffBrowser, add_staff, browser_of

CATALOGUE = Path(__file__).parents[2] / "feedback_app/translations/ru/LC_MESSAGES/messages.po"
EMAIL = "boss@example.com"
SURVEY = "departed"
NOT_FOUND = 404

STAFF_PAGES = (
    "/",
    "/reports",
    "/reports/comments",
    f"/reports/{SURVEY}/causes",
    f"/reports/{SURVEY}/causes?side=company",
    f"/reports/{SURVEY}/comments",
    "/staff/account",
    "/staff/account/password",
    "/staff/account/second-factor",
    "/staff/accounts",
    "/staff/accounts/new",
    "/staff/audit",
    "/staff/brainstorms",
    "/staff/brainstorms/new",
    "/staff/brainstorms/habits",
    "/staff/brainstorms/proposals",
    "/staff/causes",
    "/staff/causes/company.price/merge",
    "/staff/causes/company.price/rename",
    "/staff/causes/history",
    "/staff/causes/history/1",
    "/staff/causes/new",
    "/staff/competitors",
    "/staff/customers",
    "/staff/customers?search=nobody",
    "/staff/customers/import",
    "/staff/customers/suppression",
    "/staff/surveys",
    f"/staff/surveys/{SURVEY}",
    f"/staff/surveys/{SURVEY}/close",
    "/staff/surveys/new",
    "/staff/waves",
    "/staff/waves/new",
    "/staff/waves/split",
    "/staff/waves/in-doubt",
)
VISITOR_PAGES = (
    "/brainstorms",
    "/staff/sign-in",
    f"/s/{SURVEY}",
    f"/s/{SURVEY}/thanks",
    f"/s/{SURVEY}/what-we-store",
    "/s/nowhere",
    "/i/nothing",
)


def _english_pieces() -> list[str]:
    """The longest literal piece of every message, if it is more than a word or two."""
    with CATALOGUE.open("rb") as file:
        messages = [message.id for message in read_po(file) if message.id]
    pieces = set()
    for message in messages:
        for text in (message,) if isinstance(message, str) else message:
            piece = max(re.split(r"%\([a-z_]+\)[sd]|%%|<[^>]+>", text), key=len).strip()
            if len(piece) >= 12 and " " in piece:
                pieces.add(piece)
    return sorted(pieces)


ENGLISH = _english_pieces()


def _left_in_english(page: str) -> list[str]:
    readable = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    text = " ".join(unescape(re.sub(r"</?(?!input|img|button|svg)[^>]*>", " ", readable)).split())
    return [piece for piece in ENGLISH if piece in text]


@pytest.fixture
def filled(sqlite_app: Flask) -> Database:
    """An installation with a survey, a readable report, a customer and a colleague."""
    database: Database = sqlite_app.extensions["feedback_database"]
    survey = make_survey(database)
    put_answers(
        database,
        survey,
        [
            (Told(("company.price", "competitor.price"), "company.price", score=3), 20),
            (Told(("client.need_gone",), "client.need_gone", score=6), 12),
        ],
    )
    add_staff(database, EMAIL, Role.ADMIN)
    with database.writing() as session:
        add_customers(session, reading("C-1", name="Anna", email="anna@example.com"))
    return database


@pytest.fixture(params=["ru", "uk"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _staff_browser(app: Flask, language: str) -> StaffBrowser:
    browser = browser_of(app, EMAIL)
    assert browser.send("/staff/language", seen_at="/", language=language).status_code == 302
    return browser


def test_staff_pages_are_translated(sqlite_app: Flask, filled: Database, language: str) -> None:
    browser = _staff_browser(sqlite_app, language)
    with filled.reading() as session:
        customer = session.scalar(select(Customer.id))
    own = [f"/staff/customers/{customer}{page}" for page in ("", "/edit", "/erase")]
    left = {}
    for path in (*STAFF_PAGES, *own):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert f'<html lang="{language}"' in answer.text, path
        left[path] = _left_in_english(answer.text)
    assert {path: found for path, found in left.items() if found} == {}


def test_visitors_pages_are_translated(sqlite_app: Flask, filled: Database, language: str) -> None:
    client = sqlite_app.test_client()
    left = {}
    for path in VISITOR_PAGES:
        answer = client.get(path, query_string={"lang": language})
        assert answer.status_code in {200, NOT_FOUND, 410}, path
        assert f'<html lang="{language}"' in answer.text, path
        left[path] = _left_in_english(answer.text)
    assert {path: found for path, found in left.items() if found} == {}


def test_forms_complain_in_the_readers_language(
    sqlite_app: Flask, filled: Database, language: str
) -> None:
    """Complaints of the form library too, which has its own catalogue."""
    required = {"ru": "Обязательное поле", "uk": "Це поле є обов'язковим"}
    browser = _staff_browser(sqlite_app, language)
    answer = browser.send("/staff/surveys/new", name="", mode="anonymous", k="10", language="en")
    assert required[language] in unescape(answer.text)
    assert "This field" not in answer.text


def test_a_sentence_left_in_english_would_be_found() -> None:
    assert _left_in_english("<p>Nothing is <b>lost</b></p>") == []
    assert _left_in_english("<h1>There is no such page</h1>") == ["There is no such page"]
    assert _left_in_english('<img alt="Where you are">') == ["Where you are"]


def test_a_refused_file_is_told_in_the_readers_language(
    sqlite_app: Flask, filled: Database, language: str
) -> None:
    told = {"ru": "note.txt: файл пуст", "uk": "note.txt: файл порожній"}
    browser = _staff_browser(sqlite_app, language)
    answer = browser.send("/staff/customers/import", file=(BytesIO(b"\n"), "note.txt"))
    assert answer.status_code == 422
    assert told[language] in answer.text
    assert _left_in_english(answer.text) == []
