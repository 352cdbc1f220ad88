"""Sessions in logs, on the disk and in the readers' languages: what must not be there."""

from __future__ import annotations

import json
import logging
import re
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from config import Settings
from feedback_app.brainstorms import seats
from feedback_app.brainstorms.jobs import destroy_spent_keys
from feedback_app.brainstorms.rules.phases import Phase
from feedback_app.staff.rules import Role
from tests.factories.session_seats import join
from tests.factories.sessions import Room, make_room
from tests.factories.staff import add_staff, browser_of, token_of
from tests.integration.test_translated_pages import _left_in_english
from tests.security.reading import contents_of

EMAIL = "leader@example.com"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the databases do differently is tested in test_sessions.py and in tests/crash."""
    return sqlite_url


@pytest.fixture
def room(app: Flask, settings: Settings) -> Room:
    return make_room(app.extensions["feedback_database"], settings.home, people=3)


def test_nothing_that_was_written_or_named_is_left_in_logs_or_ties_people_to_cards(
    app: Flask,
    room: Room,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Canaries: a name is nowhere on the disk but encrypted, a text in no log; then all ends."""
    caplog.set_level(logging.DEBUG)
    name, words = f"n{uuid4().hex}", f"w{uuid4().hex}"
    headers = {"User-Agent": f"a{uuid4().hex}"}
    browser = join(app, room, name)
    page = f"/brainstorms/{room.code}"
    room.go(Phase.WRITE)
    browser.client.get(page, headers=headers)
    browser.send(f"{page}/cards", seen_at=page, text=words)
    secret = browser.client.get_cookie("session_seat", path=page)
    assert secret
    room.go(Phase.OVER)
    written = caplog.text + "".join(capfd.readouterr())
    assert [mark for mark in (name, words, headers["User-Agent"]) if mark in written] == []
    if not settings.is_embedded:
        return
    found = [path for path, content in contents_of([settings.home]) if name.encode() in content]
    assert found == []
    assert [it for it in Path(settings.home).rglob("*.key") if "session" in str(it)] == []


def test_a_failure_is_logged_without_what_was_sent(
    app: Flask, room: Room, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = join(app, room, "Olha")
    room.go(Phase.WRITE)
    page = f"/brainstorms/{room.code}"

    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("secret words of a card")

    monkeypatch.setattr("feedback_app.brainstorms.actions.writing.write_card", fail)
    browser.client.may_fail = True  # type: ignore[attr-defined]
    assert browser.send(f"{page}/cards", seen_at=page, text="secret words").status_code == 500
    assert "secret words" not in caplog.text
    assert room.code not in caplog.text


@pytest.mark.parametrize(("language", "word"), [("ru", "карточк"), ("uk", "картк")])
def test_every_phase_speaks_the_readers_language(
    sqlite_app: Flask, home: Path, language: str, word: str
) -> None:
    """Whole pages of the three kinds, and everything the script will say, without English."""
    database = sqlite_app.extensions["feedback_database"]
    room = make_room(database, home, people=3)
    add_staff(database, EMAIL, Role.FACILITATOR)
    desk = browser_of(sqlite_app, EMAIL)
    desk.send("/staff/language", seen_at="/", language=language)
    seat = join(sqlite_app, room, "Olha")
    seat.get(f"/brainstorms/{room.code}?lang={language}")
    for phase in Phase:
        if phase is not Phase.LOBBY:
            room.go(phase)
        if phase is Phase.WRITE:
            room.write(room.secrets[0], "…")
        staff = f"/staff/brainstorms/{room.code}"
        for browser, path in ((seat, f"/brainstorms/{room.code}"), (desk, staff)):
            page = browser.get(path).text
            assert _left_in_english(page) == [], (phase, path)
        assert _left_in_english(desk.get(f"{staff}/screen").text) == []
    said = re.search(r'id="session-config"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert said
    words = json.loads(said[1])["words"]
    assert word in " ".join(words.values()).lower()
    assert _left_in_english(f"<p>{' '.join(words.values())}</p>") == []


def test_a_page_server_without_the_key_says_so_and_stores_nothing(
    sqlite_app: Flask, home: Path
) -> None:
    room = make_room(sqlite_app.extensions["feedback_database"], home, people=3)
    seat = join(sqlite_app, room, "Olha")
    room.go(Phase.WRITE)
    page = f"/brainstorms/{room.code}"
    token = token_of(seat.get(page).text)
    seats.destroy_key(room.folder, room.row.id)
    refused = seat.get(page)
    assert refused.status_code in range(400, 500)
    assert "key is not here" in unescape(refused.text)
    sent = seat.client.post(f"{page}/cards", json={"text": "x"}, headers={"X-CSRFToken": token})
    assert sent.status_code == 422
    assert sent.json
    assert "key is not here" in sent.json["refused"]


def test_the_worker_destroys_keys_that_an_ended_session_left(sqlite_app: Flask, home: Path) -> None:
    """A page server killed between the end and the key's end leaves one; a running one's stays."""
    database = sqlite_app.extensions["feedback_database"]
    settings = sqlite_app.config["FEEDBACK_SETTINGS"]
    ended, running = (make_room(database, home) for _ in range(2))
    ended_id = ended.row.id
    ended.go(Phase.OVER)
    assert destroy_spent_keys(database, settings) == 0
    seats.make_key(ended.folder, ended_id)
    assert destroy_spent_keys(database, settings) == 1
    assert seats.list_keys(ended.folder) == {running.row.id}
    assert running.key.value
