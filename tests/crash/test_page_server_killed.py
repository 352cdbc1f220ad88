"""A page server is killed in every phase of a session: nothing acknowledged is lost.

Two page servers answer, as in an installation of several machines: the site's own, and one that
is killed in the middle of each phase. The one to be killed is forked from a process that has
loaded everything, so that a kill costs no second of imports.
"""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from feedback_app.brainstorms import queries
from feedback_app.brainstorms.rules.phases import Phase
from tests.browser.live_site import SECRET_KEY, LiveSite, find_free_port, serving
from tests.crash.nursery import Nursery
from tests.factories.session_client import Participant
from tests.factories.sessions import Room, make_room

PEOPLE = 4
PATIENCE = 30  # seconds
SECONDS = 0.5  # of work in each phase; the kill falls into its middle
TAKEN, UNCHANGED = 200, 304
PORT = "VICTIM_PORT"
PAGE_SERVER = f"""
import os
from werkzeug.serving import WSGIRequestHandler, make_server
from config import load_settings
from feedback_app import create_app
app = create_app(load_settings(os.environ))
WSGIRequestHandler.protocol_version = "HTTP/1.1"
WSGIRequestHandler.log_request = lambda *_: None
def work():
    make_server("127.0.0.1", int(os.environ["{PORT}"]), app, threaded=True).serve_forever()
"""


class Victims:
    """Page servers of the same site at one address, one after the other."""

    def __init__(self, site: LiveSite) -> None:
        port = str(find_free_port())
        self.url = f"http://127.0.0.1:{port}"
        self._nursery = Nursery(PAGE_SERVER, {**site.environ, PORT: port})

    def start(self) -> int:
        """One that answers; its process number."""
        pid = self._nursery.start()
        give_up_at = time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/health", timeout=5).close()
            except OSError:
                assert time.monotonic() < give_up_at, "the second page server did not start"
                time.sleep(0.02)
            else:
                return pid

    def end(self) -> None:
        """No more of them."""
        self._nursery.end()


def work(
    people: list[Participant],
    site: LiveSite,
    victims: Victims,
    act: Callable[[Participant, int], None],
) -> None:
    """Everybody acts on a server that is killed meanwhile, and goes on at the other one."""
    victim = victims.start()
    until = time.monotonic() + SECONDS
    failures: list[BaseException] = []

    def run(person: Participant) -> None:
        number = 0
        person.move_to(victims.url, site.url)
        try:
            while number < 1 or time.monotonic() < until:
                act(person, number)
                number += 1
        except BaseException as error:  # noqa: BLE001  shown below, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    time.sleep(SECONDS / 2)
    os.kill(victim, signal.SIGKILL)
    for thread in threads:
        thread.join()
    assert failures == []


class Deeds:
    """What everybody does in each phase, and what of it was acknowledged."""

    def __init__(self, room: Room, people: list[Participant]) -> None:
        self.room, self.people = room, people
        self.cards: set[str] = set()
        self.moves: set[str] = set()
        self.guesses: dict[int, str] = {}

    @property
    def of_phases(self) -> dict[Phase, Callable[[Participant, int], None]]:
        """What people do in the phases that have a deed of their own."""
        return {
            Phase.PREDICT: self.guess,
            Phase.WRITE: self.write,
            Phase.GROUP: self.merge,
            Phase.VOTE: self.vote,
        }

    def guess(self, person: Participant, number: int) -> None:
        cause = ("company.price", "client.closed", "company.quality")[number % 3]
        assert person.send_until_taken("/prediction", causes=[cause]) == TAKEN
        self.guesses[self.people.index(person)] = cause

    def write(self, person: Participant, number: int) -> None:
        card = str(uuid4())
        if person.send_until_taken("/cards", id=card, text=f"reason {number}") == TAKEN:
            self.cards.add(card)

    def merge(self, person: Participant, number: int) -> None:
        units = [unit for unit, _cards in self.room.board().units()]
        move, into = str(uuid4()), str(uuid4())
        payload = {"units": [units[number % len(units)], units[-1]], "into": into}
        assert person.send_until_taken("/moves", id=move, kind="merged", payload=payload) == TAKEN
        self.moves.add(into)

    def vote(self, person: Participant, _number: int) -> None:
        units = [self.room.board().units()[0][0]]
        assert person.send_until_taken("/votes", units=units) == TAKEN

    def look(self, person: Participant, _number: int) -> None:
        try:
            assert person.poll() in (TAKEN, UNCHANGED)
        except (OSError, http.client.HTTPException):
            return  # its next question goes to another process


def read_log(room: Room) -> list[list[object]]:
    with room.database.reading() as session:
        events = queries.list_events(session, room.row.id)
    return [[event.n, event.kind, event.payload] for event in events]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_session_goes_on_when_a_page_server_is_killed_in_each_phase(
    home: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    more = (
        {"FEEDBACK_DATABASE_URL": request.getfixturevalue("postgres_url")}
        if kind == "postgresql"
        else {}
    )
    with serving(home, more) as site, site.database() as database:
        room = make_room(database, site.home, people=PEOPLE)
        people = [Participant(site.url, room, secret, SECRET_KEY) for secret in room.secrets]
        for person in people:
            person.open()
        deeds, victims = Deeds(room, people), Victims(site)
        work(people, site, victims, deeds.look)
        for phase in tuple(Phase)[1:-1]:
            room.go(phase)
            work(people, site, victims, deeds.of_phases.get(phase, deeds.look))
        victims.end()
        _nothing_is_lost(room, deeds)
        for person in people:
            person.close()
        room.go(Phase.OVER)
        with database.reading() as session:
            assert queries.find_result(session, room.row.id)


def _nothing_is_lost(room: Room, deeds: Deeds) -> None:
    board, log = room.board(), read_log(room)
    assert deeds.cards
    assert deeds.cards <= set(board.cards)
    kept = {payload["into"] for _n, kind, payload in log if kind == "merged"}  # type: ignore[index]
    assert deeds.moves
    assert deeds.moves <= kept
    assert board.predicted is not None
    assert sum(board.predicted["counts"].values()) == len(deeds.guesses) == PEOPLE
    assert board.votes is not None
    assert board.votes["people"] == PEOPLE
    for person in deeds.people:
        while person.last < room.row.last_event:
            person.poll()
        assert person.events == log
