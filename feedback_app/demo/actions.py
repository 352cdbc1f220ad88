"""Fill the demo, or take it away again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback_app.answers import actions as answers
from feedback_app.answers.models import Answer
from feedback_app.answers.rules import Envelope
from feedback_app.ballots.models import Batch, Box
from feedback_app.contacts import actions as contacts
from feedback_app.demo.rules import ANSWERS_A_MONTH, COMPETITORS, MONTHS, WAITING, make_answers
from feedback_app.foundation.db import utc_today
from feedback_app.foundation.rules import Unable
from feedback_app.staff import actions as staff
from feedback_app.staff import audit
from feedback_app.staff.models.accounts import StaffUser
from feedback_app.staff.rules import Role
from feedback_app.surveys import actions as survey_actions
from feedback_app.surveys import queries as surveys
from feedback_app.surveys.models import Competitor, Survey, SurveyVersion
from feedback_app.surveys.queries import OpenSurvey
from feedback_app.surveys.rules import Channel
from feedback_app.tagging.rules import chosen_tags

NAME = "Demo: why customers left"
EMAIL = "demo-manager@example.com"
BY = "demo"


class UnableToFillDemo(Unable):
    """The demo is there already."""


@dataclass(frozen=True, slots=True)
class FilledDemo:
    """The demo's survey and the account that reads its reports."""

    slug: str
    email: str
    password: str
    answers: int


def fill(session: Session, *, folder: Path) -> FilledDemo:
    """Make the demo survey, its answers over the last months, and a manager's account.

    Answers take the product's own way: tagged by the same rules, stored in crowds, the
    last few sealed and still waiting. Raises UnableToFillDemo when it is there already.
    """
    if surveys.find_survey(session, NAME) is not None:
        raise UnableToFillDemo(
            "The demo is filled already; `feedback demo --remove` takes it away."
        )
    survey = survey_actions.create(
        session, by=BY, template="departed", name=NAME, language="en", is_demo=True
    )
    survey = answers.open_survey(session, survey.id, by=BY, folder=folder)
    for name in COMPETITORS:
        survey_actions.add_competitor(session, name, by=BY)
    opened = surveys.find_for_respondent(session, survey_id=survey.id)
    if opened is None:
        raise LookupError("the demo survey was just opened")
    _store_months(session, opened)
    _leave_some_sealed(session, opened)
    password = secrets.token_urlsafe(9)
    staff.add(
        session,
        email=EMAIL,
        password=password,
        roles=[Role.MANAGER, Role.RESEARCHER],
        by=BY,
        is_demo=True,
    )
    return FilledDemo(survey.slug, EMAIL, password, MONTHS * ANSWERS_A_MONTH)


def remove(session: Session) -> int:
    """Take the demo away: survey, answers, sealed boxes, account; how many answers went.

    The audit log stays, as always. The key of its batch is a stray from now on, which the
    worker destroys.
    """
    demo = select(Survey.id).where(Survey.is_demo)
    batches = select(Batch.id).where(Batch.survey_id.in_(demo))
    session.execute(delete(Box).where(Box.batch_id.in_(batches)))
    contacts.forget_demo(session, list(session.scalars(demo)))
    gone = session.scalars(select(Answer.id).where(Answer.survey_id.in_(demo))).all()
    session.execute(delete(Answer).where(Answer.survey_id.in_(demo)))
    session.execute(delete(Batch).where(Batch.survey_id.in_(demo)))
    session.execute(delete(SurveyVersion).where(SurveyVersion.survey_id.in_(demo)))
    session.execute(delete(Survey).where(Survey.is_demo))
    session.execute(delete(Competitor).where(Competitor.name.in_(COMPETITORS)))
    for user in session.scalars(select(StaffUser).where(StaffUser.is_demo)):
        session.delete(user)
    audit.record(session, by=BY, act="demo.remove", subject=NAME)
    return len(gone)


def _store_months(session: Session, opened: OpenSurvey) -> None:
    today = utc_today()
    for month in range(MONTHS):
        envelopes = [
            Envelope(opened.version_id, each.language, each.values)
            for each in make_answers(month, ANSWERS_A_MONTH)
        ]
        answers.store(
            session,
            opened.survey,
            envelopes,
            channel=Channel.LINK,
            segments=(),
            tagger=chosen_tags,
            on=_months_ago(today, MONTHS - 1 - month),
        )


def _leave_some_sealed(session: Session, opened: OpenSurvey) -> None:
    for each in make_answers(MONTHS, WAITING):
        envelope = Envelope(opened.version_id, each.language, each.values)
        answers.take_sealed(session, opened.survey, envelope, channel=Channel.LINK, token=None)


def _months_ago(today: date, months: int) -> date:
    """About the middle of the month that lies `months` before this one, never in the future."""
    first = today.replace(day=1)
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return min(today, first + timedelta(days=14))
