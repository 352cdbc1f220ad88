"""Fill the demo, or take it away again."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback_app.answers import actions as answers
from feedback_app.answers.models import Answer
from feedback_app.answers.rules import Envelope
from feedback_app.ballots.models import Batch, Box
from feedback_app.contacts import actions as contacts
from feedback_app.demo import mailing, readings, sessions
from feedback_app.demo.rules import (
    ANSWERS_A_MONTH,
    COMPETITORS,
    MONTHS,
    WAITING,
    DemoAnswer,
    make_answers,
)
from feedback_app.demo.rules.current import SEGMENT_NAMES, SEGMENTS, make_current_answers
from feedback_app.demo.rules.staff import make_staff_answers
from feedback_app.demo.rules.written import make_written_answers
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
CURRENT_NAME = "Demo: how customers are doing"
STAFF_NAME = "Demo: what staff believe"
EMAIL = "demo-manager@example.com"
COLLEAGUE = "demo-colleague@example.com"
BY = "demo"


class UnableToFillDemo(Unable):
    """The demo is there already."""


@dataclass(frozen=True, slots=True)
class FilledDemo:
    """The survey of those who left, a wave that asks, the account that reads, all answers made."""

    slug: str
    wave_id: UUID
    email: str
    password: str
    answers: int


def fill(session: Session, *, folder: Path) -> FilledDemo:
    """Make the demo's surveys, their answers over the last months, a wave, a manager's account.

    Answers take the product's own way: tagged by the same rules, stored in crowds, the
    last few sealed and still waiting. Raises UnableToFillDemo when it is there already.
    """
    if surveys.find_survey(session, NAME) is not None:
        raise UnableToFillDemo(
            "The demo is filled already; `feedback demo --remove` takes it away."
        )
    for name in COMPETITORS:
        survey_actions.add_competitor(session, name, by=BY)
    # The survey of those who left is made last: lists show the newest first.
    stored = _fill_staff_poll(session, folder) + _fill_current(session, folder)
    opened = _open(session, "departed", NAME, folder)
    stored += _store_months(session, opened, range(MONTHS - 1))
    readings.fill(session, opened.survey.id, readers=(EMAIL, COLLEAGUE))
    stored += _store_months(session, opened, range(MONTHS - 1, MONTHS))
    _leave_some_sealed(session, opened)
    wave_id = mailing.fill(session, opened, by=BY)
    sessions.fill(session, opened.survey, by=BY, folder=folder)
    password = secrets.token_urlsafe(9)
    staff.add(
        session,
        email=EMAIL,
        password=password,
        roles=[Role.MANAGER, Role.RESEARCHER, Role.FACILITATOR],
        by=BY,
        is_demo=True,
    )
    return FilledDemo(opened.survey.slug, wave_id, EMAIL, password, stored)


def remove(session: Session) -> int:
    """Take the demo away: survey, answers, boxes, wave, customers, account; how many answers.

    The audit log stays, as always. The key of its batch is a stray from now on, which the
    worker destroys.
    """
    mailing.remove(session)
    sessions.remove(session)
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


def _open(
    session: Session, template: str, name: str, folder: Path, segments: tuple[str, ...] = ()
) -> OpenSurvey:
    """A new demo survey, open for answers."""
    survey = survey_actions.create(
        session, by=BY, template=template, name=name, language="en", is_demo=True
    )
    if segments:
        survey_actions.name_segments(session, survey.id, segments)
    survey = answers.open_survey(session, survey.id, by=BY, folder=folder)
    opened = surveys.find_for_respondent(session, survey_id=survey.id)
    if opened is None:
        raise LookupError("the demo survey was just opened")
    return opened


def _store(
    session: Session,
    opened: OpenSurvey,
    made: Iterable[DemoAnswer],
    *,
    month: int,
    segments: tuple[str, ...] = (),
) -> int:
    """Store a crowd of one month (0 = the oldest); how many answers it had."""
    envelopes = [Envelope(opened.version_id, each.language, each.values) for each in made]
    answers.store(
        session,
        opened.survey,
        envelopes,
        channel=Channel.INVITATION if segments else Channel.LINK,
        segments=segments,
        tagger=chosen_tags,
        on=_months_ago(utc_today(), MONTHS - 1 - month),
    )
    return len(envelopes)


def _store_months(session: Session, opened: OpenSurvey, months: Iterable[int]) -> int:
    return sum(
        _store(
            session,
            opened,
            (*make_answers(month, ANSWERS_A_MONTH), *make_written_answers(month)),
            month=month,
        )
        for month in months
    )


def _fill_current(session: Session, folder: Path) -> int:
    opened = _open(session, "current", CURRENT_NAME, folder, SEGMENT_NAMES)
    return sum(
        _store(
            session,
            opened,
            make_current_answers(month, *segments, count),
            month=month,
            segments=segments,
        )
        for month in range(MONTHS)
        for segments, count in SEGMENTS.items()
    )


def _fill_staff_poll(session: Session, folder: Path) -> int:
    opened = _open(session, "staff", STAFF_NAME, folder)
    return _store(session, opened, make_staff_answers(), month=MONTHS - 1)


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
