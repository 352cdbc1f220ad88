"""Forms of the staff's side: nothing is changed by a request that another site made up."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask

from feedback_app import list_respondents_blueprints
from feedback_app.foundation.db import Database
from feedback_app.staff.rules import Role
from tests.factories.staff import add_staff, browser_of, token_of

EMAIL = "anna@example.com"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def anna(database: Database) -> int:
    return add_staff(database, EMAIL, Role.ADMIN)


@on_sqlite
def test_forms_without_their_token_are_refused(app: Flask, anna: int) -> None:
    signed_in = browser_of(app, EMAIL).client
    for path in ("/staff/accounts/new", "/staff/account/password", "/staff/sign-out"):
        answer = signed_in.post(path, data={"email": "x@example.com", "roles": "admin"})
        assert answer.status_code == 400, path
        assert "Go back, reload the page" in answer.text
    for path in ("/staff/sign-in", "/welcome/company", "/staff/language"):
        assert app.test_client().post(path, data={}).status_code == 400, path
    other = browser_of(app, EMAIL)
    stolen = token_of(other.get("/staff/accounts/new").text)
    fields = {"csrf_token": stolen, "email": "x@example.com", "roles": "admin"}
    assert signed_in.post("/staff/accounts/new", data=fields).status_code == 400


@on_sqlite
def test_every_form_that_changes_something_is_guarded(app: Flask, anna: int) -> None:
    """Whatever room it belongs to: a POST without a token never reaches a staff view."""
    client = browser_of(app, EMAIL).client
    # Respondents' pages have tokens of their own kind: they know no sessions.
    respondents = {blueprint.name for blueprint in list_respondents_blueprints()}
    asked = 0
    for rule in app.url_map.iter_rules():
        room = rule.endpoint.partition(".")[0]
        if "POST" not in (rule.methods or ()) or room in respondents:
            continue
        # "1" reads as a number, a name or a code; rooms with random ids want one.
        address = app.url_map.bind("localhost")
        path = address.build(rule.endpoint, dict.fromkeys(rule.arguments, "1"))
        if not address.test(path, "POST"):
            path = address.build(rule.endpoint, dict.fromkeys(rule.arguments, str(uuid4())))
        assert client.post(path).status_code == 400, path
        asked += 1
    assert asked > 10
