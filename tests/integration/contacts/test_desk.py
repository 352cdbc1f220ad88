"""The staff's page of contacts: who sees it, what it shows, what it does."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from feedback_app.staff.models import AuditEntry
from feedback_app.staff.rules import Role
from tests.factories.respondents import OpenedSurvey, send
from tests.factories.staff import StaffBrowser, add_staff, browser_of
from tests.integration.contacts.conftest import ANNA, REASON, Desk
from tests.integration.contacts.test_slips import copy_in, send_and_call

PAGE, OFFER = "/contacts/", "/contacts/offer"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def manager(app: Flask, survey: OpenedSurvey) -> StaffBrowser:
    add_staff(survey.database, "manager@example.com", Role.MANAGER)
    return browser_of(app, "manager@example.com")


def test_asking_is_switched_on_and_off(
    survey: OpenedSurvey, manager: StaffBrowser, client: FlaskClient
) -> None:
    address = f"{survey.path}/contact"
    for offer, status in (("yes", HTTPStatus.OK), ("no", HTTPStatus.NOT_FOUND)):
        manager.send(OFFER, seen_at=PAGE, survey=survey.slug, offer=offer)
        assert client.get(address).status_code == status
    unknown = manager.send(OFFER, seen_at=PAGE, survey="nothing", offer="yes")
    assert unknown.status_code == HTTPStatus.NOT_FOUND


def test_contacts_are_listed_called_and_deleted(
    desk: Desk, manager: StaffBrowser, client: FlaskClient, valid_html: Callable[[str], None]
) -> None:
    copy = copy_in(send_and_call(client, desk))
    desk.leave(client, copy=copy, attach="yes")
    desk.leave(client, name="<b>Bob</b>", reach="bob@example.com")
    desk.survey.close()
    assert desk.work() == 2
    page = manager.get(PAGE).text
    valid_html(page)
    assert "2 people want to be called" in manager.get("/").text
    assert 'href="tel:+380440000000"' in page
    assert 'href="mailto:bob@example.com"' in page
    assert "&lt;b&gt;Bob" in page
    assert page.count("The answer they attached") == 1
    anna = next(each for each in desk.contacts() if each["name"] == ANNA["name"])
    address = f"/contacts/{anna['id']}"
    manager.send(f"{address}/called", seen_at=PAGE)
    assert ANNA["reach"] not in manager.get(PAGE).text
    assert ANNA["reach"] in manager.get("/contacts/?show=called").text
    manager.send(f"{address}/not-called", seen_at=PAGE)
    assert ANNA["reach"] in manager.get(PAGE).text
    for _ in range(2):
        manager.send(f"{address}/delete", seen_at=PAGE)
    assert "This contact is not there any more." in manager.get(PAGE).text
    assert desk.survey.count("contact") == 1
    with desk.survey.database.reading() as session:
        rows = session.execute(select(AuditEntry.act, AuditEntry.subject, AuditEntry.detail)).all()
    acts = {row.act for row in rows}
    assert {"contact.offer", "contact.called", "contact.not-called", "contact.delete"} <= acts
    assert not any("Anna" in str(row) or "bob" in str(row) for row in rows)


def test_a_facilitator_sees_no_contacts(app: Flask, survey: OpenedSurvey) -> None:
    add_staff(survey.database, "facilitator@example.com", Role.FACILITATOR)
    browser = browser_of(app, "facilitator@example.com")
    assert browser.get("/contacts/").status_code == HTTPStatus.FORBIDDEN


def test_a_preview_shows_the_way_to_be_called(desk: Desk, client: FlaskClient) -> None:
    preview = send(client, desk.survey.path, REASON, step="preview")
    assert 'value="send-and-call"' in preview.text
