"""Staff accounts and browsers of staff for tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback_app.foundation.db import Database
from feedback_app.staff import actions
from feedback_app.staff.rules import Role

PASSWORD = "a quiet river 7"


def add_staff(database: Database, email: str, *roles: Role, password: str = PASSWORD) -> int:
    """Make an account; its id."""
    with database.writing() as session:
        return actions.add(session, email=email, password=password, roles=roles, by="test")


def token_of(page: str) -> str:
    """The guard against forged requests that the forms of `page` carry."""
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found, "the page carries no form"
    return unescape(found[1])


@dataclass
class StaffBrowser:
    """A browser that reads a page before it sends one of its forms."""

    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path)

    def send(self, path: str, *, seen_at: str = "", **fields: object) -> TestResponse:
        """Post `fields` to `path` with the token of the page `seen_at` (else of `path`)."""
        page = self.client.get(seen_at or path)
        assert page.status_code == 200, page.status
        return self.client.post(path, data={"csrf_token": token_of(page.text), **fields})

    def sign_in(
        self, email: str, password: str = PASSWORD, *, path: str = "/staff/sign-in"
    ) -> TestResponse:
        """Sign in through the form; the answer to it."""
        return self.send(path, email=email, password=password)


def browser_of(app: Flask, email: str, password: str = PASSWORD) -> StaffBrowser:
    """A browser in which `email` has signed in."""
    browser = StaffBrowser(app.test_client())
    answer = browser.sign_in(email, password)
    assert answer.status_code == 302, "signing in failed"
    return browser
