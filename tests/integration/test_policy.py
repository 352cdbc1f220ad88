"""The table of rights against the application's addresses; what is not listed is refused."""

from __future__ import annotations

import pytest
from flask import Flask

from feedback_app.foundation.db import Database
from feedback_app.foundation.policy import POLICY
from feedback_app.foundation.rules import Permission
from feedback_app.staff.rules import PERMISSIONS, Role
from tests.factories.staff import add_staff, browser_of

#: Rooms whose pages are listed before their code exists would hide a forgotten page.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_every_address_is_in_the_table(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints - set(POLICY) == set(), "pages that nobody may open: list them in POLICY"


def test_the_table_lists_nothing_else(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert set(POLICY) - endpoints == set(), "POLICY lists pages that do not exist"


def test_an_unlisted_page_is_refused_even_to_an_administrator(
    app: Flask, database: Database
) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    add_staff(database, "admin@example.com", Role.ADMIN)
    browser = browser_of(app, "admin@example.com")
    answer = browser.get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text
    stranger = app.test_client().get("/forgotten")
    assert stranger.status_code == 302
    assert stranger.location == "/staff/sign-in?next=/forgotten"


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_its_rights_say(app: Flask, database: Database, role: Role) -> None:
    add_staff(database, "somebody@example.com", role)
    browser = browser_of(app, "somebody@example.com")
    asked = 0
    for rule in app.url_map.iter_rules():
        needed = POLICY[rule.endpoint]
        if rule.arguments or "GET" not in (rule.methods or ()) or needed is Permission.PUBLIC:
            continue
        answer = browser.get(rule.rule)
        is_refused = answer.status_code == 403
        assert is_refused == (needed not in PERMISSIONS[role]), (rule.rule, answer.status_code)
        asked += 1
    assert asked > 10


def test_strangers_open_public_pages_alone(app: Flask, database: Database) -> None:
    add_staff(database, "somebody@example.com", Role.ADMIN)
    stranger = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or ()):
            continue
        if POLICY[rule.endpoint] is Permission.PUBLIC:
            continue
        answer = stranger.get(rule.rule)
        assert answer.status_code == 302, rule.rule
        assert answer.location.startswith("/staff/sign-in"), rule.rule
