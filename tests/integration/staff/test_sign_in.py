"""Signing in and out: who gets in, what is refused, which cookies are set."""

from __future__ import annotations

import re
import time
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask, session
from flask_login import current_user
from sqlalchemy import event

from config import load_settings
from feedback_app import create_app
from feedback_app.foundation import policy
from feedback_app.foundation.db import Database
from feedback_app.foundation.rules import Permission
from feedback_app.staff import actions
from feedback_app.staff.rules import LONGEST_PASSWORD, Role
from feedback_app.staff.throttle import LIMITS
from tests.factories.staff import PASSWORD, StaffBrowser, add_staff, browser_of, token_of

EMAIL = "anna@example.com"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def anna(database: Database) -> int:
    return add_staff(database, EMAIL, Role.ADMIN)


@pytest.fixture
def browser(app: Flask, anna: int) -> StaffBrowser:
    return StaffBrowser(app.test_client())


def test_the_right_password_opens_the_home_page(browser: StaffBrowser) -> None:
    answer = browser.sign_in(EMAIL)
    assert (answer.status_code, answer.location) == (302, "/")
    assert EMAIL in browser.get("/").text


def test_the_address_may_be_typed_in_any_spelling(browser: StaffBrowser) -> None:
    assert browser.sign_in("  ANNA@Example.com ").status_code == 302


def test_wrong_password_unknown_address_and_closed_account_read_the_same(
    app: Flask, database: Database, anna: int
) -> None:
    closed = add_staff(database, "closed@example.com", Role.MANAGER)
    with database.writing() as session:
        actions.deactivate(session, closed, by="test")
    pages = []
    for email, password in (
        (EMAIL, "wrong password"),
        ("nobody@example.com", PASSWORD),
        ("closed@example.com", PASSWORD),
    ):
        browser = StaffBrowser(app.test_client())
        answer = browser.sign_in(email, password)
        assert answer.status_code == 200
        assert browser.get("/").status_code == 302
        pages.append(re.sub(r'value="[^"]*"|nonce-[^"]*', "", answer.text))
    assert pages[0] == pages[1] == pages[2]
    assert "do not go together" in pages[0]


@on_sqlite
def test_an_unknown_address_costs_as_much_time_as_a_wrong_password(app: Flask, anna: int) -> None:
    def best(email: str) -> float:
        times = []
        for _ in range(4):
            browser = StaffBrowser(app.test_client())
            token = token_of(browser.get("/staff/sign-in").text)
            began = time.perf_counter()
            browser.client.post(
                "/staff/sign-in",
                data={"csrf_token": token, "email": email, "password": "wrong password"},
            )
            times.append(time.perf_counter() - began)
        return min(times)

    known, unknown = best(EMAIL), best("nobody@example.com")
    # Without the hash the unknown one would answer in a fifth of the time or less.
    assert 0.4 < unknown / known < 2.5


def test_signing_in_stores_no_address_and_no_time(browser: StaffBrowser, database) -> None:
    before = _everything(database)
    browser.sign_in(EMAIL)
    browser.send("/staff/sign-out", seen_at="/")
    browser.sign_in("nobody@example.com", "wrong password")
    assert _everything(database) == before


def _everything(database: Database) -> list[tuple[object, ...]]:
    with database.reader.connect() as connection:
        return [
            tuple(row)
            for table in ("staff_user", "staff_user_role", "audit_entry")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]


@on_sqlite
def test_guessing_is_slowed_down(app: Flask, browser: StaffBrowser) -> None:
    for _ in range(LIMITS["email and address"]):
        assert browser.sign_in(EMAIL, "wrong password").status_code == 200
    answer = browser.sign_in(EMAIL)
    assert answer.status_code == 429
    assert "Wait a quarter of an hour" in answer.text
    assert browser.sign_in("boris@example.com", "wrong password").status_code == 200


@on_sqlite
def test_an_endless_password_is_not_hashed(
    browser: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[int] = []
    hashing = import_module("passlib.context").CryptContext

    def watch(name: str) -> None:
        real = getattr(hashing, name)

        def watched(context: object, secret: str, *rest: Any, **options: Any) -> Any:
            hashed.append(len(secret))
            return real(context, secret, *rest, **options)

        monkeypatch.setattr(hashing, name, watched)

    watch("verify")
    watch("hash")
    answer = browser.sign_in(EMAIL, "x" * 1_000_000)
    assert answer.status_code in (200, 413)
    assert all(length <= LONGEST_PASSWORD for length in hashed)
    assert browser.get("/").status_code == 302
    browser.sign_in(EMAIL)
    assert hashed


def test_a_visitor_comes_back_to_the_page_they_wanted(browser: StaffBrowser) -> None:
    wanted = browser.get("/staff/audit?act=staff.add")
    assert wanted.status_code == 302
    answer = browser.sign_in(EMAIL, path=wanted.location)
    assert answer.location == "/staff/audit?act=staff.add"


@on_sqlite
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "///evil.example", "/\t//evil.example", "javascript:alert(1)", " //evil.example",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["address", "field"])
def test_nobody_is_sent_to_another_site(browser: StaffBrowser, target: str, place: str) -> None:
    if place == "address":
        asked = browser.client.get("/staff/sign-in", query_string={"next": target})
        assert asked.location == "/staff/sign-in"
        path = f"/staff/sign-in?{urlencode({'next': target})}"
        answer = browser.send(path, seen_at="/staff/sign-in", email=EMAIL, password=PASSWORD)
    else:
        answer = browser.send("/staff/sign-in", email=EMAIL, password=PASSWORD, next=target)
    assert answer.status_code == 400
    assert browser.get("/").status_code == 302


@on_sqlite
def test_the_switch_of_languages_keeps_the_page_and_sends_nobody_away(
    app: Flask, anna: int
) -> None:
    browser = browser_of(app, EMAIL)
    answer = browser.send("/staff/language", seen_at="/", language="uk", next="/staff/audit?act=x")
    assert answer.location == "/staff/audit?act=x"
    assert 'lang="uk"' in browser.get("/").text.split(">")[1]
    answer = browser.send("/staff/language", seen_at="/", language="xx", next="//evil.example")
    assert answer.location == "/"
    again = browser_of(app, EMAIL)
    assert '<html lang="uk"' in again.get("/").text


def test_signing_out_takes_a_form_and_ends_the_session(app: Flask, anna: int) -> None:
    browser = browser_of(app, EMAIL)
    assert browser.get("/staff/sign-out").status_code == 405
    assert browser.get("/").status_code == 200
    assert browser.send("/staff/sign-out", seen_at="/").location == "/staff/sign-in"
    assert browser.get("/").status_code == 302


def test_an_account_that_is_closed_is_out_at_once(
    app: Flask, database: Database, anna: int
) -> None:
    boris = add_staff(database, "boris@example.com", Role.MANAGER)
    browser = browser_of(app, "boris@example.com")
    with database.writing() as session:
        actions.deactivate(session, boris, by=EMAIL)
    assert browser.get("/").status_code == 302


@on_sqlite
def test_no_token_in_a_header_or_address_signs_anybody_in(app: Flask, anna: int) -> None:
    with app.test_request_context():
        user = app.extensions["security"].datastore.find_user(email=EMAIL)
        token = str(user.get_auth_token())
    client = app.test_client()
    assert client.get("/", headers={"Authentication-Token": token}).status_code == 302
    assert client.get("/", query_string={"auth_token": token}).status_code == 302
    as_json = client.post("/staff/sign-in", json={"email": EMAIL, "password": PASSWORD})
    assert as_json.status_code == 400


@on_sqlite
def test_the_cookie_is_kept_from_scripts_and_other_sites(browser: StaffBrowser) -> None:
    answer = browser.sign_in(EMAIL)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("feedback_staff=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # this site is http
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


def test_over_https_the_cookie_is_secure_and_forms_work_without_a_referer(
    home, sqlite_url: str
) -> None:
    settings = load_settings(
        {
            "FEEDBACK_HOME": str(home),
            "FEEDBACK_DATABASE_URL": sqlite_url,
            "FEEDBACK_BASE_URL": "https://feedback.example.com",
        }
    )
    app = create_app(settings)
    database = app.extensions["feedback_database"]
    add_staff(database, EMAIL, Role.ADMIN)
    client = app.test_client()
    there = {"base_url": "https://feedback.example.com"}
    page = client.get("/staff/sign-in", **there)
    assert "Secure" in page.headers["Set-Cookie"]
    fields = {"csrf_token": token_of(page.text), "email": EMAIL, "password": PASSWORD}
    assert client.post("/staff/sign-in", data=fields, **there).location == "/"
    database.dispose()


@on_sqlite
def test_the_session_ends_after_half_a_day(app: Flask, anna: int, monkeypatch) -> None:
    from itsdangerous import TimestampSigner

    browser = browser_of(app, EMAIL)
    now = time.time()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: int(now + 11 * 3600))
    assert browser.get("/staff/account").status_code == 200
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: int(now + 24 * 3600))
    assert browser.get("/staff/account").status_code == 302


@on_sqlite
def test_respondents_pages_set_no_cookie_and_ask_for_no_user(
    app: Flask, anna: int, monkeypatch
) -> None:
    """Even in the browser of somebody who is signed in, and even if a view slips."""
    seen: list[bool] = []
    statements: list[str] = []

    def page() -> str:
        session["trace"] = "left by mistake"
        seen.append(current_user.is_authenticated)
        return "thanks"

    app.add_url_rule("/probe", "answers.page_of_this_test", page)
    monkeypatch.setitem(policy.POLICY, "answers.page_of_this_test", Permission.PUBLIC)
    browser = browser_of(app, EMAIL)
    reader = app.extensions["feedback_database"].reader
    event.listen(reader, "before_cursor_execute", lambda *given: statements.append(given[2]))
    answer = browser.get("/probe")
    assert answer.text == "thanks"
    assert answer.headers.getlist("Set-Cookie") == []
    assert seen == [False]
    assert not [text for text in statements if "staff_user" in text]
