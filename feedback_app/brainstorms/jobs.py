"""What the worker does for sessions: no key outlives its session, cards get causes suggested."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from config import Settings
from feedback_app.answers.masking import NOBODY, NameList
from feedback_app.brainstorms import queries, seats
from feedback_app.foundation.db import Database
from feedback_app.surveys.queries import find_survey
from feedback_app.tagging import actions as tagging
from feedback_app.tagging.queries.pending import list_sessions_made


def make_cards_job(
    list_names: Callable[[Session], NameList] = lambda _session: NOBODY,
) -> Callable[[Database, Settings], int]:
    """The job that makes statements of the cards of ended sessions; returns how many."""

    def run(database: Database, _settings: Settings) -> int:
        with database.reading() as session:
            made = list_sessions_made(session)
            due = [
                (survey.id, each)
                for each in queries.list_cards_of_ended(session)
                if each.texts and each.code not in made
                if (survey := find_survey(session, each.survey)) is not None
            ]
            names = list_names(session) if due else NOBODY
        for survey_id, each in due:
            with database.writing() as session:
                tagging.make_cards(session, survey_id, each.code, each.texts, names=names)
        return sum(len(each.texts) for _survey_id, each in due)

    return run


def destroy_spent_keys(database: Database, settings: Settings) -> int:
    """Destroy keys of ended sessions that a killed page server left behind; how many.

    On SQLite the write-ahead log is emptied too: it still holds what the end has deleted.
    """
    folder = settings.home / seats.FOLDER
    left = seats.list_keys(folder)
    if not left:
        return 0
    with database.reading() as session:
        ended = set(queries.list_ended(session))
    for brainstorm_id in left & ended:
        seats.destroy_key(folder, brainstorm_id)
    if left & ended:
        database.forget_old_pages()
    return len(left & ended)
