"""A kiosk on both databases: unlocked by PIN, each answer stored once, however often it is sent."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from html import unescape
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from config import Settings
from feedback_app.answers.models import NamedRespondent
from feedback_app.foundation.db import Database
from feedback_app.surveys import actions as surveys
from feedback_app.surveys.rules import Mode, PublishWhen
from tests.factories.kiosks import PIN, make_parcel, set_up_kiosk
from tests.factories.respondents import OpenedSurvey, open_survey, send
from tests.factories.staff import StaffBrowser

SHORT = {"reasons": "client.closed"}
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def path(survey: OpenedSurvey, settings: Settings) -> str:
    """The address of a kiosk of the survey."""
    return set_up_kiosk(survey.database, settings, survey.slug)


@pytest.fixture
def device(client: FlaskClient, path: str) -> FlaskClient:
    """The browser of an unlocked kiosk."""
    answer = client.post(f"{path}/unlock", data={"pin": PIN})
    assert answer.location == path
    return client


def given(page: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def deliver(device: FlaskClient, path: str, parcel: object) -> int:
    return device.post(f"{path}/answers", json=parcel).status_code


def test_answers_are_stored_once_and_open_together(
    device: FlaskClient, path: str, survey: OpenedSurvey
) -> None:
    page = device.get(path).text
    key, version = given(page, "key"), given(page, "version")
    parcels = [make_parcel(key, version, {**SHORT, "more": f"№ {n}"}) for n in range(5)]
    for parcel in [*parcels, *parcels]:
        assert deliver(device, path, parcel) == 204
    assert survey.count("box") == survey.count("spent_form_token") == 5
    assert survey.work() == 5
    rows = survey.answers()
    assert {row["channel"] for row in rows} == {"kiosk"}
    assert {row["document"]["more"] for row in rows} == {f"№ {n}" for n in range(5)}


def test_it_works_as_a_plain_form_too(device: FlaskClient, path: str, survey: OpenedSurvey) -> None:
    answer = send(device, path, SHORT)
    assert answer.location == f"{path}/thanks?lang=en"
    thanks = device.get(answer.location)
    assert thanks.headers["Refresh"] == f"8; url={path}"
    assert survey.count("box") == 1


@SQLITE
def test_a_locked_device_shows_and_takes_nothing(
    client: FlaskClient, path: str, survey: OpenedSurvey, valid_html: Callable[[str], None]
) -> None:
    page = client.get(path)
    valid_html(page.text)
    assert "This kiosk is locked" in page.text
    assert "X-Kiosk-Open" not in page.headers
    assert deliver(client, path, {"id": str(uuid4()), "sealed": ""}) == 403
    assert "locked" in client.post(path, data=SHORT).text
    assert client.get(f"{path}/worker.js").status_code == 404
    assert survey.count("box") == 0
    for wrong in range(6):
        answer = client.post(f"{path}/unlock", data={"pin": f"00000{wrong}"})
        assert answer.status_code == 422
        assert "Set-Cookie" not in answer.headers
    valid_html(answer.text)
    assert "Too many wrong PINs" in client.post(f"{path}/unlock", data={"pin": PIN}).text
    assert client.get("/kiosk/nowhere").status_code == 404


@SQLITE
def test_the_page_of_an_unlocked_device(
    device: FlaskClient, path: str, valid_html: Callable[[str], None]
) -> None:
    for language in ("en", "ru", "uk"):
        page = device.get(f"{path}?lang={language}")
        valid_html(page.text)
        assert page.headers["X-Kiosk-Open"] == "yes"
    policy = page.headers["Content-Security-Policy"]
    assert "connect-src 'self'" in policy
    assert "Set-Cookie" not in page.headers
    worker = device.get(f"{path}/worker.js")
    assert f'"{path}?lang=uk"' in worker.text
    assert worker.headers["Service-Worker-Allowed"] == path
    assert "Refused" not in device.get(f"{path}/what-we-store").text
    valid_html(device.get(f"{path}/staff").text)
    assert device.post(f"{path}/lock", data={"pin": "000000"}).status_code == 422
    assert device.post(f"{path}/lock", data={"pin": PIN}).location == path
    assert "This kiosk is locked" in device.get(path).text


@SQLITE
def test_what_can_not_be_read_is_told_apart_from_what_must_wait(
    device: FlaskClient, path: str, survey: OpenedSurvey
) -> None:
    page = device.get(path).text
    key, version = given(page, "key"), given(page, "version")
    strange = make_parcel(key, uuid4().hex, SHORT)
    nonsense: tuple[object, ...] = ({}, [], {"id": "x", "sealed": "y"}, strange)
    for each in (*nonsense, {**strange, "sealed": "AAAA"}):
        assert deliver(device, path, each) == 422
    with survey.database.writing() as session:
        from sqlalchemy import text

        session.execute(text("UPDATE batch SET state = 'stopped' WHERE channel = 'kiosk'"))
    parcel = make_parcel(key, version, SHORT)
    assert deliver(device, path, parcel) == 503
    survey.close()
    assert deliver(device, path, parcel) == 410
    assert "has ended" in device.get(path).text
    assert survey.count("box") == survey.count("spent_form_token") == 0


@SQLITE
def test_a_named_survey_keeps_who_answered(
    database: Database, settings: Settings, client: FlaskClient
) -> None:
    survey = open_survey(database, settings, mode=Mode.NAMED)
    path = set_up_kiosk(database, settings, survey.slug)
    client.post(f"{path}/unlock", data={"pin": PIN})
    page = client.get(path).text
    key, version = given(page, "key"), given(page, "version")
    assert "not anonymous" in page
    assert deliver(client, path, make_parcel(key, version, {**SHORT, "respondent": "K-7"})) == 204
    assert deliver(client, path, make_parcel(key, version, SHORT)) == 422
    with database.reading() as session:
        assert session.query(NamedRespondent.reference).all() == [("K-7",)]


def test_answers_kept_over_the_end_of_a_version_stay_with_it(
    device: FlaskClient, path: str, survey: OpenedSurvey
) -> None:
    page = device.get(path).text
    key, ended = given(page, "key"), given(page, "version")
    for number in range(2):
        with survey.database.writing() as session:
            draft = surveys.begin_version(session, survey.id, by="test")
            document = copy.deepcopy(dict(draft.document))
            document["question"] = [
                {**each, "max": 100 + number} if each["code"] == "more" else each
                for each in document["question"]
            ]
            surveys.save_draft(session, survey.id, document, revision=draft.revision, by="test")
            surveys.schedule_version(session, survey.id, when=PublishWhen.OPENED, by="test")
        survey.work()
        said = {**SHORT, "more": "late"}
        for _ in range(2):
            assert deliver(device, path, make_parcel(key, ended, said)) == 204
    present = given(device.get(path).text, "version")
    assert present != ended
    for _ in range(4):
        assert deliver(device, path, make_parcel(key, present, SHORT)) == 204
    # Four to each of two versions are no crowd, and they do not become one together.
    assert survey.work() == 0
    assert survey.count("box") == 8
    assert deliver(device, path, make_parcel(key, ended, said)) == 204
    assert survey.work() == 5
    rows = survey.answers()
    assert {UUID(str(row["version_id"])) for row in rows} == {UUID(ended)}
    assert {row["document"]["more"] for row in rows} == {"late"}
    assert survey.count("box") == 4


@SQLITE
def test_staff_set_kiosks_up_change_their_pin_and_retire_them(
    browser: StaffBrowser,
    client: FlaskClient,
    survey: OpenedSurvey,
    valid_html: Callable[[str], None],
) -> None:
    channels = f"/staff/surveys/{survey.slug}/channels"
    faulty = browser.send(
        f"/staff/surveys/{survey.slug}/kiosks", seen_at=channels, name="Till 3", pin="123456"
    )
    assert faulty.status_code == 422
    assert 'value="Till 3"' in faulty.text
    assert "the first one everybody tries" in faulty.text
    valid_html(faulty.text)
    made = browser.send(
        f"/staff/surveys/{survey.slug}/kiosks", seen_at=channels, name="Till 3", pin="202122"
    )
    assert made.location == f"{channels}#kiosk"
    page = browser.get(channels).text
    valid_html(page)
    found = re.search(r"/kiosk/([0-9a-f]+)", page)
    assert found is not None
    path, staff_path = f"/kiosk/{found[1]}", f"/staff/surveys/{survey.slug}/kiosks/{found[1]}"
    client.post(f"{path}/unlock", data={"pin": "202122"})
    assert client.get(path).headers["X-Kiosk-Open"] == "yes"
    valid_html(browser.get(f"{staff_path}/pin").text)
    assert browser.send(f"{staff_path}/pin", pin="1").status_code == 422
    assert browser.send(f"{staff_path}/pin", pin="302122").status_code == 302
    assert "X-Kiosk-Open" not in client.get(path).headers
    browser.send(f"{staff_path}/retire", seen_at=channels)
    assert client.get(path).status_code == 404
    assert browser.get(f"{staff_path}/pin").status_code == 404
