"""Participants' and facilitators' pages by plain requests: seats, polls, guessing, no script."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask import Flask

from config import Settings
from feedback_app.brainstorms.queries import SeatRow, list_people
from feedback_app.brainstorms.rules.phases import Phase, Plan, spell_code
from feedback_app.foundation.db import Database
from feedback_app.staff.rules import Role
from tests.factories.session_seats import join
from tests.factories.sessions import Room, make_room
from tests.factories.staff import StaffBrowser, add_staff, browser_of, token_of
from tests.markup import assert_valid

EMAIL = "leader@example.com"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the databases do differently is tested in test_sessions.py and in tests/crash."""
    return sqlite_url


@pytest.fixture
def room(app: Flask, settings: Settings) -> Room:
    return make_room(app.extensions["feedback_database"], settings.home, people=3)


@pytest.fixture
def desk(app: Flask, room: Room) -> StaffBrowser:
    add_staff(room.database, EMAIL, Role.FACILITATOR)
    return browser_of(app, EMAIL)


def test_one_seat_however_often_one_joins(app: Flask, room: Room) -> None:
    browser = StaffBrowser(app.test_client())
    page = f"/brainstorms/{room.code}"
    found = re.search(r'name="ticket"[^>]* value="([^"]+)"', browser.get(page).text)
    assert found
    values = {"name": "Olha", "ticket": found[1]}
    first = browser.send(f"{page}/join", seen_at=page, **values)
    again = StaffBrowser(app.test_client()).send(f"{page}/join", seen_at=page, **values)
    assert (first.status_code, again.status_code) == (302, 302)
    cookie = first.headers["Set-Cookie"]
    assert f"Path={page}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "You are Olha" in browser.get(page).text
    events = browser.get(f"{page}/events").json
    assert events
    assert events["here"] == 4


def test_guests_have_a_code_of_their_own(app: Flask, room: Room, desk: StaffBrowser) -> None:
    """Who is a guest is told by the code alone; it never shows colleagues' one, nor the desk."""
    guests = room.row.guest_code
    shown = desk.get(f"/staff/brainstorms/{room.code}").text
    assert spell_code(guests) in shown
    guest = join(app, room, "Zlata", code=guests)
    page = guest.get(f"/brainstorms/{guests}").text
    assert "(guest)" in page
    assert room.code not in page
    assert desk.get(f"/staff/brainstorms/{guests}").status_code == 404
    (person,) = [it for it in _people(room) if it.is_guest]
    assert person.name == "Zlata"
    room.go(Phase.WRITE)
    guest.send(
        f"/brainstorms/{guests}/cards", seen_at=f"/brainstorms/{guests}", text="From a guest"
    )
    room.go(Phase.REVEAL)
    assert [card["text"] for card in room.board().cards.values()] == ["From a guest"]
    events = guest.get(f"/brainstorms/{guests}/events").json
    assert events
    assert [event[1] for event in events["events"]] == ["phase", "revealed", "phase"]


def test_where_guests_may_not_join_their_code_opens_nothing(app: Flask, settings: Settings) -> None:
    room = make_room(app.extensions["feedback_database"], settings.home, plan=Plan())
    assert app.test_client().get(f"/brainstorms/{room.row.guest_code}").status_code == 404


def _people(room: Room) -> list[SeatRow]:
    with room.database.reading() as session:
        return list_people(session, room.row.id, room.key)


def test_codes_can_be_typed_as_people_type_them(app: Flask, room: Room) -> None:
    client = app.test_client()
    typed = f" {room.code[:4].lower()}-{room.code[4:].lower()} "
    answer = client.get("/brainstorms", query_string={"code": typed})
    assert answer.location == f"/brainstorms/{room.code}"
    assert client.get(f"/brainstorms/{room.code.lower()}").location == answer.location
    assert_valid(client.get("/brainstorms").text)
    assert_valid(client.get(answer.location).text)


def test_whoever_guesses_codes_must_wait_and_who_has_a_seat_need_not(
    app: Flask, room: Room
) -> None:
    seated = join(app, room, "Olha")
    guesser = app.test_client()

    def guess(host: int) -> int:
        address = {"REMOTE_ADDR": f"203.0.113.{host}"}
        return guesser.get("/brainstorms/AAAA2222", environ_base=address).status_code

    assert [guess(host) for host in range(31)] == [404] * 30 + [429]
    right = f"/brainstorms/{room.code}"
    near = {"REMOTE_ADDR": "203.0.113.200"}
    assert guesser.get(right, environ_base=near).status_code == 429
    assert guesser.get(right, environ_base={"REMOTE_ADDR": "198.51.100.1"}).status_code == 200
    assert seated.client.get(right, environ_base=near).status_code == 200


def test_polls_say_what_is_new_and_304_when_nothing_is(app: Flask, room: Room) -> None:
    browser = join(app, room, "Olha")
    address = f"/brainstorms/{room.code}/events"
    room.go(Phase.PREDICT)
    first = browser.client.get(address)
    assert [event[1] for event in first.json["events"]] == ["phase"]  # type: ignore[index]
    mark = first.headers["ETag"]
    same = browser.client.get(f"{address}?after=1", headers={"If-None-Match": mark})
    assert (same.status_code, same.data) == (304, b"")
    behind = browser.client.get(address, headers={"If-None-Match": mark})
    assert behind.status_code == 200
    assert app.test_client().get(address).status_code == 404


def test_a_seat_of_one_session_opens_no_other(app: Flask, room: Room, settings: Settings) -> None:
    browser = join(app, room, "Olha")
    other = make_room(room.database, settings.home)
    cookie = browser.client.get_cookie("session_seat", path=f"/brainstorms/{room.code}")
    assert cookie
    stranger = app.test_client()
    stranger.set_cookie("session_seat", cookie.value, path=f"/brainstorms/{other.code}")
    assert stranger.get(f"/brainstorms/{other.code}/events").status_code == 404
    assert "Join" in stranger.get(f"/brainstorms/{other.code}").text
    stranger.set_cookie("session_seat", cookie.value[:-2], path=f"/brainstorms/{room.code}")
    assert stranger.get(f"/brainstorms/{room.code}/events").status_code == 404


def test_without_scripts_one_can_guess_write_and_vote(app: Flask, room: Room) -> None:
    browser = join(app, room, "Olha")
    page = f"/brainstorms/{room.code}"
    room.go(Phase.PREDICT)
    browser.send(f"{page}/prediction", seen_at=page, causes=["company.price", "client.closed"])
    assert browser.get(page).text.count(" checked>") == 2
    room.go(Phase.WRITE)
    browser.send(f"{page}/cards", seen_at=page, side="company", text="Nobody calls back")
    refused = browser.send(f"{page}/cards", seen_at=page, text="x" * 281)
    assert refused.status_code == 422
    assert "x" * 281 in refused.text
    assert_valid(refused.text)
    shown = browser.get(page).text
    assert "Nobody calls back" in shown
    found = re.search(r'data-card="([^"]+)"', shown)
    assert found
    card = found[1]
    browser.send(f"{page}/cards", seen_at=page, text="A mistake")
    wrong = re.search(
        r'data-card="([^"]+)"[^>]*><p class="card-text">A mistake', browser.get(page).text
    )
    assert wrong
    browser.send(f"{page}/cards/{wrong[1]}", seen_at=page, act="withdraw")
    assert browser.send(f"{page}/here", seen_at=page, done="yes").status_code == 302
    room.go(Phase.VOTE)
    browser.send(f"{page}/votes", seen_at=page, units=card)
    room.go(Phase.COMPARE)
    votes = room.board().votes
    assert votes
    assert votes["counts"] == {card: 1}
    token = token_of(browser.get(page).text)
    for phase in (Phase.DECIDE, Phase.OVER):
        room.go(phase)
        assert_valid(browser.get(page).text)
    assert "Nobody calls back" in browser.get(page).text
    late = browser.client.post(f"{page}/cards", data={"csrf_token": token, "text": "late"})
    assert late.status_code == 422


def test_forms_without_their_token_and_seats_that_are_none_are_refused(
    app: Flask, room: Room
) -> None:
    room.go(Phase.WRITE)
    page = f"/brainstorms/{room.code}"
    client = app.test_client()
    assert client.post(f"{page}/cards", data={"text": "forged"}).status_code == 400
    stranger = StaffBrowser(client)
    answer = stranger.send(f"{page}/cards", seen_at=page, text="from outside")
    assert answer.status_code != 200 or "Join" in answer.text
    room.go(Phase.REVEAL)
    assert room.board().cards == {}


def test_going_on_asks_while_people_are_writing(desk: StaffBrowser, room: Room) -> None:
    page = f"/staff/brainstorms/{room.code}"
    room.go(Phase.WRITE)
    asked = desk.send(f"{page}/advance", seen_at=page, to="reveal")
    assert asked.location == f"{page}/advance?to=reveal"
    question = desk.get(asked.location)
    assert "Still writing: 3." in question.text
    assert_valid(question.text)
    assert room.row.phase.value == "write"
    desk.send(f"{page}/advance", seen_at=asked.location, to="reveal", sure="yes")
    assert room.row.phase.value == "reveal"
    desk.send(f"{page}/extend", seen_at=page, minutes="5")
    assert room.board().ends_at
    assert_valid(desk.get(f"{page}/screen").text)
    # A double click, or a press on a desk that lags behind, goes on once.
    step = str(room.row.step)
    for _ in range(2):
        desk.send(f"{page}/advance", seen_at=page, to="write", step=step, sure="yes")
    assert (room.row.phase.value, room.row.round) == ("write", 0)


def test_a_hidden_card_is_gone_for_all_and_names_stay_with_the_facilitator(
    app: Flask, desk: StaffBrowser, room: Room
) -> None:
    seated = join(app, room, "Olha")
    room.go(Phase.WRITE)
    card = room.write(room.secrets[0], "An insult")
    room.go(Phase.REVEAL)
    page = f"/staff/brainstorms/{room.code}"
    shown = desk.get(page).text
    assert "An insult" in shown
    assert "Person 1" in shown
    desk.send(f"{page}/moves", seen_at=page, kind="hidden", card=card)
    for browser, path in ((desk, page), (seated, f"/brainstorms/{room.code}")):
        stage = browser.get(f"{path}/stage").text
        assert "An insult" not in stage
    assert "Person 1" not in seated.get(f"/brainstorms/{room.code}").text
    assert seated.get(f"/brainstorms/{room.code}/events").json.keys() == {  # type: ignore[union-attr]
        *("events", "here", "done", "now")
    }


def test_rights(app: Flask, desk: StaffBrowser, room: Room) -> None:
    add_staff(room.database, "researcher@example.com", Role.RESEARCHER)
    researcher = browser_of(app, "researcher@example.com")
    assert researcher.get("/staff/brainstorms").status_code == 403
    assert researcher.get("/staff/brainstorms/proposals").status_code == 200
    assert desk.get("/staff/brainstorms/proposals").status_code == 403
    assert desk.get("/staff/brainstorms/NNNN2222").status_code == 404
    assert "Go on with" in desk.get("/").text


def test_plans_are_checked(desk: StaffBrowser) -> None:
    page = "/staff/brainstorms/new"
    typed = {"title": "Ours", "question_en": "", "minutes_write": "5"}
    refused = desk.send(page, **typed)
    assert refused.status_code == 422
    assert "at least one language" in unescape(refused.text)
    made = desk.send(page, **{**typed, "question_uk": "Чому?", "minutes_write": "1440"})
    assert made.status_code == 302
    assert "Чому?" in desk.get(made.location).text


def test_comparison_is_asked_for_once_and_kept(
    app: Flask, settings: Settings, database: Database
) -> None:
    told = {
        "survey": "S",
        "is_demo": False,
        "respondents": 40,
        "smallest": 10,
        "causes": [{"code": "company.price", "rank": 1, "share": 0.5}],
        "sides": {},
    }
    app.extensions["feedback_customer_causes"] = lambda slug: told if slug == "ours" else None
    room = make_room(database, settings.home, people=3, plan=Plan(survey="ours"))
    add_staff(database, EMAIL, Role.FACILITATOR)
    desk = browser_of(app, EMAIL)
    page = f"/staff/brainstorms/{room.code}"
    desk.send(f"{page}/advance", seen_at=page, to="compare", sure="yes")
    assert room.board().compared == told
    shown = desk.get(page).text
    assert "Blind spots" in shown
    assert "Price or fees too high" in shown
    room.go(Phase.OVER)
    document = json.loads(desk.get(f"{page}/result.json").text)
    assert document["customers"] == told
    assert document["causes"][0]["told"] == "blind-spot"
