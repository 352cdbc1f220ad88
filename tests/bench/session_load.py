"""A session of 150 people for two minutes beside a bare Flask view on the same page server.

    python -m tests.bench.session_load [--people 150] [--seconds 120] [--bare-seconds 30]
                                       [--postgres] [--streams 12]

Everybody polls each 1 to 2 s, says "here" each 15 s, writes a card each 12 s or so and, in the
second half, moves the board. Printed: p50 and p95 of the polls and of everything sent, errors,
cards acknowledged and kept, how long a move takes to reach the others, memory of the page
servers. The bare view is asked before and after by the same people at the same pace, each
sending as often. Loopback only.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from feedback_app.brainstorms.rules.phases import Phase
from feedback_app.brainstorms.views.streaming import RESERVED
from tests.browser.live_site import SECRET_KEY, find_free_port, serving
from tests.databases import running_postgres
from tests.factories.session_client import Participant
from tests.factories.sessions import Room, make_room

OK, UNCHANGED = 200, 304
TEXTS = ("Too expensive", "Answers too late", "They moved", "A better offer", "Shop closed")


@dataclass
class Tally:
    """What all participants met."""

    polls: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    cards: set[str] = field(default_factory=set)
    moved_at: dict[str, float] = field(default_factory=dict)
    heard: list[float] = field(default_factory=list)
    nudged: list[float] = field(default_factory=list)

    def hear(self, into: list[float], events: list[list[Any]]) -> None:
        """Note how long ago the moves among `events` were sent."""
        now = time.monotonic()
        begun = [self.moved_at.get(str(event[2].get("into", ""))) for event in events]
        into += [(now - each) * 1000 for each in begun if each is not None]

    def timed(self, into: list[float], what: Callable[[], int]) -> int:
        """Do it, note how long it took; its status."""
        begun = time.perf_counter()
        try:
            status = what()
        except (OSError, http.client.HTTPException) as error:
            self.errors.append(type(error).__name__)
            return 0
        into.append((time.perf_counter() - begun) * 1000)
        if status not in (OK, UNCHANGED):
            self.errors.append(str(status))
        return status


def main() -> None:
    """Run the session, then the bare view, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=150)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--bare-seconds", type=float, default=30)
    parser.add_argument("--streams", type=int, default=12, help="people who hold a stream")
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    _ask_bare(options, "bare view before")
    with tempfile.TemporaryDirectory() as folder, _database(is_postgres=options.postgres) as more:
        more["FEEDBACK_SESSION_STREAMS"] = str(options.streams + RESERVED if options.streams else 0)
        _hold_session(Path(folder), options, more)
    _ask_bare(options, "bare view after")


@contextmanager
def _database(*, is_postgres: bool) -> Iterator[dict[str, str]]:
    if not is_postgres:
        yield {}
        return
    with running_postgres() as server:
        yield {"FEEDBACK_DATABASE_URL": server.url(server.create())}


def _ask_bare(options: argparse.Namespace, name: str) -> None:
    with _bare() as base:
        tally = Tally()
        people = [_bare_participant(base) for _ in range(options.people)]
        _let_run(people, options.bare_seconds, tally, lambda: True)
        _print(name, tally)


def _hold_session(home: Path, options: argparse.Namespace, more: dict[str, str]) -> None:
    with serving(home, more) as site, site.database() as database:
        room = make_room(database, site.home, people=options.people)
        room.go(Phase.WRITE)
        people = [Participant(site.url, room, secret, SECRET_KEY) for secret in room.secrets]
        for person in people:
            person.open()
        tally = Tally()
        half = threading.Timer(options.seconds / 2, lambda: room.go(Phase.GROUP))
        half.start()
        listeners = [
            threading.Thread(target=_listen, args=(person, tally, options.seconds))
            for person in people[: options.streams]
        ]
        for listener in listeners:
            listener.start()
        early = threading.Timer(20, lambda: print(f"memory after 20 s: {_memory(site.url)}"))
        early.start()
        pollers = people[options.streams :]
        _let_run(pollers, options.seconds, tally, lambda: room.row.phase is Phase.WRITE, room=room)
        for thread in (half, *listeners):
            thread.join()
        _print("session", tally)
        _print_delays("polling people", tally.heard)
        _print_delays("people with a stream", tally.nudged)
        print(f"memory at the end: {_memory(site.url)}")
        room.go(Phase.TAG)
        kept = set(room.board().cards)
        print(f"cards acknowledged {len(tally.cards)}, of these lost {len(tally.cards - kept)}")
        print(f"events in the log {room.row.last_event}")


def _let_run(
    people: list[Participant],
    seconds: float,
    tally: Tally,
    is_writing: Callable[[], bool],
    *,
    room: Room | None = None,
) -> None:
    until = time.monotonic() + seconds
    writing = {"now": True}

    def watch() -> None:
        while time.monotonic() < until:
            writing["now"] = is_writing()
            time.sleep(1)

    def run(person: Participant, chance: random.Random) -> None:
        next_card, next_beat = (time.monotonic() + chance.uniform(0, 12) for _ in range(2))
        while time.monotonic() < until:
            known = len(person.events)
            tally.timed(tally.polls, person.poll)
            now = time.monotonic()
            tally.hear(tally.heard, person.events[known:])
            if now > next_card:
                next_card = now + chance.uniform(8, 16)
                _send(person, chance, tally, is_card=writing["now"], room=room)
            if now > next_beat:
                next_beat = now + chance.uniform(13, 17)
                tally.timed(tally.sent, lambda: person.send("/here", done=False))
            time.sleep(chance.uniform(1, 2))

    threads = [
        threading.Thread(target=run, args=(person, random.Random(number)))
        for number, person in enumerate(people)
    ]
    for thread in (*threads, watcher := threading.Thread(target=watch)):
        thread.start()
    for thread in (*threads, watcher):
        thread.join()


def _send(
    person: Participant, chance: random.Random, tally: Tally, *, is_card: bool, room: Room | None
) -> None:
    if is_card:
        card = str(uuid4())
        status = tally.timed(
            tally.sent, lambda: person.send("/cards", id=card, text=chance.choice(TEXTS))
        )
        if status == OK:
            tally.cards.add(card)
        return
    revealed = [event[2]["cards"] for event in person.events if event[1] == "revealed"]
    if room is None or not revealed:
        return
    units = [card["id"] for card in chance.sample(revealed[0], 2)]
    into = str(uuid4())
    payload = {"units": units, "into": into}
    tally.moved_at[into] = time.monotonic()
    tally.timed(tally.sent, lambda: person.send("/moves", kind="merged", payload=payload))


def _bare_participant(base: str) -> Participant:
    person = Participant.__new__(Participant)
    person.__dict__.update(
        {"servers": [urlsplit(base)], "path": "/brainstorms/BARE", "cookies": {}, "events": []}
    )
    person.__dict__.update({"connection": None, "token": "", "last": 0, "mark": ""})
    return person


@contextmanager
def _bare() -> Iterator[str]:
    """The bare application behind the same page server with as many processes and threads."""
    from feedback_app.front import THREADS

    port = find_free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--port", str(port), "--workers", "2", "--blocking-threads", str(THREADS)),
        *("--no-ws", "--log-level", "warning", "tests.bench.bare:make_app"),
    ]
    server = subprocess.Popen(command, env={**os.environ, "MALLOC_ARENA_MAX": "2"})
    try:
        probe = _bare_participant(f"http://127.0.0.1:{port}")
        for _ in range(300):
            try:
                probe.poll()
            except OSError:
                time.sleep(0.1)
            else:
                break
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _print(name: str, tally: Tally) -> None:
    for what, times in (("polls", tally.polls), ("sent", tally.sent)):
        found = statistics.quantiles(times, n=100)
        print(f"{name}: {what} {len(times)}, p50 {found[49]:.1f} ms, p95 {found[94]:.1f} ms")
    print(f"{name}: errors {len(tally.errors)} {sorted(set(tally.errors))}")


def _listen(person: Participant, tally: Tally, seconds: float) -> None:
    """Hold a stream, opened again whenever it ends, and poll when it says so, as a page does."""
    until = time.monotonic() + seconds
    ear = Participant.__new__(Participant)
    ear.__dict__.update({**person.__dict__, "connection": None})
    while time.monotonic() < until:
        try:
            for line in ear.listen():
                if line.startswith(b"data:"):
                    time.sleep(random.uniform(0, 0.12))
                    known = len(person.events)
                    person.close()  # nobody asked for long: the server has closed it too
                    tally.timed(tally.polls, person.poll)
                    tally.hear(tally.nudged, person.events[known:])
                if time.monotonic() > until:
                    break
        except (OSError, http.client.HTTPException) as error:
            tally.errors.append(f"stream {type(error).__name__}")
        ear.close()
        time.sleep(0.5)


def _print_delays(whom: str, delays: list[float]) -> None:
    """From a move's sending to each other's page."""
    if delays:
        found = statistics.quantiles(delays, n=100)
        print(
            f"a move reaches {whom}: {len(delays)} arrivals, "
            f"p50 {found[49]:.0f} ms, p95 {found[94]:.0f} ms"
        )


def _memory(url: str) -> str:
    """Resident memory of the processes behind `url`, MB."""
    table = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,rss=,command="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 3) for line in table.splitlines()]
    port = url.rsplit(":", 1)[1]
    parents = {row[0] for row in rows if f"serve --port {port}" in row[3]}
    sizes = [int(row[2]) // 1024 for row in rows if row[1] in parents]
    return ", ".join(f"{size} MB" for size in sorted(sizes))


if __name__ == "__main__":
    main()
