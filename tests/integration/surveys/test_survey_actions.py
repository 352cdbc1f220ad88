"""Making, opening and closing surveys, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from config import Settings
from feedback_app.answers import actions as answers
from feedback_app.ballots.keys import list_keys
from feedback_app.ballots.queries import count_waiting, list_open_batches
from feedback_app.foundation.db import Database
from feedback_app.surveys import actions, queries
from feedback_app.surveys.rules import Mode, State, UnableToChangeSurvey

BY = "researcher@example.com"


def create(database: Database, name: str = "Why they left", **kwargs: Any) -> queries.SurveyRow:
    """A draft."""
    with database.writing() as session:
        return actions.create(
            session, by=BY, template="departed", name=name, language="en", **kwargs
        )


def test_a_draft_is_found_by_id_slug_and_name(database: Database) -> None:
    row = create(database)
    with database.reading() as session:
        for named in (str(row.id), row.slug, row.name):
            assert queries.get_survey(session, named) == row
        assert queries.find_for_respondent(session, slug=row.slug) is None


def test_an_unknown_survey_is_refused_with_those_there_are(database: Database) -> None:
    row = create(database)
    with database.reading() as session, pytest.raises(queries.UnableToFindSurvey, match=row.slug):
        queries.get_survey(session, "nothing")


def test_opening_fixes_the_version_and_starts_a_batch(
    prepared: Database, settings: Settings
) -> None:
    database = prepared
    row = create(database)
    with database.writing() as session:
        answers.open_survey(session, row.id, by=BY, folder=settings.keys)
    with database.reading() as session:
        found = queries.find_for_respondent(session, slug=row.slug)
        assert found is not None
        assert found.survey.state is State.OPEN
        (batch,) = list_open_batches(session)
        assert (batch.survey_id, batch.channel, batch.boxes) == (row.id, "link", 0)
        assert count_waiting(session, row.id) == 0
    assert [each.batch_id for each in list_keys(settings.keys)] == [batch.id]


def test_a_named_survey_has_no_ballot_box(database: Database, settings: Settings) -> None:
    row = create(database, mode=Mode.NAMED, k=1)
    with database.writing() as session:
        answers.open_survey(session, row.id, by=BY, folder=settings.keys)
    with database.reading() as session:
        assert list_open_batches(session) == []


@pytest.mark.parametrize(
    ("kwargs", "says"),
    [
        ({"name": "  "}, "1 to 120 characters"),
        ({"name": "x" * 121}, "got 121"),
        ({"k": 4}, "from 5"),
    ],
)
def test_what_can_not_be_made_says_why(
    database: Database, kwargs: dict[str, Any], says: str
) -> None:
    with pytest.raises(UnableToChangeSurvey, match=says):
        create(database, **kwargs)
    with database.reading() as session:
        assert queries.list_surveys(session) == []


def test_a_name_is_given_once(database: Database) -> None:
    create(database)
    with pytest.raises(UnableToChangeSurvey, match="already"):
        create(database)


def test_states_go_one_way(database: Database, settings: Settings) -> None:
    row = create(database)
    with database.writing() as session, pytest.raises(UnableToChangeSurvey, match="is draft"):
        actions.close(session, row.id, by=BY)
    with database.writing() as session:
        answers.open_survey(session, row.id, by=BY, folder=settings.keys)
    with database.writing() as session, pytest.raises(UnableToChangeSurvey, match="is open"):
        answers.open_survey(session, row.id, by=BY, folder=settings.keys)
    with database.writing() as session:
        assert actions.close(session, row.id, by=BY).state is State.CLOSED


def test_only_an_untouched_draft_can_take_imported_answers(
    database: Database, settings: Settings
) -> None:
    draft, opened = create(database), create(database, name="Open one")
    with database.writing() as session:
        answers.open_survey(session, opened.id, by=BY, folder=settings.keys)
    with database.writing() as session:
        assert actions.become_import(session, draft.id, by=BY).mode is Mode.IMPORT
    with database.writing() as session, pytest.raises(UnableToChangeSurvey, match="Only a draft"):
        actions.become_import(session, opened.id, by=BY)


def test_competitors_are_offered_once_and_come_back(database: Database) -> None:
    with database.writing() as session:
        for name in ("  Beta   Mobile ", "alpha Net", "Beta Mobile"):
            actions.add_competitor(session, name, by=BY)
    with database.reading() as session:
        assert queries.list_competitors(session) == ["alpha Net", "Beta Mobile"]
    with database.writing() as session:
        actions.retire_competitor(session, "alpha Net", by=BY)
    with database.reading() as session:
        assert queries.list_competitors(session) == ["Beta Mobile"]
        assert queries.list_competitors(session, with_retired=True) == ["alpha Net", "Beta Mobile"]
    with database.writing() as session:
        actions.add_competitor(session, "alpha Net", by=BY)
    with database.reading() as session:
        assert queries.list_competitors(session) == ["alpha Net", "Beta Mobile"]
