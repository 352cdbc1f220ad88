"""What a WSGI server loads: factories of the whole site, or of respondents' pages alone."""

from __future__ import annotations

import gc
import logging
import os
from typing import TYPE_CHECKING

from config import Settings, load_settings
from feedback_app import behind_proxies, create_respondents, create_staff_side
from feedback_app.foundation.db import Database
from feedback_app.front import THREADS, Front, InTurn, OnFirstUse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def make_app() -> WSGIApplication:
    """The whole site with settings from the environment; failures go to standard error.

    The staff's side is loaded when somebody first asks for one of its pages: a process that
    answers respondents alone stays small.
    """
    settings, database = _begin()

    def make_staff_side() -> WSGIApplication:
        made = create_staff_side(settings, database).wsgi_app
        _keep_for_good()
        return made

    site = Front(create_respondents(settings, database), OnFirstUse(make_staff_side))
    _keep_for_good()
    in_turn = InTurn(site, THREADS) if settings.session_streams else site
    return behind_proxies(settings, in_turn)


def make_respondents() -> WSGIApplication:
    """Respondents' pages alone; every other address answers that there is no such page."""
    settings, database = _begin()
    app = create_respondents(settings, database)
    _keep_for_good()
    return behind_proxies(settings, app.wsgi_app)


def _begin() -> tuple[Settings, Database]:
    logging.basicConfig(level=logging.WARNING, format="page server: %(message)s")
    settings = load_settings(os.environ)
    return settings, Database(settings.database_url, reports_url=settings.reports_database_url)


def _keep_for_good() -> None:
    """Spare the search for garbage what is loaded by now and stays for good."""
    gc.collect()
    gc.freeze()
