"""What machines do with mailed addresses: scanners fetch, forgers name a host, crowds race."""

from __future__ import annotations

import html
import re
import threading
from collections import Counter
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from feedback_app.foundation.db import Database
from feedback_app.invitations import actions
from feedback_app.models import TABLES
from tests.factories.respondents import BY, fetch_token, open_survey, send
from tests.factories.waves import (
    Mailing,
    html_of,
    plan_mailing,
    read_mail,
    text_of,
    token_of,
    unsubscribe_of,
)

SHORT = {"reasons": "client.closed"}
THREADS = 50
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TOKENS = 60
FETCHES = 100


def mailed(app: Flask, people: int = 2) -> tuple[Mailing, list[bytes]]:
    """A wave to a folder of files, sent."""
    settings = app.config["FEEDBACK_SETTINGS"]
    survey = open_survey(app.extensions["feedback_database"], settings)
    mailing = plan_mailing(survey, people=people)
    mailing.prepare()
    mailing.send()
    files = sorted((mailing.settings.home / "mail").glob("*.eml"))
    return mailing, [each.read_bytes() for each in files]


def whole(database: Database) -> dict[str, list[str]]:
    """Every row of every table."""
    with database.reading() as session:
        return {
            each.name: sorted(map(str, session.execute(each.select()).all())) for each in TABLES
        }


def addresses_in(content: bytes, base: str) -> set[str]:
    """Every address of ours in a mail, wherever it stands."""
    everything = text_of(content) + html.unescape(html_of(content))
    everything += str(read_mail(content)["List-Unsubscribe"])
    found = set(re.findall(re.escape(base) + r"(/[^\s\"<>]+)", everything))
    assert len(found) >= 14, "link, typed link, eleven numbers, unsubscribe"
    return found


def test_fetching_every_mailed_address_changes_nothing(app: Flask, client: FlaskClient) -> None:
    mailing, mails = mailed(app, people=1)
    before = whole(mailing.database)
    paths = addresses_in(mails[0], mailing.settings.base_url)
    same_view = [path for path in sorted(paths) if "score=" in path]
    for path in sorted(paths.difference(same_view[1:])):
        for number in range(FETCHES):
            answer = client.open(path, method="HEAD" if number % 4 == 3 else "GET")
            assert answer.status_code == HTTPStatus.OK
            assert "Set-Cookie" not in answer.headers
    assert whole(mailing.database) == before


@SQLITE
def test_a_number_in_the_mail_only_fills_in_the_page(app: Flask, client: FlaskClient) -> None:
    _mailing, mails = mailed(app, people=1)
    token = token_of(mails[0])
    ticked = re.compile(r"<input[^>]* checked")
    page = client.get(f"/i/{token}?lang=en&score=7").text
    (found,) = ticked.findall(page)
    assert 'name="return"' in found
    assert 'value="7"' in found
    for nonsense in ("11", "-1", "x", "7.5", "999999"):
        answer = client.get(f"/i/{token}?lang=en&score={nonsense}")
        assert answer.status_code == HTTPStatus.OK
        assert ticked.findall(answer.text) == []


@SQLITE
def test_a_forged_host_reaches_no_mail(app: Flask, client: FlaskClient) -> None:
    settings = app.config["FEEDBACK_SETTINGS"]
    survey = open_survey(app.extensions["feedback_database"], settings)
    mailing = plan_mailing(survey, people=1)
    forged = {"Host": "evil.example.net", "X-Forwarded-Host": "evil.example.net"}
    for path in ("/", f"/s/{survey.slug}", "/u/x", "/i/x"):
        assert client.get(path, headers=forged).status_code == HTTPStatus.BAD_REQUEST
    with app.test_request_context("/", headers={"X-Forwarded-Host": "evil.example.net"}):
        mailing.prepare()
        mailing.send()
        with mailing.database.writing() as session:
            mail = actions.make_test_mail(
                session,
                mailing.wave_id,
                to="me@example.com",
                language="en",
                settings=mailing.settings,
                by=BY,
            )
    (sent,) = (mailing.settings.home / "mail").glob("*.eml")
    for content in (sent.read_bytes(), mail.content):
        assert b"evil" not in content
        assert mailing.settings.base_url in text_of(content)


def test_unsubscribing_needs_no_cookie_and_no_form_token(app: Flask, client: FlaskClient) -> None:
    mailing, mails = mailed(app, people=2)
    secret = unsubscribe_of(mails[0])
    for body in ({"List-Unsubscribe": "One-Click"}, {}):  # a mail program's, then a person's
        answer = client.post(f"/u/{secret}", data=body)
        assert answer.status_code == HTTPStatus.OK
        assert "Set-Cookie" not in answer.headers
    assert mailing.progress().unsubscribed == 1
    with mailing.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM suppression")) == 1
    assert client.post("/u/guess").status_code == HTTPStatus.NOT_FOUND
    assert client.get(f"/u/{token_of(mails[0])}").status_code == HTTPStatus.NOT_FOUND
    assert client.get(f"/i/{secret}").status_code == HTTPStatus.NOT_FOUND
    # The link in hand still works, and the unsubscribed is in no later wave.
    send(client, f"/i/{token_of(mails[0])}", SHORT)
    assert mailing.survey.count("box") == 1


@SQLITE
def test_the_unsubscribe_page_is_sound(app: Flask, client: FlaskClient, valid_html: Any) -> None:
    _mailing, mails = mailed(app, people=1)
    secret = unsubscribe_of(mails[0])
    for language in ("en", "ru", "uk"):
        page = client.get(f"/u/{secret}?lang={language}")
        assert f'lang="{language}"' in page.text
        assert secret not in page.text
        valid_html(page.text)
        valid_html(client.post(f"/u/{secret}?lang={language}").text)


def test_one_answer_for_each_invitation_under_fifty_threads(app: Flask) -> None:
    settings = app.config["FEEDBACK_SETTINGS"]
    survey = open_survey(app.extensions["feedback_database"], settings, k=TOKENS + 1 - TOKENS % 2)
    with survey.database.writing() as session:
        tokens = actions.issue(
            session, survey_id=survey.id, count=TOKENS, by=BY, folder=settings.keys
        )
    # Four threads press the button of each invitation at once, fifty at a time in all.
    form_tokens = _forms(app, tokens)
    jobs = [token for token in tokens for _ in range(4)]
    lock, statuses = threading.Lock(), Counter[int]()

    def press() -> None:
        client = FlaskClient(app, app.response_class)  # others hold connections meanwhile
        while True:
            with lock:
                if not jobs:
                    return
                token = jobs.pop()
            answer = send(client, f"/i/{token}", SHORT, token=form_tokens[token])
            with lock:
                statuses[answer.status_code] += 1

    threads = [threading.Thread(target=press) for _ in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
    assert statuses == {HTTPStatus.SEE_OTHER: TOKENS * 4}, "everybody is thanked"
    assert survey.count("invitation WHERE is_used") == TOKENS
    assert survey.count("box") == TOKENS


def _forms(app: Flask, tokens: list[str]) -> dict[str, str]:
    client = app.test_client()
    return {token: fetch_token(client, f"/i/{token}") for token in tokens}


@SQLITE
def test_a_typed_link_is_the_same_link(app: Flask, client: FlaskClient) -> None:
    _mailing, mails = mailed(app, people=1)
    found = re.search(r"/i/((?:[0-9a-z]{4}-){12}[0-9a-z]{4})", text_of(mails[0]))
    assert found is not None
    for typed in (found[1], found[1].upper(), found[1].replace("-", "")):
        page = client.get(f"/i/{typed}")
        assert page.status_code == HTTPStatus.OK
        assert f"/i/{token_of(mails[0])}" in page.text
