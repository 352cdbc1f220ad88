"""The first visit: the setup code, the demo, the first account."""

from __future__ import annotations

import stat

import pytest
from flask import Flask

from config import Settings
from feedback_app.foundation.db import Database
from feedback_app.staff import queries, setup
from feedback_app.staff.rules import Role
from feedback_app.staff.throttle import LIMITS
from tests.factories.staff import PASSWORD, StaffBrowser, add_staff

EMAIL = "anna@example.com"
COMPANY = "/welcome/company"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def code(settings: Settings, database: Database) -> str:
    made = setup.ensure_code(settings, database)
    assert made
    return made


@pytest.fixture
def visitor(app: Flask, code: str) -> StaffBrowser:
    return StaffBrowser(app.test_client())


def test_the_code_is_long_private_and_stays_the_same(settings, database, code: str) -> None:
    path = settings.home / "setup-code"
    assert len(code) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert setup.ensure_code(settings, database) == code


def test_the_first_page_of_a_fresh_installation_is_the_welcome(visitor, valid_html) -> None:
    answer = visitor.client.get("/", follow_redirects=True)
    assert answer.request.path == "/welcome"
    assert "First time here?" in answer.text
    assert "Set up my company" not in answer.text
    valid_html(answer.text)


def test_setting_up_a_company(visitor, code, settings, database, valid_html) -> None:
    page = visitor.get(f"/welcome?code={code}")
    assert "Set up my company" in page.text
    valid_html(page.text)
    there = f"{COMPANY}?code={code}"
    refused = visitor.send(COMPANY, seen_at=there, code=code, email="anna", password="short")
    assert "Enter an address like" in refused.text
    assert "At least 10 characters" in refused.text
    assert 'value="anna"' in refused.text
    valid_html(refused.text)
    answer = visitor.send(COMPANY, seen_at=there, code=code, email=EMAIL, password=PASSWORD)
    assert answer.location == "/"
    assert EMAIL in visitor.get("/").text
    with database.reading() as session:
        (row,) = queries.list_staff(session)
    assert row.roles == {Role.ADMIN}
    assert not (settings.home / "setup-code").exists()
    assert setup.ensure_code(settings, database) is None


def test_without_the_code_nobody_makes_an_account(app: Flask, visitor, code, database) -> None:
    for wrong in ("", "wrong", code[:-1], code + "x", "é"):
        assert visitor.get(f"{COMPANY}?code={wrong}").status_code == 403
        answer = visitor.send(
            COMPANY, seen_at=f"{COMPANY}?code={code}", code=wrong, email=EMAIL, password=PASSWORD
        )
        assert answer.status_code == 403
        demo = visitor.send("/welcome/demo", seen_at=f"/welcome?code={code}", code=wrong)
        assert demo.status_code == 403
    with database.reading() as session:
        assert queries.list_staff(session) == ()


@on_sqlite
def test_guessing_the_code_is_slowed_down(visitor, code) -> None:
    for _ in range(LIMITS["setup"]):
        assert visitor.get("/welcome?code=wrong").status_code == 200
    assert visitor.get(f"/welcome?code={code}").status_code == 429


def test_the_code_ends_with_the_first_account(app: Flask, visitor, code, database) -> None:
    """Also when the file is still there, as after `feedback staff add` on another machine."""
    there = f"{COMPANY}?code={code}"
    page = visitor.get(there)
    assert page.status_code == 200
    add_staff(database, "admin@example.com", Role.ADMIN)
    assert visitor.get(there).status_code == 403
    assert visitor.get(f"/welcome?code={code}").location == "/staff/sign-in"
    assert visitor.get("/staff/sign-in").status_code == 200


def test_the_demo_and_afterwards_the_company(app: Flask, visitor, code, settings, database) -> None:
    answer = visitor.send("/welcome/demo", seen_at=f"/welcome?code={code}", code=code)
    assert answer.location == "/"
    home = visitor.get("/")
    assert home.status_code == 200
    assert "looking around the demo" in home.text
    with database.reading() as session:
        (demo,) = queries.list_staff(session)
    assert demo.is_demo
    # Again, from another browser: the demo is there already.
    other = StaffBrowser(app.test_client())
    assert other.send("/welcome/demo", seen_at=f"/welcome?code={code}", code=code).location == "/"
    assert "Only the demo has an account" in app.test_client().get("/staff/sign-in").text
    assert setup.ensure_code(settings, database) == code
    third = StaffBrowser(app.test_client())
    there = f"{COMPANY}?code={code}"
    taken = third.send(COMPANY, seen_at=there, code=code, email=demo.email, password=PASSWORD)
    assert "already has an account" in taken.text
    assert (
        third.send(COMPANY, seen_at=there, code=code, email=EMAIL, password=PASSWORD).location
        == "/"
    )


@on_sqlite
def test_two_who_set_up_at_once_make_one_administrator(database: Database) -> None:
    from feedback_app.staff import actions

    with database.writing() as session:
        actions.add_first_admin(session, email=EMAIL, password=PASSWORD)
    with database.writing() as session, pytest.raises(actions.UnableToAddStaff, match="set up"):
        actions.add_first_admin(session, email="b@example.com", password=PASSWORD)
