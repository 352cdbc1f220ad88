"""A new version of an open survey: when it takes its turn, what becomes of what waits."""

from __future__ import annotations

import copy
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from flask.testing import FlaskClient

from feedback_app.ballots.sealing import SEAL_BYTES
from feedback_app.surveys import actions, queries
from feedback_app.surveys.rules import Mode, PublishWhen, UnableToChangeSurvey
from feedback_app.surveys.templates import read_template
from tests.factories.respondents import BY, OpenedSurvey, fetch_token, open_survey, send

ANSWER = {"nps": "9", "nps_why": "Quick"}
WORDS = dict.fromkeys(("en", "ru", "uk"), "?")
LONG = {"code": "story", "kind": "text", "max": 4000, "text": WORDS}


@pytest.fixture
def survey(database: Any, settings: Any) -> OpenedSurvey:
    """An open NPS pulse with k = 5."""
    return open_survey(database, settings, document=read_template("pulse-nps"))


def edit(survey: OpenedSurvey, change: Callable[[dict[str, Any]], None]) -> None:
    """Begin a version (or go on with it) and save a change."""
    with survey.database.writing() as session:
        draft = actions.begin_version(session, survey.id, by=BY)
        document = copy.deepcopy(dict(draft.document))
        change(document)
        actions.save_draft(session, survey.id, document, revision=draft.revision, by=BY)


def ask_more(survey: OpenedSurvey) -> None:
    """A version with one more question, which needs larger boxes."""
    edit(survey, lambda document: document["question"].append(dict(LONG)))


def schedule(survey: OpenedSurvey, when: PublishWhen) -> None:
    with survey.database.writing() as session:
        actions.schedule_version(session, survey.id, when=when, by=BY)


def number(survey: OpenedSurvey) -> int:
    """The version that respondents read."""
    with survey.database.reading() as session:
        published = queries.find_published(session, survey.id)
    assert published is not None
    return published.number


def test_respondents_never_see_a_draft(survey: OpenedSurvey, client: FlaskClient) -> None:
    ask_more(survey)
    assert 'name="story"' not in client.get(survey.path).text
    with survey.database.writing() as session:
        actions.discard_version(session, survey.id, by=BY)
        assert queries.find_draft(session, survey.id) is None
    assert number(survey) == 1


def test_a_version_waits_until_nothing_sealed_waits(
    survey: OpenedSurvey, client: FlaskClient
) -> None:
    send(client, survey.path, ANSWER)
    ask_more(survey)
    schedule(survey, PublishWhen.OPENED)
    survey.work()
    assert number(survey) == 1
    assert survey.count("box") == 1
    for _ in range(4):
        assert send(client, survey.path, ANSWER).status_code == HTTPStatus.SEE_OTHER
    assert survey.work() == 5
    assert number(survey) == 2
    assert 'name="story"' in client.get(survey.path).text
    for _ in range(5):
        send(client, survey.path, {**ANSWER, "story": "Long"})
    assert survey.work() == 5
    versions = [answer["version_id"] for answer in survey.answers()]
    assert sorted(versions.count(each) for each in set(versions)) == [5, 5]


def test_all_boxes_of_a_batch_are_answers_to_one_version_and_alike(
    survey: OpenedSurvey, client: FlaskClient
) -> None:
    for _ in range(2):
        send(client, survey.path, ANSWER)
    (small,) = {len(box) for box in survey.boxes()}
    ask_more(survey)
    schedule(survey, PublishWhen.NOW)
    survey.work()
    assert number(survey) == 2
    survey.work()
    assert survey.count("box") == 0, "two of the old version are no crowd and get no more"
    send(client, survey.path, {**ANSWER, "story": "x" * 3000})
    (large,) = {len(box) for box in survey.boxes()}
    assert large > small
    with survey.database.reading() as session:
        assert large == queries.get_survey(session, survey.slug).box_bytes + SEAL_BYTES


def test_a_full_batch_of_the_old_version_opens(survey: OpenedSurvey, client: FlaskClient) -> None:
    for _ in range(5):
        send(client, survey.path, ANSWER)
    ask_more(survey)
    schedule(survey, PublishWhen.NOW)
    assert survey.work() == 5
    assert number(survey) == 2


def test_a_form_of_the_old_version_is_shown_anew_with_what_was_typed(
    survey: OpenedSurvey, client: FlaskClient
) -> None:
    token = fetch_token(client, survey.path)
    ask_more(survey)
    schedule(survey, PublishWhen.NOW)
    survey.work()
    again = send(client, survey.path, ANSWER, token=token)
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "its questions have changed meanwhile" in again.text
    assert "Quick" in again.text
    assert 'name="story"' in again.text
    assert survey.count("box") == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "csat"}, "another kind"),
        ({"code": "nps_why", "kind": "nps"}, "used by two questions"),
    ],
)
def test_a_code_keeps_its_meaning(survey: OpenedSurvey, change: dict[str, str], says: str) -> None:
    with pytest.raises(UnableToChangeSurvey, match=says):
        edit(survey, lambda document: document["question"][0].update(change))


def test_reports_read_the_survey_over_all_its_versions(survey: OpenedSurvey) -> None:
    def replace(document: dict[str, Any]) -> None:
        document["question"] = [document["question"][0], dict(LONG)]

    edit(survey, replace)
    schedule(survey, PublishWhen.OPENED)
    survey.work()
    with survey.database.reading() as session:
        joined = queries.get_joined_definition(session, survey.id)
        newest = queries.get_definition(session, survey.id)
    assert [each.code for each in newest.questions] == ["nps", "story"]
    assert [each.code for each in joined.questions] == ["nps", "story", "nps_why"]


def test_a_named_survey_has_nothing_to_wait_for(database: Any, settings: Any) -> None:
    survey = open_survey(database, settings, mode=Mode.NAMED)
    edit(survey, lambda document: document["question"].pop())
    schedule(survey, PublishWhen.OPENED)
    assert number(survey) == 2


def test_two_who_edit_at_once_do_not_overwrite_each_other(survey: OpenedSurvey) -> None:
    ask_more(survey)
    with survey.database.reading() as session:
        draft = queries.find_draft(session, survey.id)
    assert draft is not None
    edit(survey, lambda document: document["question"].pop())
    with (
        survey.database.writing() as session,
        pytest.raises(UnableToChangeSurvey, match="Somebody else"),
    ):
        actions.save_draft(session, survey.id, draft.document, revision=draft.revision, by=BY)


def test_what_is_published_is_not_changed(survey: OpenedSurvey) -> None:
    with (
        survey.database.writing() as session,
        pytest.raises(UnableToChangeSurvey, match="never changed"),
    ):
        actions.save_draft(session, survey.id, {}, revision=0, by=BY)
    survey.close()
    with (
        survey.database.writing() as session,
        pytest.raises(UnableToChangeSurvey, match="closed survey"),
    ):
        actions.begin_version(session, survey.id, by=BY)
