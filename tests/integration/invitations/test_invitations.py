"""One-time links: issuing, answering once, refusing kindly, batches per crowd."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from feedback_app.ballots.models import Batch
from feedback_app.cli import feedback
from feedback_app.foundation.db import utc_today
from feedback_app.invitations import actions
from feedback_app.invitations.models import Invitation
from feedback_app.invitations.rules import UnableToInvite, hash_token
from feedback_app.surveys import actions as surveys
from feedback_app.surveys.rules import Mode
from tests.factories.respondents import BY, OpenedSurvey, fetch_token, send

SHORT = {"reasons": "client.closed", "more": "only once"}
#: What the database does here is the same on both, and asked on both elsewhere.
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def invite(survey: OpenedSurvey, count: int = 1, **wishes: Any) -> list[str]:
    """Addresses of fresh invitations."""
    with survey.database.writing() as session:
        tokens = actions.issue(
            session,
            survey_id=survey.id,
            count=count,
            by=BY,
            folder=survey.settings.keys,
            **wishes,
        )
    return [f"/i/{token}" for token in tokens]


@SQLITE
def test_only_the_hash_is_stored(survey: OpenedSurvey) -> None:
    (path,) = invite(survey)
    token = path.removeprefix("/i/")
    assert len(token) == 43  # 256 bits, six to a letter
    with survey.database.reading() as session:
        assert list(session.scalars(select(Invitation.token_hash))) == [hash_token(token)]
        dump = str(session.execute(text("SELECT * FROM invitation")).all())
        dump += str(session.execute(text("SELECT * FROM audit_entry")).all())
    assert token not in dump


def test_an_invited_answer_uses_the_link_and_is_sealed(
    survey: OpenedSurvey, client: FlaskClient, valid_html: Callable[[str], None]
) -> None:
    paths = invite(survey, 5)
    for path in paths:
        page = client.get(path)
        valid_html(page.text)
        assert f'action="{path}?lang=en"' in page.text
        answer = send(client, path, SHORT)
        assert answer.location == f"{path}/thanks?lang=en"
        thanks = client.get(answer.location)
        valid_html(thanks.text)
        assert "Your link works once." in thanks.text
    assert survey.count("invitation WHERE is_used") == survey.count("box") == 5
    # The invitation is the guard; no second row stands beside the answer.
    assert survey.count("spent_form_token") == 0
    assert survey.work() == 5
    assert {row["channel"] for row in survey.answers()} == {"invitation"}


def test_a_used_link_says_so_kindly(
    survey: OpenedSurvey, client: FlaskClient, valid_html: Callable[[str], None]
) -> None:
    (path,) = invite(survey)
    token = fetch_token(client, path)
    for _ in range(2):
        assert send(client, path, SHORT, token=token).location == f"{path}/thanks?lang=en"
    page = client.get(path)
    assert page.status_code == HTTPStatus.GONE
    assert "This link has been used" in page.text
    valid_html(page.text)
    assert survey.count("box") == 1


def test_fifty_at_once_use_a_link_once(survey: OpenedSurvey, app: Flask) -> None:
    (path,) = invite(survey)
    token = fetch_token(app.test_client(), path)
    statuses: list[int] = []

    def press() -> None:
        client = FlaskClient(app, app.response_class)
        statuses.append(client.post(path, data={"token": token, **SHORT}).status_code)

    threads = [threading.Thread(target=press) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [HTTPStatus.SEE_OTHER] * 50
    assert survey.count("box") == 1


@SQLITE
def test_an_expired_link_takes_nothing(survey: OpenedSurvey, client: FlaskClient) -> None:
    (path,) = invite(survey, expires_on=utc_today())
    (lasting,) = invite(survey, expires_on=utc_today() + timedelta(days=1))
    token = fetch_token(client, lasting)
    for answer in (client.get(path), send(client, path, SHORT, token=token)):
        assert answer.status_code == HTTPStatus.GONE
        assert "This link is out of date" in answer.text
    assert client.get(lasting).status_code == HTTPStatus.OK
    assert survey.count("invitation WHERE is_used") == survey.count("box") == 0


@SQLITE
def test_a_form_token_is_asked_for(survey: OpenedSurvey, client: FlaskClient) -> None:
    one, other = invite(survey, 2)
    for token in ("", fetch_token(client, other)):
        refused = send(client, one, SHORT, token=token)
        assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "only once" in refused.text
    assert survey.count("invitation WHERE is_used") == survey.count("box") == 0


@SQLITE
def test_a_refused_answer_leaves_the_link_usable(
    make_survey: Callable[..., OpenedSurvey], client: FlaskClient
) -> None:
    survey = make_survey(box_bytes=256)
    (path,) = invite(survey)
    letters = "".join(chr(0x4E00 + (number * number * 7919) % 20000) for number in range(200))
    refused = send(client, path, {**SHORT, "more": letters})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert survey.count("invitation WHERE is_used") == 0
    assert send(client, path, SHORT).status_code == HTTPStatus.SEE_OTHER


@SQLITE
def test_a_test_link_stores_nothing(survey: OpenedSurvey, client: FlaskClient) -> None:
    (path,) = invite(survey, is_test=True)
    assert "Answers sent from here are stored nowhere." in client.get(path).text
    for _ in range(2):
        answer = send(client, path, SHORT)
        assert "stored nowhere" in client.get(answer.location).text
    assert survey.count("box") == survey.count("invitation WHERE is_used") == 0


@SQLITE
def test_thanks_wait_for_an_answer(survey: OpenedSurvey, client: FlaskClient) -> None:
    (path,) = invite(survey)
    early = client.get(f"{path}/thanks")
    assert (early.status_code, early.location) == (HTTPStatus.FOUND, f"{path}?lang=en")
    assert client.get(f"{path}/what-we-store").status_code == HTTPStatus.OK


@SQLITE
def test_a_named_survey_keeps_who_was_invited(
    make_survey: Callable[..., OpenedSurvey], client: FlaskClient
) -> None:
    survey = make_survey(mode=Mode.NAMED)
    (path,) = invite(survey)
    send(client, path, {**SHORT, "respondent": "K-7"})
    (row,) = survey.answers()
    assert row["channel"] == "invitation"
    assert survey.count("named_respondent WHERE reference = 'K-7'") == 1
    assert client.get(path).status_code == HTTPStatus.GONE


def test_few_statements(survey: OpenedSurvey, app: Flask, client: FlaskClient) -> None:
    (path,) = invite(survey)
    token = fetch_token(client, path)
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    database = app.extensions["feedback_database"]
    for engine in (database.reader, database.writer):
        event.listen(engine, "before_cursor_execute", note)
    client.get(path)
    assert len(seen) <= 3, seen
    seen.clear()
    assert send(client, path, SHORT, token=token).status_code == HTTPStatus.SEE_OTHER
    assert len(seen) <= 5, seen


def test_segments_are_made_coarse_and_travel(survey: OpenedSurvey, client: FlaskClient) -> None:
    with survey.database.writing() as session:
        surveys.name_segments(session, survey.id, ("plan", "region"))
    wanted = [("pro", "north")] * 5 + [("free", "north")] * 3 + [("free", "south")] * 3
    paths = invite(survey, len(wanted), segments_list=wanted)
    with survey.database.reading() as session:
        crowds = session.scalars(select(Batch.segments).where(Batch.channel == "invitation"))
        assert sorted(crowds) == [["other", "other"], ["pro", "north"]]
    for path in paths[:5] + paths[8:]:
        send(client, path, SHORT)
    assert survey.work() == 5
    assert {(row["segment_1"], row["segment_2"]) for row in survey.answers()} == {("pro", "north")}
    assert survey.count("box") == 3


@SQLITE
@pytest.mark.parametrize("wishes", [{"segments_list": [("pro",)]}, {"segments_list": []}])
def test_segments_that_do_not_fit_are_refused(survey: OpenedSurvey, wishes: Any) -> None:
    with pytest.raises(UnableToInvite):
        invite(survey, **wishes)
    assert survey.count("invitation") == 0


@SQLITE
def test_a_closed_survey_invites_nobody(survey: OpenedSurvey, client: FlaskClient) -> None:
    (path,) = invite(survey)
    survey.close()
    assert client.get(path).status_code == HTTPStatus.GONE
    with pytest.raises(UnableToInvite, match="is closed"):
        invite(survey)


@SQLITE
def test_the_command_prints_links(
    survey: OpenedSurvey, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("FEEDBACK_HOME", str(home))
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", survey.settings.database_url)
    asked = ["survey", "invite", survey.slug, "--count", "3", "--expires", "2999-01-31"]
    answer = CliRunner().invoke(feedback, asked)
    assert answer.exit_code == 0, answer.output
    links = answer.output.split()
    assert len(set(links)) == 3
    for link in links:
        assert link.startswith(f"{survey.settings.base_url}/i/")
        assert client.get(link).status_code == HTTPStatus.OK
