"""What the frame of every staff page shows: the menu, the name, the language links."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.routing import BuildError

from feedback_app.foundation.i18n import LANGUAGES
from feedback_app.foundation.rules import Permission
from feedback_app.staff import security
from feedback_app.staff.rules import is_own_path
from feedback_app.staff.views.blueprint import blueprint
from feedback_app.staff.views.who import current_email

#: group -> entries (endpoint, words, right). An endpoint that does not exist is left out.
MENU: tuple[tuple[Any, tuple[tuple[str, Any, Permission], ...]], ...] = (
    (
        "",
        (
            ("staff.home", _l("Home"), Permission.READ_HOME),
            ("reporting.index", _l("Reports"), Permission.READ_REPORTS),
            ("reporting.comments_index", _l("Comments"), Permission.READ_REPORTS),
        ),
    ),
    (
        _l("Asking"),
        (
            ("surveys.index", _l("Surveys"), Permission.EDIT_SURVEYS),
            ("customers.index", _l("Customers"), Permission.MANAGE_CUSTOMERS),
            ("waves.index", _l("Waves"), Permission.MANAGE_CUSTOMERS),
            ("contact_desk.index", _l("Contacts"), Permission.CALL_BACK),
            ("interviews.index", _l("Interviews"), Permission.RUN_INTERVIEWS),
            ("causes.index", _l("Causes"), Permission.EDIT_CAUSES),
            ("tagging.index", _l("Statements"), Permission.TAG_ANSWERS),
            ("surveys.competitors", _l("Competitors"), Permission.EDIT_SURVEYS),
        ),
    ),
    (
        _l("Working together"),
        (
            ("desk.index", _l("Sessions"), Permission.RUN_BRAINSTORMS),
            ("desk.habits", _l("Over sessions"), Permission.RUN_BRAINSTORMS),
            ("desk.proposals", _l("Proposed causes"), Permission.EDIT_CAUSES),
        ),
    ),
    (
        _l("Administration"),
        (
            ("staff.index", _l("Staff"), Permission.MANAGE_STAFF),
            ("staff.audit", _l("Audit log"), Permission.READ_AUDIT),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu; `is_here` when the page is this one or below it."""

    words: str
    url: str
    is_here: bool
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Some lines of the menu under one heading (none for the first)."""

    words: str
    items: tuple[Entry, ...]


def navigation() -> list[Group]:
    """The menu for who is signed in: what they may open and what exists."""
    rights = security.granted() or frozenset()
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for words, entries in MENU:
        links = [
            (str(name), url)
            for endpoint, name, right in entries
            if right in rights and (url := _find_url(endpoint)) is not None
        ]
        if links:
            found.append((str(words), links))
    nearest = _nearest([url for _, links in found for _, url in links])
    return [
        Group(
            words,
            tuple(Entry(name, url, url == nearest, url == request.path) for name, url in links),
        )
        for words, links in found
    ]


def _nearest(urls: list[str]) -> str:
    """The menu's address that this page lies at or under, the longest of several."""
    path = request.path
    under = [url for url in urls if path == url or (url != "/" and path.startswith(f"{url}/"))]
    return max(under, key=len, default="")


def _find_url(endpoint: str) -> str | None:
    if endpoint not in current_app.view_functions:
        return None
    try:
        return url_for(endpoint)
    except BuildError:
        return None


def product_name() -> str:
    """The company's name when it is known, else the product's."""
    return current_app.config["FEEDBACK_SETTINGS"].company or "Feedback"


def static_url(name: str) -> str:
    """The address of one of our files; changes with its content, so caches never go stale."""
    folder = current_app.static_folder
    assert folder is not None
    return url_for("static", filename=name, v=_fingerprint(Path(folder, name)))


@lru_cache(maxsize=64)
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def same_page_in(language: str) -> str:
    """This page's own address with ?lang=, for readers without a session."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language}")
    if request.endpoint is None or not is_own_path(request.path):
        return f"/?lang={language}"
    arguments = {**request.args.to_dict(), **(request.view_args or {}), "lang": language}
    try:
        return url_for(request.endpoint, **arguments)
    except BuildError:
        return f"/?lang={language}"


@blueprint.record_once
def _give_to_templates(state: Any) -> None:
    state.app.jinja_env.globals.update(
        navigation=navigation,
        product_name=product_name,
        static_url=static_url,
        same_page_in=same_page_in,
        current_email=current_email,
    )
