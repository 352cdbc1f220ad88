"""Canaries of token, address and answer: in no log, database file, key folder or error page."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from feedback_app.customers.models import Customer
from feedback_app.foundation.db import Database
from feedback_app.invitations import jobs
from tests.databases import PostgresServer
from tests.factories.respondents import open_survey, send
from tests.factories.waves import plan_mailing, token_of, unsubscribe_of
from tests.smtp_server import Act, running_smtp

ERRORS = (Act.RECIPIENT_LATER, Act.TEXT_REFUSED, Act.LOSE_REPLY, Act.HANG_UP_BEFORE_TEXT)


def test_no_canary_is_found(
    app: Flask,
    client: FlaskClient,
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("mail.log", "mail.debug"):  # the other side's log: it shows what it gets
        monkeypatch.setattr(logging.getLogger(name), "propagate", False)
    settings = app.config["FEEDBACK_SETTINGS"]
    database: Database = app.extensions["feedback_database"]
    survey = open_survey(database, settings)
    address, answer = f"canary{secrets.token_hex(8)}@example.org", secrets.token_hex(12)
    acts = {f"c{number}@example.com": act for number, act in enumerate(ERRORS)}
    with running_smtp(lambda who, _attempt: acts.get(who, Act.TAKE)) as server:
        mailing = plan_mailing(survey, server, people=6, reminder_after_days=1)
        with database.writing() as session:
            session.execute(
                update(Customer).where(Customer.reference == "c-5").values(email=address)
            )
        mailing.prepare()
        mailing.send()
        mails = {each.recipient: each.content for each in server.received}
        mailing.let_time_pass(1)
        jobs.remind(database, mailing.settings)
        mailing.send()
    token, secret = token_of(mails[address]), unsubscribe_of(mails[address])
    pages = _visit(client, token, secret, answer)
    survey.work()

    stored = _stored(mailing.settings.home, database, request)
    assert address.encode() in stored, "a customer list holds addresses: the search works"
    for name, canary in {"token": token, "unsubscribe": secret, "answer": answer}.items():
        assert canary.encode() not in stored, name
        assert canary not in caplog.text, name
    assert address not in caplog.text
    assert [page for page in pages for each in (address, answer, secret) if each in page] == []


def _visit(client: FlaskClient, token: str, secret: str, answer: str) -> list[str]:
    """Answer, unsubscribe and provoke every page that says no."""
    pages = [
        client.get(f"/i/{token}x").text,
        client.post(f"/i/{token}", data={"token": "forged"}).text,
        client.get(f"/u/{secret}").text,
        client.post(f"/u/{secret}").text,
    ]
    thanks = send(client, f"/i/{token}", {"reasons": "client.closed", "more": answer})
    assert thanks.status_code == HTTPStatus.SEE_OTHER
    used = client.get(f"/i/{token}")
    assert used.status_code == HTTPStatus.GONE
    return [*pages, used.text, client.delete(f"/i/{token}").text]


def _stored(home: Path, database: Database, request: pytest.FixtureRequest) -> bytes:
    """Every byte of the database's files and of the installation's folder, keys left out."""
    files = [each for each in home.rglob("*") if each.is_file() and each.suffix != ".key"]
    found = b"".join(each.read_bytes() for each in files)
    if not database.is_sqlite:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.connect() as connection:
            connection.execute("CHECKPOINT")
        name = database.url.database or ""
        with server.connect() as connection:
            row = connection.execute(
                "SELECT oid FROM pg_database WHERE datname = %s", (name,)
            ).fetchone()
        assert row is not None
        places = [server.data / "base" / str(row[0]), server.data / "pg_wal"]
        files = [each for place in places for each in place.rglob("*") if each.is_file()]
        found += b"".join(each.read_bytes() for each in files) + server.log.read_bytes()
    return found
