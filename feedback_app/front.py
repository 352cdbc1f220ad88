"""Two worlds behind one address: respondents' pages in front, the staff's side behind them.

Respondents' pages are an application of their own (`feedback_app.create_respondents`). It has
no session, no user and no cookie, and it never loads signing in, forms of staff or reports:
what is not there can not write down who answered, can not be attacked and costs no memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


#: Requests that a page server process works on at a time: enough to wait for the disk, few
#: enough for one core.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)


class Front:
    """Hands a request to the respondents' side when its address is one of theirs."""

    def __init__(self, respondents: Flask, staff: WSGIApplication) -> None:
        self._respondents = respondents.wsgi_app
        self._staff = staff
        self._theirs = frozenset(
            rule.rule.split("/", 2)[1] for rule in respondents.url_map.iter_rules()
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        first = str(environ.get("PATH_INFO", "")).split("/", 2)[1:2]
        side = self._respondents if self._theirs.issuperset(first) and first else self._staff
        return side(environ, start_response)


class OnFirstUse:
    """An application that is made when it is first asked."""

    def __init__(self, make: Callable[[], WSGIApplication]) -> None:
        self._make = make
        self._made: WSGIApplication | None = None
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; whoever comes while it is being made waits for it."""
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = self._make()
        return self._made(environ, start_response)


class InTurn:
    """At most so many requests at once; what streams on afterwards holds up nobody.

    Streams of sessions need threads of their own, and a page server with many threads would
    otherwise work on as many requests at a time, each of them slower.
    """

    def __init__(self, app: WSGIApplication, most: int) -> None:
        self._app = app
        self._turns = BoundedSemaphore(most)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request when its turn has come."""
        with self._turns:
            return self._app(environ, start_response)
