"""A survey inside the company's pages: allowed origins, signed tickets, each good once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from config import Settings
from feedback_app.channels import actions
from feedback_app.channels.rules.embedding import sign_ticket, ticket_key
from feedback_app.surveys import queries as surveys
from tests.factories.respondents import OpenedSurvey, fetch_token, send
from tests.factories.staff import StaffBrowser

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "channels.md"
SHORT = {"reasons": "client.closed"}
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SHOP = "https://shop.example.com"
FRAMED = {"Sec-Fetch-Dest": "iframe"}


@pytest.fixture
def path(survey: OpenedSurvey, settings: Settings) -> str:
    """The address of the survey inside the company's pages."""
    with survey.database.writing() as session:
        row = surveys.get_survey(session, survey.slug)
        actions.allow_embedding(session, row, origins=SHOP, by="test", folder=settings.keys)
    return f"/e/{survey.slug}"


@pytest.fixture
def key(survey: OpenedSurvey, settings: Settings, path: str) -> str:
    """The key that the company signs tickets with."""
    return ticket_key(settings.secret_key, survey.id, 1)


def make_ticket(key: str, slug: str, id_: str = "cancel-000000001", seconds: int = 600) -> str:
    return sign_ticket(key, slug, id_, int(time.time()) + seconds)


def test_answers_say_that_they_came_through_the_companys_site(
    survey: OpenedSurvey, client: FlaskClient, path: str, key: str
) -> None:
    for number in range(3):
        ticket = f"{path}/t/{make_ticket(key, survey.slug, f'cancel-00000000{number}')}"
        assert send(client, ticket, SHORT).location == f"{ticket}/thanks?lang=en"
    for _ in range(2):
        assert send(client, path, SHORT).location == f"{path}/thanks?lang=en"
    assert survey.work() == 5
    assert {row["channel"] for row in survey.answers()} == {"embed"}


def test_a_ticket_is_good_once(
    survey: OpenedSurvey, client: FlaskClient, path: str, key: str
) -> None:
    address = f"{path}/t/{make_ticket(key, survey.slug)}"
    # Two pages of one ticket, as after a reload: one answer.
    first, second = fetch_token(client, address), fetch_token(client, address)
    for token in (first, second, first):
        assert send(client, address, SHORT, token=token).status_code == 303
    assert survey.count("box") == survey.count("spent_form_token") == 1
    again = client.get(address)
    assert again.status_code == 410
    assert "This link has been used" in again.text
    assert client.get(f"{address}/thanks").status_code == 200


@SQLITE
def test_tickets_that_are_refused(
    survey: OpenedSurvey, client: FlaskClient, path: str, key: str, browser: StaffBrowser
) -> None:
    old = f"{path}/t/{make_ticket(key, survey.slug, seconds=-5)}"
    assert client.get(old).status_code == 410
    assert send(client, old, SHORT, token="x").status_code == 410
    for forged in ("nonsense", quote('"><b>', safe=""), make_ticket("another key", survey.slug)):
        assert client.get(f"{path}/t/{forged}").status_code == 404
    good = f"{path}/t/{make_ticket(key, survey.slug)}"
    assert client.get(good).status_code == 200
    browser.send(
        f"/staff/surveys/{survey.slug}/embedding/key",
        seen_at=f"/staff/surveys/{survey.slug}/channels",
    )
    assert client.get(good).status_code == 404
    assert survey.count("box") == 0


@SQLITE
def test_only_allowed_pages_may_show_it(
    survey: OpenedSurvey, client: FlaskClient, path: str, valid_html: Callable[[str], None]
) -> None:
    page = client.get(path, headers={**FRAMED, "Referer": f"{SHOP}/"})
    valid_html(page.text)
    assert f"frame-ancestors {SHOP}" in page.headers["Content-Security-Policy"]
    refused = client.get(path, headers={**FRAMED, "Referer": "https://evil.example/"})
    assert refused.status_code == 403
    assert "frame-ancestors 'none'" in refused.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get(survey.path).headers["Content-Security-Policy"]
    survey.close()
    assert client.get(path).status_code == 410
    assert client.get("/e/nothing-here").status_code == 404


@SQLITE
def test_a_survey_that_was_not_set_up_for_it_is_not_embedded(
    survey: OpenedSurvey, client: FlaskClient
) -> None:
    assert client.get(f"/e/{survey.slug}").status_code == 404
    script = client.get("/e/embed.js")
    assert script.mimetype == "text/javascript"
    assert len(script.data) < 3000


@SQLITE
def test_staff_name_the_sites_and_find_the_snippets(
    survey: OpenedSurvey, browser: StaffBrowser, valid_html: Callable[[str], None]
) -> None:
    channels = f"/staff/surveys/{survey.slug}/channels"
    embedding = f"/staff/surveys/{survey.slug}/embedding"
    faulty = browser.send(embedding, seen_at=channels, origins="shop.example.com")
    assert faulty.status_code == 422
    assert "shop.example.com</textarea>" in faulty.text
    valid_html(faulty.text)
    saved = browser.send(embedding, seen_at=channels, origins=f"{SHOP}\nhttps://*.example.org")
    assert saved.location == f"{channels}#embed"
    page = browser.get(channels).text
    valid_html(page)
    assert f'data-survey="{survey.slug}"' in unescape(page)
    assert re.search(r'<pre id="ticket-secret"[^>]*>[0-9a-f]{64}</pre>', page)


@SQLITE
def test_the_guides_sample_signs_a_good_ticket(
    survey: OpenedSurvey, client: FlaskClient, key: str
) -> None:
    sample = re.search(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert sample is not None
    names: dict[str, object] = {}
    exec(sample[1], names)
    make_address = names["make_address"]
    assert callable(make_address)
    address = make_address("http://127.0.0.1:8000", survey.slug, key)
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
