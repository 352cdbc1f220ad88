"""Browsers of people who join a session."""

from __future__ import annotations

import re

from flask import Flask
from werkzeug.test import TestResponse

from tests.factories.sessions import Room
from tests.factories.staff import StaffBrowser


def join(app: Flask, room: Room, name: str, **fields: str) -> StaffBrowser:
    """A browser whose person has taken a seat."""
    browser = StaffBrowser(app.test_client())
    answer = send_name(browser, room, name, **fields)
    assert answer.status_code == 302, answer.text
    return browser


def send_name(
    browser: StaffBrowser, room: Room, name: str, *, code: str = "", **fields: str
) -> TestResponse:
    page = f"/brainstorms/{code or room.code}"
    found = re.search(r'name="ticket"[^>]* value="([^"]+)"', browser.get(page).text)
    ticket = found[1] if found else ""
    values = {"name": name, "ticket": ticket, **fields}
    return browser.send(f"{page}/join", seen_at=page, **values)
