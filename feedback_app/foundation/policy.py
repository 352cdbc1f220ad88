"""Which right each page asks for. A page that is not in the table is refused to everybody.

A test compares the table with the application's URL map, both ways.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from feedback_app.foundation.rules import Permission

PUBLIC = Permission.PUBLIC

#: endpoint -> the right it asks for.
POLICY: dict[str, Permission] = {
    "static": PUBLIC,
    "health": PUBLIC,
    # respondents
    "answers.page": PUBLIC,
    "answers.submit": PUBLIC,
    "answers.thanks": PUBLIC,
    "answers.what_we_store": PUBLIC,
    "invitations.page": PUBLIC,
    "invitations.submit": PUBLIC,
    "invitations.thanks": PUBLIC,
    "invitations.what_we_store": PUBLIC,
}


def install(app: Flask, *, permissions: Callable[[], frozenset[Permission] | None]) -> None:
    """Check every request before its view.

    `permissions` gives the rights of who is asking, or None for a stranger, who is sent
    to the sign-in page and back.
    """

    @app.before_request
    def _check() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # no such page: Flask answers 404
        needed = POLICY.get(request.endpoint)
        if needed is PUBLIC:
            return None
        granted = permissions()
        if granted is None:
            if request.method != "GET":
                return redirect(url_for("security.login"))
            return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
        if needed is None or needed not in granted:
            abort(403)
        return None
