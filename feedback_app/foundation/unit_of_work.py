"""One request, one session, one commit.

GET and HEAD read and can not write. Every other method gets a writing session at its
first use; it is committed once, after the view, and only when the page answers with
success: whoever is shown an error has stored nothing.
"""

from __future__ import annotations

from contextlib import ExitStack

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from feedback_app.foundation.db import Database

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_ERROR_STATUS = 400


class UnableToKeepReadingPure(RuntimeError):
    """A reading request left changes in its session: a programming error, not a user's."""


def database() -> Database:
    """The application's database."""
    found = current_app.extensions["feedback_database"]
    assert isinstance(found, Database)
    return found


def session() -> Session:
    """The session of this request."""
    if "session" not in g:
        stack = ExitStack()
        is_reading = request.method in READING_METHODS
        opened = database().reading() if is_reading else database().opened_for_writing()
        g.session_stack = stack
        g.session = stack.enter_context(opened)
    found = g.session
    assert isinstance(found, Session)
    return found


def install(app: Flask) -> None:
    """Commit at the edge and let go of the session afterwards."""

    @app.after_request
    def _commit(response: Response) -> Response:
        opened = g.get("session")
        if opened is None:
            return response
        if request.method in READING_METHODS:
            if opened.new or opened.dirty or opened.deleted:
                raise UnableToKeepReadingPure(request.path)
        elif response.status_code < FIRST_ERROR_STATUS:
            opened.commit()
        _release()
        return response

    @app.teardown_request
    def _teardown(_error: BaseException | None) -> None:
        _release()


def start_over() -> None:
    """Take back what this request has written so far; the next use begins a new session."""
    _release()


def _release() -> None:
    g.pop("session", None)
    stack = g.pop("session_stack", None)
    if stack is not None:
        stack.close()
