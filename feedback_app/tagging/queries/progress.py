"""How far the reading of each survey's statements is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.answers.models import MaskingCount
from feedback_app.surveys.queries import SurveyRow, list_surveys
from feedback_app.tagging.models import Statement


@dataclass(frozen=True, slots=True)
class Progress:
    """A survey's statements: all, read by a person, without a suggestion; and of the audit."""

    survey: SurveyRow
    statements: int
    confirmed: int
    unsuggested: int
    audit: int
    audit_confirmed: int


def list_progress(session: Session) -> list[Progress]:
    """Every survey that has statements, newest first."""
    is_read, is_new = Statement.confirmed != "", Statement.model == ""
    rows = session.execute(
        select(Statement.survey_id, Statement.is_audit, is_read, is_new, func.count()).group_by(
            Statement.survey_id, Statement.is_audit, is_read, is_new
        )
    )
    found: dict[UUID, list[tuple[bool, bool, bool, int]]] = defaultdict(list)
    for survey_id, is_audit, has_tag, has_none, number in rows:
        found[survey_id].append((is_audit, has_tag, has_none, number))
    return [
        Progress(
            survey,
            statements=sum(it[3] for it in cells),
            confirmed=sum(it[3] for it in cells if it[1]),
            unsuggested=sum(it[3] for it in cells if it[2]),
            audit=sum(it[3] for it in cells if it[0]),
            audit_confirmed=sum(it[3] for it in cells if it[0] and it[1]),
        )
        for survey in list_surveys(session)
        if (cells := found.get(survey.id))
    ]


def list_masked(session: Session, survey_id: UUID) -> dict[str, int]:
    """kind -> pieces of personal data that were taken out of a survey's free texts."""
    rows = session.execute(
        select(MaskingCount.kind, MaskingCount.pieces)
        .where(MaskingCount.survey_id == survey_id, MaskingCount.pieces > 0)
        .order_by(MaskingCount.kind)
    )
    return {row.kind: row.pieces for row in rows}
