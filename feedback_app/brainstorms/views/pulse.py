"""Polls: what changed since event N. This is what everything on the pages rests on.

A page server looks at a session at most a few times a second, however many people ask; whoever
is up to date gets 304 without a query, whoever is behind one query by the log's primary key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from flask import Response, abort, after_this_request, current_app, jsonify, request

from feedback_app.brainstorms import queries
from feedback_app.brainstorms.queries import Pulse
from feedback_app.brainstorms.views.blueprint import NOT_FOUND
from feedback_app.foundation.db import utc_now
from feedback_app.foundation.unit_of_work import session

FRESH_SECONDS = 0.4
MOST_KEPT = 256
KEPT = "feedback_session_pulses"


Look = Callable[[str], Pulse | None]


class Pulses:
    """The last look at each session, for a moment. Thread-safe."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Pulse]] = {}
        self._lock = threading.Lock()
        self._looking = threading.Lock()
        self._news = threading.Condition()

    def find(self, code: str, look: Look) -> Pulse | None:
        """The session's pulse, at most FRESH_SECONDS old; one reader at a time looks."""
        found = self._fresh(code)
        if found is not None:
            return found
        with self._looking:
            found = self._fresh(code)
            return self._look(code, look) if found is None else found

    def forget(self) -> None:
        """Look anew at the next question: this server has just changed something.

        All sessions, as one has two codes; a look costs one statement.
        """
        with self._lock:
            self._kept.clear()

    def tell(self) -> None:
        """Forget, and wake whoever waits for news."""
        self.forget()
        with self._news:
            self._news.notify_all()

    def wait(self, seconds: float) -> None:
        """Until this server changes something, `seconds` at most."""
        with self._news:
            self._news.wait(seconds)

    def _fresh(self, code: str) -> Pulse | None:
        with self._lock:
            until, pulse = self._kept.get(code, (0.0, None))
        return pulse if monotonic() < until else None

    def _look(self, code: str, look: Look) -> Pulse | None:
        pulse = look(code)
        if pulse is not None:
            with self._lock:
                if len(self._kept) >= MOST_KEPT:
                    self._kept.clear()
                self._kept[code] = (monotonic() + FRESH_SECONDS, pulse)
        return pulse


def pulses() -> Pulses:
    """This application's."""
    found: Pulses = current_app.extensions.setdefault(KEPT, Pulses())
    return found


def tell_change() -> None:
    """This request changes the session: news for everybody once it is stored."""
    kept = pulses()
    kept.forget()

    @after_this_request
    def _tell(response: Response) -> Response:
        response.call_on_close(kept.tell)  # by then it is committed
        return response


def get_pulse(code: str) -> Pulse:
    """The pulse of a session, else "there is no such page"."""
    pulse = pulses().find(code, lambda it: queries.find_pulse(session(), it))
    if pulse is None:
        abort(NOT_FOUND)
    return pulse


def tell_events(pulse: Pulse, more: dict[str, Any] | None = None) -> Response:
    """What is behind event `after`: 304 where the reader has it all."""
    after = max(request.args.get("after", 0, type=int), 0)
    is_behind = after < pulse.row.last_event
    if not is_behind and request.if_none_match.contains(pulse.mark):
        return Response(status=304, headers={"ETag": f'"{pulse.mark}"'})
    events = queries.list_events(session(), pulse.row.id, after=after) if is_behind else []
    response = jsonify(
        events=[[event.n, event.kind, event.payload] for event in events],
        here=pulse.here,
        done=pulse.done,
        now=utc_now().isoformat(),
        **(more or {}),
    )
    if not events or events[-1].n == pulse.row.last_event:
        response.set_etag(pulse.mark)
    return response
