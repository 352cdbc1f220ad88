"""Staff in front of the causes pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from feedback_app.causes import actions
from feedback_app.foundation.db import Database
from feedback_app.staff import actions as staff
from feedback_app.staff.models.accounts import StaffUser
from feedback_app.staff.rules import Role


@dataclass
class Visitor:
    """Somebody signed in, who reads pages and sends the forms on them."""

    client: FlaskClient
    email: str

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def read(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.status
        return answer.text

    def send(self, path: str, *, seen_at: str = "/staff/causes", **fields: str) -> TestResponse:
        """Post to `path` with the tokens that the page `seen_at` carries."""
        page = self.read(seen_at)
        tokens = {
            name: found[1]
            for name in ("csrf_token", "codebook")
            if (found := re.search(rf'name="{name}"[^>]* value="([^"]+)"', page))
        }
        return self.client.post(path, data={**tokens, **fields})


@pytest.fixture
def visitor_as(app: Flask, database: Database) -> Callable[..., Visitor]:
    """A function that signs a new account with a role in, in front of the starter catalogue."""
    with database.writing() as session:
        actions.load_catalogue(session)

    def sign_in(role: Role = Role.RESEARCHER, language: str = "en") -> Visitor:
        email = f"{role}-{language}@example.org"
        with database.writing() as session:
            staff.add(session, email=email, password="a quiet river 7", roles=[role], by="setup")
            key = session.scalar(select(StaffUser.fs_uniquifier).where(StaffUser.email == email))
        client = app.test_client()
        with client.session_transaction() as kept:
            kept.update({"_user_id": key, "_fresh": True, "language": language})
        return Visitor(client, email)

    return sign_in


@pytest.fixture
def researcher(visitor_as: Callable[..., Visitor]) -> Visitor:
    """A researcher who reads English."""
    return visitor_as()
