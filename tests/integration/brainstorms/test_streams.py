"""Server-sent events: a nudge when something changed, for as many readers as there are places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from feedback_app.brainstorms.rules.phases import Phase
from feedback_app.brainstorms.views.streaming import LIFE_SECONDS, RESERVED, Places
from feedback_app.staff.rules import Role
from tests.factories.session_seats import join
from tests.factories.sessions import make_room
from tests.factories.staff import StaffBrowser, add_staff, browser_of

EMAIL = "leader@example.com"


def hold(browser: StaffBrowser, address: str) -> tuple[int, Iterator[bytes], object]:
    """A stream that stays open: its status, its lines, and the answer to close."""
    answer = browser.client.get(address, buffered=False)
    return answer.status_code, answer.iter_encoded(), answer


def test_a_stream_nudges_and_holds_one_of_few_places(sqlite_app: Flask, home: Path) -> None:
    database = sqlite_app.extensions["feedback_database"]
    settings = replace(sqlite_app.config["FEEDBACK_SETTINGS"], session_streams=RESERVED + 1)
    sqlite_app.config["FEEDBACK_SETTINGS"] = settings
    room = make_room(database, home, people=3)
    add_staff(database, EMAIL, Role.FACILITATOR)
    seat, desk = join(sqlite_app, room, "Olha"), browser_of(sqlite_app, EMAIL)
    address = f"/brainstorms/{room.code}/stream"
    status, lines, answer = hold(seat, address)
    assert status == 200
    assert next(lines).startswith(b"retry:")
    room.go(Phase.WRITE)
    assert next(lines).startswith(b"data: 1-")
    assert hold(seat, address)[0] == 204  # the rest is kept for the wall and the desk
    assert hold(desk, f"/staff/brainstorms/{room.code}/stream")[0] == 200
    room.go(Phase.OVER)
    assert [line[:5] for line in lines] == [b"data:"]
    answer.close()  # type: ignore[attr-defined]
    assert hold(seat, address)[0] == 204
    assert sqlite_app.test_client().get(address).status_code == 404


@pytest.mark.parametrize(("streams", "is_told"), [(0, False), (16, True)])
def test_streams_can_be_off(sqlite_app: Flask, home: Path, streams: int, is_told: bool) -> None:
    settings = replace(sqlite_app.config["FEEDBACK_SETTINGS"], session_streams=streams)
    sqlite_app.config["FEEDBACK_SETTINGS"] = settings
    room = make_room(sqlite_app.extensions["feedback_database"], home, people=3)
    page = join(sqlite_app, room, "Olha").get(f"/brainstorms/{room.code}").text
    assert bool(re.search(r'"stream": "/brainstorms/', page)) == is_told


def test_a_place_that_nobody_gave_back_frees_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("feedback_app.brainstorms.views.streaming.monotonic", lambda: now)
    places = Places(1)
    lost = places.take(is_staff=True)
    assert lost is not None
    assert places.take(is_staff=True) is None
    places.give_back(lost)
    assert places.take(is_staff=True) is not None
    now = LIFE_SECONDS * 2
    assert places.take(is_staff=True) is not None
