"""The demo: filled once, marked, ready to read, and gone without a trace when taken away."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from feedback_app.answers.jobs import open_batches_job
from feedback_app.answers.queries import count_answers
from feedback_app.ballots.queries import count_waiting
from feedback_app.customers.models import Customer
from feedback_app.demo import actions, mailing
from feedback_app.demo.rules import ANSWERS_A_MONTH, MONTHS, WAITING, make_answers
from feedback_app.demo.rules.written import WRITTEN_A_MONTH, make_written_answers
from feedback_app.foundation.db import Database
from feedback_app.foundation.jobs import run_once
from feedback_app.invitations import actions as invitations
from feedback_app.invitations.models import Invitation, Outbox, Wave
from feedback_app.surveys import queries
from feedback_app.tagging import queries as tagging
from feedback_app.tagging.models import (
    DoubleSample,
    DoubleStatement,
    Reading,
    Statement,
    TaggingDesk,
)
from feedback_app.tagging.rules import chosen_tags
from feedback_app.worker import make_jobs
from tests.factories.respondents import send
from tests.factories.waves import read_mail, token_of

#: Fewer texts of the audit give no corrected shares.
FEWEST_OF_AUDIT = 30
A_MONTH = ANSWERS_A_MONTH + WRITTEN_A_MONTH


def test_the_story_is_the_same_every_time() -> None:
    assert list(make_answers(3, 20)) == list(make_answers(3, 20))
    assert list(make_answers(3, 20)) != list(make_answers(2, 20))
    assert list(make_written_answers(3)) == list(make_written_answers(3))
    assert list(make_written_answers(3)) != list(make_written_answers(2))


def test_the_demo_is_filled_once_and_marked(prepared: Database, settings: Settings) -> None:
    with prepared.writing() as session:
        demo = actions.fill(session, folder=settings.keys)
    with prepared.reading() as session:
        survey = queries.get_survey(session, demo.slug)
        assert survey.is_demo
        assert count_answers(session, survey.id) == MONTHS * A_MONTH
        by_survey = {
            each.name: count_answers(session, each.id) for each in queries.list_surveys(session)
        }
        assert all(each.is_demo for each in queries.list_surveys(session))
        assert count_waiting(session, survey.id) == WAITING < survey.k
    assert sum(by_survey.values()) == demo.answers
    assert by_survey[actions.CURRENT_NAME] > 400
    assert by_survey[actions.STAFF_NAME] > 40
    with prepared.writing() as session, pytest.raises(actions.UnableToFillDemo):
        actions.fill(session, folder=settings.keys)
    open_batches_job(chosen_tags)(prepared, settings)
    with prepared.reading() as session:
        assert count_waiting(session, survey.id) == WAITING


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_its_people_have_read_what_was_written(prepared: Database, settings: Settings) -> None:
    with prepared.writing() as session:
        demo = actions.fill(session, folder=settings.keys)
    with prepared.reading() as session:
        survey = queries.get_survey(session, demo.slug)
        (progress,) = tagging.list_progress(session)
        assert progress.audit_confirmed == progress.audit >= FEWEST_OF_AUDIT
        told = select(func.count()).where(Statement.told != "", ~Statement.is_ticked)
        assert (session.scalar(told) or 0) > 3 * survey.k
        (sample,) = tagging.list_samples(session, survey.id)
        assert sample.is_complete
        unsettled = tagging.list_disagreements(session, sample)
        assert 2 <= len(unsettled) <= 8
        assert tagging.count_learnt(session) == 0
    with prepared.writing() as session:
        actions.remove(session)
    with prepared.reading() as session:
        for table in (Statement, Reading, DoubleSample, DoubleStatement, TaggingDesk):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_the_demos_wave_is_sent_to_files_and_answered_by_a_link_in_one(
    prepared: Database, settings: Settings, app: Flask
) -> None:
    with prepared.writing() as session:
        demo = actions.fill(session, folder=settings.keys)
        invitations.schedule(session, demo.wave_id, by="somebody")
    run_once(make_jobs(has_tagger=False), prepared, settings)
    files = sorted((settings.home / "mail").glob("*.eml"))
    assert len(files) == mailing.PEOPLE
    mails = [each.read_bytes() for each in files]
    assert {read_mail(each)["Content-Language"] for each in mails} == {"en", "ru", "uk"}
    assert all(read_mail(each)["To"].endswith("@demo.invalid>") for each in mails)
    client = app.test_client()
    answered = send(client, f"/i/{token_of(mails[0])}", {"reasons": "client.closed"})
    assert answered.status_code == HTTPStatus.SEE_OTHER
    with prepared.reading() as session:
        assert session.scalar(select(func.count()).where(Invitation.is_used)) == 1
    with prepared.writing() as session:
        actions.remove(session)
    with prepared.reading() as session:
        for table in (Customer, Wave, Outbox, Invitation):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_the_demo_can_be_taken_away_and_filled_again(
    prepared: Database, settings: Settings
) -> None:
    with prepared.writing() as session:
        demo = actions.fill(session, folder=settings.keys)
    with prepared.writing() as session:
        assert actions.remove(session) == demo.answers
    with prepared.reading() as session:
        assert queries.list_surveys(session) == []
        assert queries.list_competitors(session, with_retired=True) == []
    with prepared.writing() as session:
        assert actions.fill(session, folder=settings.keys).answers == demo.answers
