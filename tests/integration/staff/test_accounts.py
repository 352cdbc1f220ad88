"""Staff accounts: making, changing, closing; the last administrator; one's own password."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from feedback_app.foundation.db import Database
from feedback_app.staff import actions, queries
from feedback_app.staff.rules import Role
from tests.factories.staff import PASSWORD, StaffBrowser, add_staff, browser_of

ADMIN = "admin@example.com"
EMAIL = "anna@example.com"
NEW = "/staff/accounts/new"


@pytest.fixture
def admin_id(database: Database) -> int:
    return add_staff(database, ADMIN, Role.ADMIN)


@pytest.fixture
def admin(app: Flask, admin_id: int) -> StaffBrowser:
    return browser_of(app, ADMIN)


def secret_on(page: str) -> str:
    return re.search(r'class="secret-box secret">([^<]+)<', page)[1]  # type: ignore[index]


def row_of(database: Database, staff_id: int) -> queries.StaffRow:
    with database.reading() as session:
        return queries.get_staff(session, staff_id)


def test_a_colleague_is_added_and_signs_in(app, admin: StaffBrowser, database, valid_html) -> None:
    answer = admin.send(NEW, email=" Anna@Example.com", roles=["manager", "researcher"])
    valid_html(answer.text)
    password = secret_on(answer.text)
    assert len(password) == 19
    anna = browser_of(app, EMAIL, password)
    assert anna.get("/").status_code == 200
    assert anna.get("/staff/accounts").status_code == 403
    valid_html(admin.get("/staff/accounts").text)
    with database.reading() as session:
        row = queries.get_staff_by_email(session, EMAIL)
        (newest, *_) = queries.list_audit(session).rows
    assert row.roles == {Role.MANAGER, Role.RESEARCHER}
    assert (newest.by, newest.act, newest.subject) == (ADMIN, "staff.add", EMAIL)
    assert password not in str(newest)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "anna", "roles": ["manager"]}, "Enter an address like"),
        ({"email": "", "roles": ["manager"]}, "Enter an e-mail"),
        ({"email": EMAIL}, "Choose at least one role"),
        ({"email": EMAIL, "roles": ["king"]}, "Please check"),
        ({"email": "ADMIN@example.com", "roles": ["manager"]}, "already has an account"),
    ],
)
def test_what_can_not_be_added(admin: StaffBrowser, database, valid_html, fields, words) -> None:
    answer = admin.send(NEW, **fields)
    assert answer.status_code == 200
    assert words in answer.text
    valid_html(answer.text)
    with database.reading() as session:
        assert len(queries.list_staff(session)) == 1


def test_roles_are_changed_and_take_effect_at_once(app, admin, database) -> None:
    anna_id = add_staff(database, EMAIL, Role.MANAGER)
    anna = browser_of(app, EMAIL)
    assert anna.get("/staff/surveys").status_code == 403
    answer = admin.send(f"/staff/accounts/{anna_id}", roles=["researcher"])
    assert answer.location == "/staff/accounts"
    assert anna.get("/staff/surveys").status_code == 200
    assert row_of(database, anna_id).roles == {Role.RESEARCHER}


def test_closing_and_opening_an_account(app, admin: StaffBrowser, database: Database) -> None:
    anna_id = add_staff(database, EMAIL, Role.MANAGER)
    there = f"/staff/accounts/{anna_id}"
    admin.send(f"{there}/deactivate", seen_at=there)
    assert not row_of(database, anna_id).is_active
    assert StaffBrowser(app.test_client()).sign_in(EMAIL).status_code == 200
    admin.send(f"{there}/activate", seen_at=there)
    assert StaffBrowser(app.test_client()).sign_in(EMAIL).status_code == 302


def test_the_last_administrator_stays(admin: StaffBrowser, database, admin_id: int) -> None:
    there = f"/staff/accounts/{admin_id}"
    admin.send(f"{there}/deactivate", seen_at=there)
    assert "last administrator" in admin.get(there).text
    assert "last administrator" in admin.send(there, roles=["manager"]).text
    row = row_of(database, admin_id)
    assert row.is_active
    assert row.roles == {Role.ADMIN}

    second = add_staff(database, EMAIL, Role.ADMIN)
    with database.writing() as session:
        actions.deactivate(session, admin_id, by=EMAIL)
    with database.writing() as session, pytest.raises(actions.UnableToLoseLastAdmin):
        actions.change_roles(session, second, roles=[Role.MANAGER], by=EMAIL)


def test_a_demo_administrator_does_not_count(database: Database, admin_id: int) -> None:
    with database.writing() as session:
        actions.add(
            session, email=EMAIL, password=PASSWORD, roles=[Role.ADMIN], by="demo", is_demo=True
        )
    with database.writing() as session, pytest.raises(actions.UnableToLoseLastAdmin):
        actions.deactivate(session, admin_id, by=ADMIN)


def test_a_new_password_by_an_administrator(app, admin: StaffBrowser, database) -> None:
    anna_id = add_staff(database, EMAIL, Role.MANAGER)
    anna = browser_of(app, EMAIL)
    there = f"/staff/accounts/{anna_id}"
    password = secret_on(admin.send(f"{there}/reset-password", seen_at=there).text)
    assert anna.get("/").status_code == 302, "the old session went on"
    assert StaffBrowser(app.test_client()).sign_in(EMAIL).status_code == 200
    assert StaffBrowser(app.test_client()).sign_in(EMAIL, password).status_code == 302


def test_ones_own_password(app: Flask, database: Database, valid_html) -> None:
    add_staff(database, EMAIL, Role.FACILITATOR)
    here, elsewhere = browser_of(app, EMAIL), browser_of(app, EMAIL)
    path = "/staff/account/password"
    new = "another quiet river"
    for fields, words in (
        ({"current": "wrong", "password": new, "again": new}, "not your present password"),
        ({"current": PASSWORD, "password": new, "again": "x"}, "two new passwords differ"),
        ({"current": PASSWORD, "password": EMAIL, "again": EMAIL}, "must not be your e-mail"),
        ({"current": PASSWORD, "password": "short", "again": "short"}, "At least 10 characters"),
    ):
        answer = here.send(path, **fields)
        assert answer.status_code == 200
        assert words in answer.text
        valid_html(answer.text)
    answer = here.send(path, current=PASSWORD, password=new, again=new)
    assert answer.location == "/staff/account"
    assert "Your password is changed" in here.get("/staff/account").text
    assert elsewhere.get("/").status_code == 302
    assert StaffBrowser(app.test_client()).sign_in(EMAIL, new).status_code == 302


def test_an_unknown_account_is_a_missing_page(admin: StaffBrowser) -> None:
    assert admin.get("/staff/accounts/999").status_code == 404


def test_passwords_are_argon2_and_no_two_hashes_alike(database: Database, admin_id: int) -> None:
    add_staff(database, EMAIL, Role.MANAGER)
    with database.reader.connect() as connection:
        hashes = [row[0] for row in connection.exec_driver_sql("SELECT password FROM staff_user")]
    assert len(set(hashes)) == 2
    assert all(each.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for each in hashes)


@pytest.mark.parametrize(
    ("email", "password", "roles", "words"),
    [
        ("anna", PASSWORD, ["admin"], "is not an address"),
        (EMAIL, "short", ["admin"], "10 characters or more"),
        (EMAIL, EMAIL, ["admin"], "must not be the e-mail"),
        (EMAIL, PASSWORD, ["king"], "no role 'king'"),
        (EMAIL, PASSWORD, [], "at least one role"),
        (ADMIN.upper(), PASSWORD, ["admin"], "already has an account"),
    ],
)
def test_refusals_say_what_and_what_to_do(
    database, admin_id: int, email: str, password: str, roles: list[str], words: str
) -> None:
    with database.writing() as session, pytest.raises(actions.UnableToAddStaff, match=words):
        actions.add(session, email=email, password=password, roles=roles, by="test")


def test_two_administrators_who_close_each_other_at_once_do_not_both_succeed(
    database: Database, admin_id: int
) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    other = add_staff(database, EMAIL, Role.ADMIN)
    start = Barrier(2)

    def close(victim: int) -> bool:
        start.wait(5)
        try:
            with database.writing() as session:
                actions.deactivate(session, victim, by="test")
        except actions.UnableToLoseLastAdmin:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(close, (admin_id, other))) == [False, True]
