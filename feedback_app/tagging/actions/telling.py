"""Confirmed tags enter reports in groups of at least k answers, never one by one.

Else whoever watches a report while somebody confirms would see what a single answer says.
"""

from __future__ import annotations

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from feedback_app.surveys.models import Survey
from feedback_app.tagging.actions.statements import ensure_desk
from feedback_app.tagging.models import Statement, TaggingDesk

#: Cards of live sessions are of no answer: reports never count them.
_CHANGED = and_(
    Statement.answer_id.is_not(None),
    or_(Statement.told != Statement.confirmed, Statement.told_others != Statement.confirmed_others),
)


def tell_confirmed(session: Session) -> int:
    """Let reports count what was confirmed since, where enough answers have changed; how many."""
    answers = func.count(func.distinct(Statement.answer_id))
    rows = session.execute(
        select(Statement.survey_id, answers)
        .join(Survey, Survey.id == Statement.survey_id)
        .where(_CHANGED)
        .group_by(Statement.survey_id, Survey.k)
        .having(answers >= Survey.k)
    ).all()
    for survey_id, _number in rows:
        session.execute(
            update(Statement)
            .where(Statement.survey_id == survey_id, _CHANGED)
            .values(told=Statement.confirmed, told_others=Statement.confirmed_others)
        )
        ensure_desk(session, survey_id)
        session.execute(
            update(TaggingDesk)
            .where(TaggingDesk.survey_id == survey_id)
            .values(told_revision=TaggingDesk.told_revision + 1)
        )
    return sum(number for _survey_id, number in rows)
