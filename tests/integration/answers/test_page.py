"""The page itself: headers, size, languages, statements, what comes back after an error."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import urlencode

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from feedback_app.causes import actions as causes
from feedback_app.surveys import actions as surveys
from feedback_app.surveys.rules import Mode
from tests.factories.respondents import BY, OpenedSurvey, fetch_token, send

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SMALLEST_PACKET_TRAIN = 14 * 1024
GZIP = {"Accept-Encoding": "gzip"}
SHORT = {"reasons": "client.closed"}


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    """Every statement but the beginning of a transaction."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    database = app.extensions["feedback_database"]
    engines = (database.reader, database.writer)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def test_few_statements(survey: OpenedSurvey, app: Flask, client: FlaskClient) -> None:
    token = fetch_token(client, survey.path)
    with counted_statements(app) as seen:
        client.get(survey.path)
    assert len(seen) <= 2, seen
    assert all(each.startswith("SELECT") for each in seen)
    with counted_statements(app) as seen:
        assert send(client, survey.path, SHORT, token=token).status_code == HTTPStatus.SEE_OTHER
    assert len(seen) <= 4, seen
    with counted_statements(app) as seen:
        client.get(f"{survey.path}/thanks")
    # The survey, how many wait, and whether a call is offered.
    assert len(seen) <= 3, seen


@ONE_DATABASE
@pytest.mark.parametrize("language", ["en", "ru", "uk"])
def test_one_small_request(survey: OpenedSurvey, client: FlaskClient, language: str) -> None:
    answer = client.get(f"{survey.path}?lang={language}", headers=GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) <= SMALLEST_PACKET_TRAIN
    page = gzip.decompress(answer.data).decode()
    # Nothing a browser would fetch: no address but the page's own ones and data.
    fetched = re.findall(r'(?:src|srcset|url\(|<link[^>]*href)[="(]+([^")]+)', page)
    assert fetched
    assert all(each.startswith("data:") for each in fetched)
    assert "<script" not in page
    assert f'<html lang="{language}">' in page
    plain = client.get(f"{survey.path}?lang={language}")
    assert "Content-Encoding" not in plain.headers
    assert blank(plain.text) == blank(page)


def blank(page: str) -> str:
    return re.sub(r'nonce="[^"]+"|name="token" value="[^"]+"', "", page)


def test_headers(survey: OpenedSurvey, client: FlaskClient) -> None:
    token = fetch_token(client, survey.path)
    answers = [
        client.get(survey.path),
        client.get(survey.path, headers=GZIP),
        client.get(f"{survey.path}/thanks"),
        client.get(f"{survey.path}/what-we-store"),
        client.get("/s/nothing-here"),
        send(client, survey.path, {}, token=token),
        send(client, survey.path, SHORT, token=token),
    ]
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src" not in policy
    nonces = {each.headers["Content-Security-Policy"] for each in answers}
    assert len(nonces) == len(answers)
    first = answers[0]
    nonce = re.search(r"'nonce-([^']+)'", first.headers["Content-Security-Policy"])
    assert nonce is not None
    assert f'<style nonce="{nonce[1]}">' in first.text


def test_reading_changes_nothing(survey: OpenedSurvey, client: FlaskClient) -> None:
    for method in (client.get, client.head):
        for path in ("", "/thanks", "/what-we-store"):
            assert method(survey.path + path).status_code == HTTPStatus.OK
    tables = ("box", "spent_form_token", "answer", "audit_entry")
    assert [survey.count(table) for table in tables[:3]] == [0, 0, 0]


@ONE_DATABASE
def test_every_page_is_valid(
    make_survey: Callable[..., OpenedSurvey],
    client: FlaskClient,
    valid_html: Callable[[str], None],
) -> None:
    for mode in (Mode.ANONYMOUS, Mode.NAMED):
        survey = make_survey(name=mode.value, mode=mode, is_demo=True)
        for path in ("", "/thanks", "/what-we-store"):
            page = client.get(survey.path + path).text
            valid_html(page)
            assert "Demonstration." in page
        valid_html(send(client, survey.path, {}).text)
    valid_html(client.get("/s/nothing-here").text)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("accepted", "asked", "spoken"),
    [
        ("uk,ru;q=0.8", "", "uk"),
        ("de,ru;q=0.5", "", "ru"),
        ("de", "", "en"),
        ("", "", "en"),
        ("uk", "?lang=ru", "ru"),
        ("uk", "?lang=xx", "uk"),
    ],
)
def test_language(
    survey: OpenedSurvey, client: FlaskClient, accepted: str, asked: str, spoken: str
) -> None:
    page = client.get(survey.path + asked, headers={"Accept-Language": accepted}).text
    assert f'<html lang="{spoken}">' in page
    for code in ("en", "ru", "uk"):
        assert f'<a href="?lang={code}" lang="{code}" hreflang="{code}"' in page
    assert f'action="{survey.path}?lang={spoken}"' in page


@ONE_DATABASE
def test_another_language_keeps_what_was_typed(survey: OpenedSurvey, client: FlaskClient) -> None:
    fields = {"reasons": "client.closed", "more": "Слова & <слова>"}
    shown = send(client, survey.path, fields, step="language", language="uk")
    assert shown.status_code == HTTPStatus.OK
    assert '<html lang="uk">' in shown.text
    assert "Слова &amp; &lt;слова&gt;" in shown.text
    assert 'value="client.closed" class="q1-c" checked' in shown.text
    assert survey.count("box") == 0


@ONE_DATABASE
def test_nothing_typed_is_lost(survey: OpenedSurvey, client: FlaskClient) -> None:
    fields = {
        "reasons": ["competitor.offer", "company.price"],
        "reasons.decided": "client.budget",
        "reasons.other": " own words ",
        "price_compared": "other",
        "price_compared.text": "a friend's",
        "competitor": "<Northwind>",
        "competitor.rather_not": "1",
        "attraction": ["price", "other"],
        "attraction.text": "the shop",
        "quality.product": "4",
        "quality.service": "na",
        "improve": "\nfirst line empty",
        "return": "10",
        "return_change": "x" * 1003,
        "more": "more",
    }
    page = send(client, survey.path, fields)
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    sent = read_form(page.text)
    assert sent == {
        name: [each] if isinstance(each, str) else each for name, each in fields.items()
    }
    assert "<title>Error: What led you to leave?" in page.text
    assert "Shorten this text by 3 characters: there is room for 1000." in page.text
    # The decisive reason is not ticked any more: asked about rather than guessed.
    assert "This reason is not ticked above." in page.text
    for target in re.findall(r'<li><a href="#([^"]+)">', page.text):
        assert f'id="{target}"' in page.text


def read_form(page: str) -> dict[str, list[str]]:
    """What the form of a page would send, as a browser reads it."""
    document = html5lib.parse(page, namespaceHTMLElements=False)
    found: dict[str, list[str]] = {}
    for field in document.iter():
        if field.tag not in ("input", "textarea"):
            continue
        name, kind = field.get("name"), field.get("type")
        value = field.text or "" if field.tag == "textarea" else field.get("value", "")
        is_sent = kind not in ("checkbox", "radio") or "checked" in field.attrib
        if name not in (None, "token", "step") and is_sent and value:
            found.setdefault(str(name), []).append(value)
    return found


@ONE_DATABASE
def test_a_reason_retired_meanwhile_stays_ticked(survey: OpenedSurvey, client: FlaskClient) -> None:
    token = fetch_token(client, survey.path)
    with survey.database.writing() as session:
        causes.retire(session, "client.closed", by=BY)
    assert "client.closed" not in client.get(survey.path).text
    shown = send(client, survey.path, SHORT, token=token, step="preview")
    assert 'value="client.closed" class="q1-c" checked' in shown.text
    assert send(client, survey.path, SHORT, token=token).status_code == HTTPStatus.SEE_OTHER


@ONE_DATABASE
def test_suggestions_come_from_the_staff_kept_list(
    survey: OpenedSurvey, client: FlaskClient
) -> None:
    assert "<datalist" not in client.get(survey.path).text
    with survey.database.writing() as session:
        surveys.add_competitor(session, "Northwind", by=BY)
        surveys.add_competitor(session, "Gone & Sons", by=BY)
        surveys.retire_competitor(session, "Gone & Sons", by=BY)
    page = client.get(survey.path).text
    assert '<datalist id="names"><option value="Northwind"></datalist>' in page
    # What respondents wrote is never suggested to others.
    for _ in range(5):
        send(client, survey.path, {"reasons": "competitor.price", "competitor": "Typed by me"})
    survey.work()
    assert "Typed by me" not in client.get(survey.path).text


def test_drafts_and_strangers_are_not_found(survey: OpenedSurvey, client: FlaskClient) -> None:
    with survey.database.writing() as session:
        draft = surveys.create(session, by=BY, template="departed", name="A draft", language="en")
    for path in (f"/s/{draft.slug}", "/s/nothing-here", "/i/nothing-here"):
        for answer in (
            client.get(path),
            client.post(path, data=SHORT),
            client.get(f"{path}/thanks"),
            client.get(f"{path}/what-we-store"),
        ):
            assert answer.status_code == HTTPStatus.NOT_FOUND
            assert "There is no survey at this address" in answer.text


@ONE_DATABASE
@pytest.mark.parametrize("size", [600_000, 2_200_000])
def test_too_much_is_refused_kindly(survey: OpenedSurvey, client: FlaskClient, size: int) -> None:
    answer = send(client, survey.path, {**SHORT, "more": "x" * size})
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "That is too long to send" in answer.text
    assert survey.count("box") == 0


@ONE_DATABASE
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_too_many_parts_are_refused_kindly(
    survey: OpenedSurvey, client: FlaskClient, kind: str
) -> None:
    parts = {"token": "x", "reasons": ["client.closed"] * 1500}
    answer = client.post(survey.path, data=parts, content_type=kind)
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "That is too long to send" in answer.text


@ONE_DATABASE
def test_any_bytes_are_answered(survey: OpenedSurvey, client: FlaskClient) -> None:
    token = fetch_token(client, survey.path)
    odd = (
        urlencode({"token": token, "reasons": "client.closed"}).encode() + b"&more=%ff%00%ed%a0%80"
    )
    answer = client.post(
        survey.path, data=odd, content_type="application/x-www-form-urlencoded; charset=koi8-r"
    )
    assert answer.status_code == HTTPStatus.SEE_OTHER
    for body in (b"{}", b"\x00" * 100, b"more=\xff"):
        answer = client.post(survey.path, data=body, content_type="application/json")
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@ONE_DATABASE
def test_what_we_store_names_every_field(survey: OpenedSurvey, client: FlaskClient) -> None:
    page = client.get(f"{survey.path}/what-we-store").text
    for code in ("version", "language", "reasons", "price_compared", "quality", "more"):
        assert f"<code>{code}</code>" in page
    assert "What we can not promise" in page
    assert "at least 5 answers" in page
