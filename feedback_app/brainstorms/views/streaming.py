"""Server-sent events: a nudge to poll at once. An accelerator, and nothing rests on it.

A stream says only that something changed, never what; the page then polls as it does anyway.
Each stream holds a thread of the page server, so a process holds a few (Settings.session_streams,
0 for none) and the others poll. A stream ends by itself after a few seconds: the browser opens it
again, perhaps at another process, and a server that stops need not wait long.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from time import monotonic

from flask import Response, current_app

from feedback_app.brainstorms import queries
from feedback_app.brainstorms.queries import Pulse
from feedback_app.brainstorms.views.pulse import Pulses, get_pulse, pulses
from feedback_app.foundation.db import Database
from feedback_app.foundation.unit_of_work import database

#: A server that was asked to stop waits so long for its streams: the page server knows no sooner.
LIFE_SECONDS = 6.0
#: How soon a stream notices that its reader has gone, and what another server changed.
BEAT_SECONDS, LOOK_SECONDS = 3.0, 0.25
#: Places that participants leave to the wall and the desk.
RESERVED = 4
PLACES = "feedback_session_streams"
NO_CONTENT = 204


class Places:
    """How many streams this process may hold. A place that nobody gave back frees itself."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: dict[object, float] = {}
        self._lock = threading.Lock()

    def take(self, *, is_staff: bool) -> object | None:
        """A place, None when there is none left for such a reader."""
        now = monotonic()
        with self._lock:
            self._taken = {it: until for it, until in self._taken.items() if until > now}
            if len(self._taken) >= (self._most if is_staff else self._most - RESERVED):
                return None
            place = object()
            self._taken[place] = now + LIFE_SECONDS + BEAT_SECONDS
            return place

    def give_back(self, place: object) -> None:
        """Free a place; safe to repeat."""
        with self._lock:
            self._taken.pop(place, None)


class Ticks:
    """The lines of one stream. Werkzeug and the page server close it, also one never begun."""

    def __init__(
        self, code: str, first: Pulse, places: Places, place: object, kept: Pulses, read: Database
    ) -> None:
        self._places, self._place = places, place
        self._lines = _lines(code, first, kept, read)

    def __iter__(self) -> Iterator[bytes]:
        """Itself."""
        return self

    def __next__(self) -> bytes:
        """The next line, as soon as there is one."""
        return next(self._lines)

    def close(self) -> None:
        """Give the place back."""
        self._places.give_back(self._place)


def tell_stream(code: str, *, is_staff: bool) -> Response:
    """A stream for this reader, or "no content" where there is no place: then polling must do."""
    pulse = get_pulse(code)
    places = _places()
    place = None if pulse.row.is_over else places.take(is_staff=is_staff)
    if place is None:
        return Response(status=NO_CONTENT)
    ticks = Ticks(code, pulse, places, place, pulses(), database())
    # Proxies shall hand on each line at once.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(ticks, mimetype="text/event-stream", headers=headers)


def is_streaming() -> bool:
    """True where this installation holds streams at all."""
    return bool(current_app.config["FEEDBACK_SETTINGS"].session_streams)


def _places() -> Places:
    most = current_app.config["FEEDBACK_SETTINGS"].session_streams
    found: Places = current_app.extensions.setdefault(PLACES, Places(most))
    return found


def _lines(code: str, first: Pulse, kept: Pulses, read: Database) -> Iterator[bytes]:
    def look(code: str) -> Pulse | None:
        with read.reading() as session:
            return queries.find_pulse(session, code)

    mark = first.mark
    until, said = monotonic() + LIFE_SECONDS, monotonic()
    yield b"retry: 100\n\n"
    while monotonic() < until:
        kept.wait(LOOK_SECONDS)
        pulse = kept.find(code, look)
        if pulse is None:
            return
        if pulse.mark != mark:
            mark, said = pulse.mark, monotonic()
            yield f"data: {mark}\n\n".encode()
        elif monotonic() - said > BEAT_SECONDS:
            said = monotonic()
            yield b":\n\n"
        if pulse.row.is_over:
            return
