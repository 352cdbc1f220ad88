"""The page of a wave's texts: previews as typed, faults, test mails to oneself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from feedback_app.foundation.db import Database
from feedback_app.invitations import queries
from feedback_app.invitations.models import Invitation
from feedback_app.invitations.rules import hash_token
from feedback_app.staff.rules import Role
from tests.factories.respondents import OpenedSurvey
from tests.factories.staff import StaffBrowser, add_staff, browser_of
from tests.factories.wave_pages import draft, only_wave, typed_texts
from tests.factories.waves import html_of, token_of
from tests.smtp_server import Act, SmtpServer, running_smtp

EMAIL = "researcher@example.com"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def browser(app: Flask, database: Database) -> StaffBrowser:
    """A signed-in researcher."""
    add_staff(database, EMAIL, Role.RESEARCHER)
    return browser_of(app, EMAIL)


def test_the_texts_are_previewed_as_typed_and_stored_only_by_their_form(
    browser: StaffBrowser, survey: OpenedSurvey, valid_html: Callable[[str], None]
) -> None:
    base = draft(browser)
    stored = only_wave(survey.database).texts
    letter = browser.get(f"{base}/letters/uk")
    valid_html(letter.text)
    assert "sandbox" in letter.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in letter.headers["Content-Security-Policy"]
    assert "чому ви пішли?" in letter.text
    typed = typed_texts(stored, subject="<b>{survey}</b>", body="Dear {name}\n\n{link}")
    shown = browser.send(f"{base}/letters/en", seen_at=f"{base}/texts", **typed)
    assert "&lt;b&gt;" in shown.text
    assert "<b>" not in shown.text
    assert "Dear Anna Example" in unescape(shown.text)
    assert browser.get(f"{base}/letters/xx").status_code == 404
    assert only_wave(survey.database).texts == stored
    assert "frame-src 'self'" in browser.get(f"{base}/texts").headers["Content-Security-Policy"]


def test_a_faulty_text_says_what_to_mend_and_is_not_stored(
    browser: StaffBrowser, survey: OpenedSurvey, valid_html: Callable[[str], None]
) -> None:
    base = draft(browser)
    stored = only_wave(survey.database).texts
    for change, says in (
        ({"subject": ""}, "Write something here"),
        ({"body": "Hello {nom} {link}"}, "There is no field {nom} here"),
        ({"subject": "{link}"}, "There is no field {link} here"),
        ({"body": "Hello"}, "{link} is missing"),
        ({"reminder_body": "Hello"}, "{link} is missing"),
        ({"subject": "x" * 151}, "At most 150 characters; this has 151"),
    ):
        answer = browser.send(f"{base}/texts", to="rhythm", **typed_texts(stored, **change))
        assert answer.status_code == 422
        assert unescape(answer.text).count(says) == 6  # summary and field of three languages
        preview = browser.send(
            f"{base}/letters/en", seen_at=f"{base}/texts", **typed_texts(stored, **change)
        )
        assert says in unescape(preview.text)
        assert only_wave(survey.database).texts == stored
    valid_html(answer.text)


def test_a_test_mail_goes_to_oneself_and_its_answer_never_counts(
    browser: StaffBrowser, app: Flask, survey: OpenedSurvey
) -> None:
    base = draft(browser)
    folder = survey.settings.home / "mail"
    assert str(folder) in browser.get(f"{base}/texts").text
    typed = typed_texts(only_wave(survey.database).texts, body="Try {link}")
    sent = browser.send(f"{base}/texts", to="test-en", **typed)
    assert sent.location == f"{base}/texts#text-en"
    assert "written to the folder" in browser.get(f"{base}/texts").text
    assert only_wave(survey.database).texts["ru"].body == "Try {link}"
    (mail,) = folder.glob("*.eml")
    content = mail.read_bytes()
    assert f"To: {EMAIL}".encode() in content
    assert "This is a test" in html_of(content)
    with survey.database.reading() as session:
        assert session.scalars(select(Invitation.is_test)).all() == [True]
        found = select(Invitation.token_hash)
        assert session.scalar(found) == hash_token(token_of(content))
        assert queries.get_progress(session, only_wave(survey.database).id).invited == 0
    assert app.test_client().get(f"/i/{token_of(content)}").status_code == 200


def test_a_mail_server_is_heard_and_no_folder_is_spoken_of(
    browser: StaffBrowser, app: Flask, survey: OpenedSurvey
) -> None:
    base = draft(browser)
    with running_smtp() as server:
        use_server(app, server)
        page = browser.get(f"{base}/texts").text
        assert "written to a folder" not in page
        texts = typed_texts(only_wave(survey.database).texts)
        browser.send(f"{base}/texts", to="test-uk", **texts)
        assert f"on its way to {EMAIL}" in browser.get(f"{base}/texts").text
        assert dict(server.counts()) == {EMAIL: 1}
        server.script = lambda _recipient, _attempt: Act.RECIPIENT_REFUSED
        browser.send(f"{base}/texts", to="test-uk", **texts)
        assert "The test mail was not sent" in browser.get(f"{base}/texts").text


def use_server(app: Flask, server: SmtpServer) -> None:
    settings = app.config["FEEDBACK_SETTINGS"]
    mail = replace(
        settings.mail,
        host="127.0.0.1",
        port=server.port,
        security="none",
        sender="feedback@example.com",
    )
    app.config["FEEDBACK_SETTINGS"] = replace(settings, mail=mail)
