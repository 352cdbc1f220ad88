"""Reads of opened answers that are not reports."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from feedback_app.answers.models import Answer, SpentFormToken


def count_answers(session: Session, survey_id: UUID) -> int:
    """How many opened answers a survey has."""
    return session.scalar(select(func.count(Answer.id)).where(Answer.survey_id == survey_id)) or 0


def count_answers_with_cause(session: Session, code: str) -> int:
    """How many opened answers of all surveys carry `code`."""
    held = or_(
        Answer.cause_set == code,
        Answer.cause_set.startswith(f"{code} ", autoescape=True),
        Answer.cause_set.endswith(f" {code}", autoescape=True),
        Answer.cause_set.contains(f" {code} ", autoescape=True),
    )
    return session.scalar(select(func.count(Answer.id)).where(held)) or 0


def is_spent(session: Session, token_hash: bytes) -> bool:
    """True when an answer under this token was stored already."""
    query = select(SpentFormToken.token_hash).where(SpentFormToken.token_hash == token_hash)
    return session.scalar(query) is not None
