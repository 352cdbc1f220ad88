"""A page server process is killed while people act in a session: nothing acknowledged is lost.

Once for each kind of deed, and once while people only look.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from feedback_app.brainstorms import queries
from feedback_app.brainstorms.rules.phases import Phase
from tests.browser.live_site import SECRET_KEY, LiveSite, find_free_port, serving
from tests.factories.session_client import Participant
from tests.factories.sessions import Room, make_room

PEOPLE = 4
PATIENCE = 30  # seconds
SECONDS = 0.6  # of work in each phase; the kill falls into its middle
TAKEN, UNCHANGED = 200, 304


def start_another(site: LiveSite) -> tuple[subprocess.Popen[bytes], str]:
    """A second page server of the same site, and its address; answers when this returns."""
    port = find_free_port()
    url = f"http://127.0.0.1:{port}"
    with (site.home / "another.log").open("ab") as log:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "feedback_app.cli", "serve"),
                *("--port", str(port), "--processes", "1"),
            ],
            env=site.environ,
            cwd=site.home,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    give_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"{url}/health", timeout=5).close()
        except OSError:
            assert time.monotonic() < give_up_at, "the second page server did not start"
            time.sleep(0.1)
        else:
            return server, url


def work(
    people: list[Participant], site: LiveSite, act: Callable[[Participant, int], None]
) -> None:
    """Everybody acts on a server that is killed meanwhile, and goes on at the other one."""
    victim, url = start_another(site)
    until = time.monotonic() + SECONDS
    failures: list[BaseException] = []

    def run(person: Participant) -> None:
        number = 0
        person.move_to(url, site.url)
        try:
            while time.monotonic() < until:
                act(person, number)
                number += 1
        except BaseException as error:  # noqa: BLE001  shown below, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    time.sleep(SECONDS / 2)
    os.killpg(victim.pid, signal.SIGKILL)
    victim.wait(10)
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


def test_a_session_goes_on_when_a_page_server_is_killed_in_mid_deed(home: Path) -> None:
    with serving(home) as site, site.database() as database:
        room = make_room(database, site.home, people=PEOPLE)
        people = [Participant(site.url, room, secret, SECRET_KEY) for secret in room.secrets]
        for person in people:
            person.open()
        deeds = Deeds(room, people)
        work(people, site, deeds.look)
        for phase in tuple(Phase)[1:-1]:
            room.go(phase)
            if phase in deeds.of_phases:
                work(people, site, deeds.of_phases[phase])
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
