"""Contact slips from the thanks page to the staff's list, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient

from feedback_app.ballots.sealing import SEAL_BYTES
from feedback_app.contacts import actions, jobs
from feedback_app.contacts.models import ContactSlip
from feedback_app.contacts.rules import size_of
from feedback_app.invitations import actions as invitations
from feedback_app.surveys.queries import get_survey
from tests.factories.respondents import BY, OpenedSurvey, fetch_token, send
from tests.integration.contacts.conftest import ANNA, REASON, Desk


def copy_in(page: str) -> str:
    found = re.search(r'name="copy" value="([^"]+)"', page)
    assert found is not None, "the page offers no copy"
    return unescape(found[1])


def send_and_call(client: FlaskClient, desk: Desk) -> str:
    answer = send(client, desk.survey.path, REASON, step="send-and-call")
    assert answer.status_code == HTTPStatus.OK
    return str(answer.text)


def test_nobody_is_asked_unless_the_survey_does(survey: OpenedSurvey, client: FlaskClient) -> None:
    assert "contact" not in client.get(f"{survey.path}/thanks").text
    assert client.get(f"{survey.path}/contact").status_code == HTTPStatus.NOT_FOUND
    assert client.post(f"{survey.path}/contact").status_code == HTTPStatus.NOT_FOUND
    preview = send(client, survey.path, REASON, step="preview")
    assert "send-and-call" not in preview.text


def test_a_slip_waits_sealed_until_a_crowd_opens(
    desk: Desk, client: FlaskClient, valid_html: Callable[[str], None]
) -> None:
    desk.answer(client)
    thanks = client.get(f"{desk.survey.path}/thanks")
    assert f"{desk.survey.path}/contact?lang=en" in thanks.text
    valid_html(client.get(f"{desk.survey.path}/contact").text)
    answer = desk.leave(client)
    assert answer.location == f"{desk.survey.path}/contact/left?lang=en"
    valid_html(client.get(answer.location).text)
    with desk.survey.database.reading() as session:
        (sealed,) = session.query(ContactSlip.ciphertext).all()
        size = get_survey(session, str(desk.survey.id)).box_bytes
    assert len(sealed[0]) == size_of(size) + SEAL_BYTES
    assert b"Anna" not in sealed[0]
    desk.answer(client, 3)
    assert desk.work() == 0
    desk.answer(client)
    assert desk.work() == 1
    (contact,) = desk.contacts()
    assert {name: contact[name] for name in ANNA} == ANNA
    assert contact["answer"] is None
    assert (contact["language"], contact["is_called"]) == ("en", False)
    assert desk.survey.count("contact_slip") == 0


def test_a_slip_left_after_an_opening_waits_for_the_next(desk: Desk, client: FlaskClient) -> None:
    desk.answer(client, 5)
    assert desk.work() == 0
    desk.leave(client)
    assert desk.work() == 0
    desk.answer(client, 5)
    assert desk.work() == 1


def test_closing_opens_what_waits(desk: Desk, client: FlaskClient) -> None:
    desk.answer(client)
    desk.leave(client)
    desk.survey.close()
    assert desk.work() == 1
    assert desk.survey.count("answer") == 0
    assert client.get(f"{desk.survey.path}/contact").status_code == HTTPStatus.NOT_FOUND


def test_a_form_counts_once_and_keeps_what_was_typed(desk: Desk, client: FlaskClient) -> None:
    path = f"{desk.survey.path}/contact"
    form = {"token": fetch_token(client, path), **ANNA}
    for _ in range(2):
        assert client.post(path, data=form).status_code == HTTPStatus.SEE_OTHER
    assert desk.survey.count("contact_slip") == 1
    wrong = desk.leave(client, reach="", hours="x" * 201)
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="Anna"' in wrong.text
    assert "Write a telephone number or an e-mail address." in wrong.text
    assert "Shorten this text by 1 character" in wrong.text
    foreign = client.post(path, data={**form, "token": fetch_token(client, desk.survey.path)})
    assert foreign.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert desk.survey.count("contact_slip") == 1


def test_no_field_of_either_travels_with_the_other(desk: Desk, client: FlaskClient) -> None:
    page = client.get(f"{desk.survey.path}/contact").text
    names = set(re.findall(r' name="([^"]+)"', page)) - {"viewport", "color-scheme", "robots"}
    assert names == {"token", "name", "reach", "hours"}
    survey_page = client.get(desk.survey.path).text
    assert 'name="reach"' not in survey_page


def test_a_copy_is_attached_by_its_tick_alone(desk: Desk, client: FlaskClient) -> None:
    path = f"{desk.survey.path}/contact"
    page = send_and_call(client, desk)
    copy = copy_in(page)
    for attach in ({}, {"attach": "yes"}):
        token = fetch_token(client, path)
        client.post(path, data={"token": token, **ANNA, "copy": copy, **attach})
    desk.survey.close()
    assert desk.work() == 2
    attached = [each["answer"] for each in desk.contacts() if each["answer"] is not None]
    (answer,) = attached
    assert answer["answers"]["reasons"]["ticked"] == ["client.closed"]


@pytest.mark.parametrize("place", [0, 20, -5])
def test_a_copy_that_was_changed_is_dropped(place: int, desk: Desk, client: FlaskClient) -> None:
    path = f"{desk.survey.path}/contact"
    letters = list(copy_in(send_and_call(client, desk)))
    letters[place] = "A" if letters[place] != "A" else "B"
    form = {"token": fetch_token(client, path), **ANNA, "attach": "yes", "copy": "".join(letters)}
    assert client.post(path, data=form).status_code == HTTPStatus.SEE_OTHER
    desk.survey.close()
    desk.work()
    assert [each["answer"] for each in desk.contacts()] == [None]


def test_who_may_give_the_answer_away_hides_nobody(desk: Desk, client: FlaskClient) -> None:
    """Four others and one who may be linked are no crowd of five: they open with one more."""
    send_and_call(client, desk)
    desk.answer(client, 4)
    desk.work()
    assert desk.survey.count("answer") == 0
    desk.answer(client)
    desk.work()
    assert desk.survey.count("answer") == 6


def test_closing_counts_the_same_crowd(desk: Desk, client: FlaskClient) -> None:
    send_and_call(client, desk)
    desk.answer(client, 4)
    desk.survey.close()
    desk.work()
    assert desk.survey.count("answer") == desk.survey.count("box") == 0


def test_pressing_the_other_button_later_offers_no_copy(desk: Desk, client: FlaskClient) -> None:
    token = fetch_token(client, desk.survey.path)
    for step, status in (("send", HTTPStatus.SEE_OTHER), ("send-and-call", HTTPStatus.SEE_OTHER)):
        answer = send(client, desk.survey.path, REASON, token=token, step=step)
        assert answer.status_code == status
    assert desk.survey.count("box") == 1


def test_an_invited_one_is_asked_after_answering(desk: Desk, client: FlaskClient) -> None:
    survey = desk.survey
    with survey.database.writing() as session:
        (token,) = invitations.issue(
            session, survey_id=survey.id, count=1, by=BY, folder=survey.settings.keys
        )
    path = f"/i/{token}"
    assert client.get(f"{path}/contact").status_code == HTTPStatus.NOT_FOUND
    answer = send(client, path, REASON)
    assert f"{path}/contact?lang=en" in client.get(answer.location).text
    form = {"token": fetch_token(client, f"{path}/contact"), **ANNA}
    left = client.post(f"{path}/contact", data=form)
    assert client.get(left.location).status_code == HTTPStatus.OK
    assert survey.count("contact_slip") == 1


def test_slips_without_their_key_are_given_up_and_a_new_key_is_made(
    desk: Desk, client: FlaskClient
) -> None:
    desk.leave(client)
    for path in desk.survey.settings.keys.glob("*.key"):
        path.unlink()
    assert jobs.open_slips(desk.survey.database, desk.survey.settings) == 0
    assert desk.survey.count("contact_slip") == 0
    assert desk.leave(client).status_code == HTTPStatus.SEE_OTHER


def test_asking_no_more_leaves_what_waits(desk: Desk, client: FlaskClient) -> None:
    desk.leave(client)
    with desk.survey.database.writing() as session:
        row = get_survey(session, str(desk.survey.id))
        actions.offer(session, row, is_offered=False, by=BY)
    assert client.get(f"{desk.survey.path}/contact").status_code == HTTPStatus.NOT_FOUND
    desk.answer(client, 5)
    assert desk.work() == 1
