"""The authenticator app: connecting it, signing in with it, losing it."""

from __future__ import annotations

import html
import re

import pyotp
import pytest
from flask import Flask

from feedback_app.foundation.db import Database
from feedback_app.staff import actions
from feedback_app.staff.rules import Role
from feedback_app.staff.throttle import LIMITS
from tests.factories.staff import PASSWORD, StaffBrowser, add_staff, browser_of

EMAIL = "anna@example.com"
PAGE = "/staff/account/second-factor"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Phone:
    """An authenticator app; every code it gives is of a later half minute than the last."""

    def __init__(self, key: str) -> None:
        self.totp = pyotp.TOTP(key)
        self.step = 0

    def code(self) -> str:
        import time

        # A code one step behind, now, then one ahead: all within the allowed clock error.
        moment = int(time.time()) + 30 * (self.step - 1)
        self.step += 1
        return self.totp.at(moment)


@pytest.fixture
def anna(database: Database) -> int:
    return add_staff(database, EMAIL, Role.MANAGER)


def connect(app: Flask) -> tuple[StaffBrowser, Phone, list[str]]:
    """Connect a phone; the browser, the phone and the recovery codes."""
    browser = browser_of(app, EMAIL)
    assert browser.send(f"{PAGE}/connect", seen_at=PAGE, current=PASSWORD).status_code == 302
    page = browser.get(f"{PAGE}/confirm").text
    assert 'src="data:image/svg+xml;base64,' in page
    key = re.search(r'class="secret-box secret">([^<]+)<', page)[1]  # type: ignore[index]
    phone = Phone(key.replace("-", ""))
    answer = browser.send(f"{PAGE}/confirm", code=phone.code())
    assert answer.status_code == 200
    codes = re.findall(r'<li class="secret">([^<]+)</li>', answer.text)
    return browser, phone, [html.unescape(code) for code in codes]


def after_password(visitor: StaffBrowser, path: str = "/staff/sign-in") -> str:
    """Give the right password; the address that asks for the code."""
    answer = visitor.sign_in(EMAIL, path=path)
    assert answer.location.startswith("/staff/sign-in/code")
    page = visitor.client.get(answer.location, follow_redirects=True)
    assert page.status_code == 200
    return page.request.full_path


def test_round_trip(app: Flask, anna: int, database: Database) -> None:
    browser, phone, codes = connect(app)
    assert len(codes) == 6
    assert "on</span>" in browser.get("/staff/account").text

    visitor = StaffBrowser(app.test_client())
    there = after_password(visitor, "/staff/sign-in?next=/staff/account")
    assert visitor.get("/").status_code == 302, "the password alone opened a page"
    wrong = visitor.send(there, code="000000")
    assert "This code is wrong" in wrong.text
    code = phone.code()
    done = visitor.send(there, code=f"{code[:3]} {code[3:]}")
    assert done.location == "/staff/account"
    assert visitor.get("/").status_code == 200
    with database.reading() as session:
        from feedback_app.staff import queries

        acts = [row.act for row in queries.list_audit(session).rows]
    assert acts[0] == "staff.second-factor-on"


def test_a_code_serves_once(app: Flask, anna: int) -> None:
    _, phone, _ = connect(app)
    code = phone.code()
    for expected in (302, 200):
        visitor = StaffBrowser(app.test_client())
        there = after_password(visitor)
        assert visitor.send(there, code=code).status_code == expected


def test_a_recovery_code_replaces_the_phone_once(app: Flask, anna: int) -> None:
    _, _, codes = connect(app)
    for expected in (302, 200):
        visitor = StaffBrowser(app.test_client())
        there = after_password(visitor)
        assert visitor.get(there).status_code == 200
        answer = visitor.send("/staff/sign-in/recovery-code", code=codes[0].upper())
        assert answer.status_code == expected
    assert visitor.send("/staff/sign-in/recovery-code", code=codes[1]).location == "/"


def test_secrets_and_codes_are_stored_encrypted(app: Flask, anna: int, database) -> None:
    _, phone, codes = connect(app)
    with database.reader.connect() as connection:
        stored = str(
            connection.exec_driver_sql(
                "SELECT tf_totp_secret, mf_recovery_codes FROM staff_user"
            ).one()
        )
    assert phone.totp.secret not in stored
    assert not [code for code in codes if code in stored]


def test_switching_off_asks_for_the_password(app: Flask, anna: int) -> None:
    browser, _, _ = connect(app)
    refused = browser.send(f"{PAGE}/off", seen_at=PAGE, current="wrong password")
    assert "not your present password" in refused.text
    assert "on</span>" in browser.get("/staff/account").text
    assert browser.send(f"{PAGE}/off", seen_at=PAGE, current=PASSWORD).status_code == 302
    assert StaffBrowser(app.test_client()).sign_in(EMAIL).location == "/"


def test_an_administrator_lets_in_who_lost_the_phone(
    app: Flask, anna: int, database: Database
) -> None:
    connect(app)
    with database.writing() as session:
        password = actions.reset_password(session, anna, by="admin@example.com")
    assert StaffBrowser(app.test_client()).sign_in(EMAIL, password).location == "/"


@on_sqlite
def test_guessing_codes_is_slowed_down(app: Flask, anna: int) -> None:
    _, phone, _ = connect(app)
    visitor = StaffBrowser(app.test_client())
    there = after_password(visitor)
    for _ in range(LIMITS["second factor"]):
        assert visitor.send(there, code="000000").status_code == 200
    assert visitor.send(there, code=phone.code()).status_code == 429


@on_sqlite
def test_a_wrong_first_code_switches_nothing_on(app: Flask, anna: int) -> None:
    browser = browser_of(app, EMAIL)
    browser.send(f"{PAGE}/connect", seen_at=PAGE, current=PASSWORD)
    assert "This code is wrong" in browser.send(f"{PAGE}/confirm", code="000000").text
    assert StaffBrowser(app.test_client()).sign_in(EMAIL).location == "/"


@on_sqlite
def test_the_code_page_means_nothing_without_the_password(app: Flask, anna: int) -> None:
    for path in ("/staff/sign-in/code", "/staff/sign-in/recovery-code"):
        assert app.test_client().get(path).location == "/staff/sign-in"
    browser = browser_of(app, EMAIL)
    assert browser.get(f"{PAGE}/confirm").location == PAGE


@on_sqlite
def test_the_librarys_own_pages_are_closed(app: Flask, anna: int, database: Database) -> None:
    add_staff(database, "admin@example.com", Role.ADMIN)
    browser = browser_of(app, "admin@example.com")
    for name in ("setup", "rescue", "select", "recovery-codes"):
        assert browser.get(f"/staff/unused/{name}").status_code == 403
