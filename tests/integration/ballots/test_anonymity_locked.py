"""Anonymity is chosen once: the database itself refuses to change it, on both kinds."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from config import Settings
from feedback_app.answers import actions as answers
from feedback_app.answers.models import Answer, NamedRespondent
from feedback_app.answers.rules import Envelope
from feedback_app.ballots.models import Batch
from feedback_app.foundation.db import Database, utc_today
from feedback_app.invitations.models import Invitation
from feedback_app.surveys import actions
from feedback_app.surveys.models import Survey, SurveyVersion
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Mode, UnableToChangeSurvey
from feedback_app.tagging.rules import chosen_tags


def draft(database: Database, mode: Mode = Mode.ANONYMOUS) -> SurveyRow:
    with database.writing() as session:
        return actions.create(
            session, by="test", template="departed", name="S", language="en", mode=mode
        )


def invite(database: Database, survey: SurveyRow) -> None:
    with database.writing() as session:
        session.execute(
            insert(Invitation).values(
                id=uuid4(), survey_id=survey.id, token_hash=bytes(32), segments=[]
            )
        )


def change(database: Database, survey: SurveyRow, **values: object) -> None:
    with database.writing() as session:
        session.execute(update(Survey).where(Survey.id == survey.id).values(**values))


def test_a_draft_that_nobody_saw_may_still_change(prepared: Database) -> None:
    survey = draft(prepared)
    change(prepared, survey, k=5)
    change(prepared, survey, mode="named")
    change(prepared, survey, mode="anonymous", k=7)


@pytest.mark.parametrize("values", [{"mode": "named"}, {"mode": "import"}, {"k": 9}])
def test_after_the_first_batch_neither_mode_nor_a_smaller_k(
    values: dict[str, object], prepared: Database, settings: Settings
) -> None:
    survey = draft(prepared)
    with prepared.writing() as session:
        answers.open_survey(session, survey.id, by="test", folder=settings.keys)
    with pytest.raises(IntegrityError, match="anonymity of a survey is fixed"):
        change(prepared, survey, **values)
    change(prepared, survey, k=12, mode="anonymous", name="Another name")


def test_after_the_first_invitation_a_draft_does_not_become_an_import(prepared: Database) -> None:
    survey = draft(prepared)
    invite(prepared, survey)
    with prepared.writing() as session, pytest.raises(UnableToChangeSurvey, match="invited"):
        actions.become_import(session, survey.id, by="test")


def test_after_the_first_answer_a_named_survey_is_not_called_anonymous(
    prepared: Database,
) -> None:
    survey = draft(prepared, Mode.NAMED)
    store(prepared, survey)
    with pytest.raises(IntegrityError, match="anonymity of a survey is fixed"):
        change(prepared, survey, mode="anonymous")
    change(prepared, survey, k=5)


def test_even_a_batch_that_is_over_keeps_the_lock(prepared: Database, settings: Settings) -> None:
    survey = draft(prepared)
    with prepared.writing() as session:
        answers.open_survey(session, survey.id, by="test", folder=settings.keys)
        session.execute(update(Batch).values(state="discarded"))
    with pytest.raises(IntegrityError):
        change(prepared, survey, mode="named")
    with prepared.writing() as session:
        session.execute(delete(Batch))
    change(prepared, survey, mode="named")


def test_an_anonymous_answer_gets_no_name(prepared: Database) -> None:
    survey = draft(prepared)
    answer = store(prepared, survey)
    with (
        pytest.raises(IntegrityError, match="has no name"),
        prepared.writing() as session,
    ):
        session.execute(insert(NamedRespondent).values(answer_id=answer, reference="customer 7"))


def test_a_named_answer_has_its_name(prepared: Database) -> None:
    answer = store(prepared, draft(prepared, Mode.NAMED))
    with prepared.writing() as session:
        session.execute(insert(NamedRespondent).values(answer_id=answer, reference="customer 7"))


def store(database: Database, survey: SurveyRow) -> object:
    with database.writing() as session:
        version = session.scalars(select(SurveyVersion.id)).one()
        (answer_id,) = answers.store(
            session,
            survey,
            [Envelope(version, "en", {})],
            channel="link",
            segments=(),
            tagger=chosen_tags,
            on=utc_today(),
        )
        assert session.get(Answer, answer_id) is not None
        return answer_id
