"""The blueprint of this room, and the shelf its pages take reports from."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, abort, current_app, request

from feedback_app.foundation.db import Database
from feedback_app.reporting.analyst_process import AnalystProcess
from feedback_app.reporting.question_shelf import QuestionShelf
from feedback_app.reporting.rules.kinds import ReportKind, kind_of
from feedback_app.reporting.rules.selection import Selection, read_selection
from feedback_app.reporting.score_shelf import ScoreShelf
from feedback_app.reporting.shelf import OpenedReport, Shelf
from feedback_app.reporting.words_shelf import WordsShelf

NOT_FOUND = 404

blueprint = Blueprint("reporting", __name__, url_prefix="/reports")


def install(app: Flask, database: Database, home: Path) -> None:
    """Give the pages their shelf. Nothing is started before the first report is opened."""
    analyst = _analyst_of_process(home)
    words = WordsShelf(database, analyst)
    reports = Shelf(database, analyst)
    app.extensions["feedback_reports"] = reports
    app.extensions["feedback_questions"] = QuestionShelf(database, analyst, reports)
    app.extensions["feedback_score_reports"] = ScoreShelf(database, analyst)
    app.extensions["feedback_own_words"] = words
    app.extensions["feedback_agreement"] = words.agree  # for the room of tags above


@cache
def _analyst_of_process(home: Path) -> AnalystProcess:
    """One analyst for this process, whatever number of applications it holds."""
    analyst = AnalystProcess(home / "charts")
    atexit.register(analyst.close)
    return analyst


def shelf() -> Shelf:
    """The shelf of this application."""
    found = current_app.extensions["feedback_reports"]
    assert isinstance(found, Shelf)
    return found


def score_shelf() -> ScoreShelf:
    """The shelf of reports on current customers and staff polls."""
    found = current_app.extensions["feedback_score_reports"]
    assert isinstance(found, ScoreShelf)
    return found


def question_shelf() -> QuestionShelf:
    """The shelf of answers question by question."""
    found = current_app.extensions["feedback_questions"]
    assert isinstance(found, QuestionShelf)
    return found


def selection() -> Selection:
    """The filters in this page's address; raises UnableToReadSelection."""
    return read_selection(request.args)


def find_report(slug: str) -> OpenedReport:
    """What this address asks for of a survey of any kind, else "there is no such page"."""
    found = shelf().find(slug, selection())
    if found is None:
        abort(NOT_FOUND)
    return found


def get_report(slug: str) -> OpenedReport:
    """The cause report this address asks for, else "there is no such page"."""
    found = find_report(slug)
    if kind_of(found.questions) is not ReportKind.CAUSES:
        abort(NOT_FOUND)
    return found
