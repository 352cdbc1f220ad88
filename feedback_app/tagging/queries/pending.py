"""What is left to do for the worker."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from feedback_app.surveys.models import Survey
from feedback_app.tagging.models import Statement, TaggingDesk
from feedback_app.tagging.rules.sources import CARD, session_of
from feedback_app.tagging.rules.tags import UNSURE

#: A suggestion less sure than this covers nothing yet.
LEAST_COVERING = 0.35
MOST_UNCOVERED = 4000


@dataclass(frozen=True, slots=True)
class DueSurvey:
    """A survey with answers that have no statements yet; `is_first`: none was looked at."""

    survey_id: UUID
    revision: int
    is_first: bool


@dataclass(frozen=True, slots=True)
class ThemeSurvey:
    """A survey whose uncovered statements were not grouped with the model in use."""

    survey_id: UUID
    k: int


def list_surveys_due(session: Session) -> list[DueSurvey]:
    """Surveys whose answers have changed since their statements were made."""
    seen = func.coalesce(TaggingDesk.answers_revision, -1)
    rows = session.execute(
        select(Survey.id, Survey.answers_revision, seen)
        .outerjoin(TaggingDesk, TaggingDesk.survey_id == Survey.id)
        .where(Survey.answers_revision > 0, seen != Survey.answers_revision)
    )
    return [DueSurvey(survey_id, revision, past < 0) for survey_id, revision, past in rows]


def list_unsuggested(session: Session, version: str, *, most: int) -> list[tuple[UUID, str]]:
    """Statements (id, text) without a suggestion of the model `version`, new ones first.

    Confirmed ones too: the audit tells how good the model in use is, not a former one.
    """
    found: list[tuple[UUID, str]] = []
    # Three ranges of the index on the model: what is up to date is never looked at.
    for condition in (
        Statement.model == "",
        (Statement.model > "") & (Statement.model < version),
        Statement.model > version if version else Statement.model < "",
    ):
        left = most - len(found)
        if left:
            rows = session.execute(
                select(Statement.id, Statement.text).where(condition).limit(left)
            )
            found += [(row.id, row.text) for row in rows]
    return found


def read_shares(session: Session) -> dict[str, float]:
    """code -> its share of all suggestions."""
    rows = session.execute(
        select(Statement.suggested, func.count())
        .where(Statement.model != "")
        .group_by(Statement.suggested)
    ).all()
    total = sum(number for _code, number in rows) or 1
    return {code: number / total for code, number in rows}


def is_something_to_tell(session: Session) -> bool:
    """Whether anything was confirmed that reports do not count yet."""
    changed = or_(
        Statement.told != Statement.confirmed, Statement.told_others != Statement.confirmed_others
    )
    query = select(Statement.id).where(Statement.answer_id.is_not(None), changed)
    return session.scalar(query.limit(1)) is not None


def list_sessions_made(session: Session) -> set[str]:
    """The codes of live sessions whose cards are statements."""
    found = session.scalars(
        select(Statement.question)
        .where(Statement.answer_id.is_(None), Statement.question.startswith(CARD))
        .distinct()
    )
    return {session_of(question) for question in found}


def list_surveys_without_themes(session: Session, version: str) -> list[ThemeSurvey]:
    """Surveys all of whose suggestions are the model's and whose themes are not."""
    behind = select(Statement.survey_id).where(Statement.model != version)
    rows = session.execute(
        select(Survey.id, Survey.k)
        .join(TaggingDesk, TaggingDesk.survey_id == Survey.id)
        .where(
            TaggingDesk.themes_model != version,
            TaggingDesk.answers_revision >= 0,
            Survey.id.not_in(behind),
        )
    )
    return [ThemeSurvey(survey_id, k) for survey_id, k in rows]


def list_uncovered(session: Session, survey_id: UUID) -> list[tuple[UUID, str]]:
    """Unread statements (id, text) of which the tagger does not know what they are about."""
    unknown = or_(Statement.suggested == UNSURE, Statement.confidence < LEAST_COVERING)
    return _list_texts(session, survey_id, Statement.confirmed == "", unknown)


def list_covered(session: Session, survey_id: UUID) -> list[tuple[UUID, str]]:
    """Statements (id, text) of which it is known, to put the unknown ones beside."""
    return _list_texts(session, survey_id, Statement.confidence >= LEAST_COVERING)


def _list_texts(
    session: Session, survey_id: UUID, *conditions: ColumnElement[bool]
) -> list[tuple[UUID, str]]:
    rows = session.execute(
        select(Statement.id, Statement.text)
        .where(
            Statement.survey_id == survey_id,
            Statement.answer_id.is_not(None),
            *conditions,
        )
        .order_by(Statement.id)
        .limit(MOST_UNCOVERED)
    )
    return [(row.id, row.text) for row in rows]
