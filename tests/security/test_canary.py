"""Unmistakable strings are sent in every place a respondent could give; none may be found.

Everything below the home folder, the whole database server, its log and everything the
processes wrote are searched as bytes, before the batch opens.
"""

from __future__ import annotations

import logging
import secrets
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from feedback_app.invitations import actions as invitations
from tests.browser.live_site import serving
from tests.databases import PostgresServer
from tests.factories.respondents import OpenedSurvey, open_survey, read_token
from tests.security.reading import contents_of

TICKED = {"reasons": "client.relocated", "step": "send"}


def marks(*names: str) -> dict[str, str]:
    """A string of its own for every place."""
    return {name: f"{name}{secrets.token_hex(12)}" for name in names}


TEXTS = ("improve", "more", "reasons.other")
HEADERS = ("User-Agent", "Referer", "X-Forwarded-For", "From", "Cookie", "X-Request-Id")


def filled(told: dict[str, str], token: str) -> dict[str, str]:
    return {**TICKED, **{name: told[name] for name in TEXTS}, "token": token}


def headers(told: dict[str, str]) -> dict[str, str]:
    return {name: told[name] for name in HEADERS}


def where_found(told: dict[str, str], places: list[Path]) -> Iterator[str]:
    """Each place in which one of the strings lies."""
    for path, content in contents_of(places):
        for name, mark in told.items():
            if mark.encode() in content or mark.encode("utf-16-le") in content:
                yield f"{name} in {path}"


def disk(settings: Settings, request: pytest.FixtureRequest) -> list[Path]:
    """What a thief of the whole machine would carry away."""
    if settings.is_embedded:
        return [settings.home]
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.connect() as connection:
        connection.execute("CHECKPOINT")
    return [settings.home, server.data, server.log]


@pytest.fixture
def survey(app: Flask, settings: Settings) -> OpenedSurvey:
    return open_survey(app.extensions["feedback_database"], settings)


@pytest.mark.parametrize("way", ["link", "invitation"])
def test_nothing_a_respondent_gave_is_found_before_opening(
    way: str,
    app: Flask,
    settings: Settings,
    survey: OpenedSurvey,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    told = marks(*TEXTS, *HEADERS)
    path = survey.path
    if way == "invitation":
        with survey.database.writing() as session:
            (token,) = invitations.issue(
                session, survey_id=survey.id, count=1, by="test", folder=settings.keys
            )
        path = f"/i/{token}"
        told["invitation"] = token
    client = app.test_client()
    form_token = read_token(client.get(path, headers=headers(told)).text)
    told["form"] = form_token
    answer = client.post(path, data=filled(told, form_token), headers=headers(told))
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert survey.count("box") == 1
    assert "Set-Cookie" not in answer.headers
    survey.work()
    assert list(where_found(told, disk(settings, request))) == []
    written = caplog.text + "".join(capfd.readouterr())
    assert [name for name, mark in told.items() if mark in written] == []


def test_texts_are_found_once_they_are_opened(
    app: Flask, settings: Settings, survey: OpenedSurvey, request: pytest.FixtureRequest
) -> None:
    """The search does find what is there: a crowd's texts, and never a header."""
    told = marks(*TEXTS, *HEADERS)
    client = app.test_client()
    for _ in range(5):
        token = read_token(client.get(survey.path, headers=headers(told)).text)
        client.post(survey.path, data=filled(told, token), headers=headers(told))
    assert survey.work() == 5
    found = {each.split(" in ")[0] for each in where_found(told, disk(settings, request))}
    assert found == set(TEXTS)


def test_the_real_server_writes_nothing_down(home: Path) -> None:
    """Two page server processes and the worker as they are started, with what they print."""
    told = marks(*TEXTS, *HEADERS)
    with serving(home) as site:
        address = site.command("survey", "create", "--name", "S", "--open").split()[-1]
        path = urllib.parse.urlsplit(address).path

        def ask(form: dict[str, str] | None = None) -> tuple[str, str]:
            data = None if form is None else urllib.parse.urlencode(form).encode()
            wanted = urllib.request.Request(site.url + path, data, headers(told))
            with urllib.request.urlopen(wanted, timeout=20) as answer:
                return answer.url, answer.read().decode()

        token = read_token(ask()[1])
        told["form"] = token
        assert "/thanks" in ask(filled(told, token))[0]
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(
                urllib.request.Request(f"{site.url}/i/{told['improve']}", headers=headers(told)),
                timeout=20,
            )
        assert site.command("worker", "--once", "--no-tagger")
    assert (home / "serve.log").exists()
    assert list(where_found(told, [home])) == []
