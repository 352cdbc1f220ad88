"""Storing what the tagger suggests, and the themes that no cause covers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.orm import Session

from feedback_app.foundation.db import utc_today
from feedback_app.tagging.actions.statements import ensure_desk
from feedback_app.tagging.models import Statement, TaggingDesk, Theme
from feedback_app.tagging.rules.tags import Suggested


@dataclass(frozen=True, slots=True)
class NewSuggestion:
    """What a model says of one statement, and how long the statement can wait to be read."""

    statement_id: UUID
    said: Suggested
    urgency: float


@dataclass(frozen=True, slots=True)
class NewTheme:
    """Statements alike that no cause covers."""

    words: tuple[str, ...]
    statements: int
    quotes: tuple[UUID, ...]


_STORE = (
    update(Statement.__table__)  # type: ignore[arg-type]
    .where(Statement.__table__.c.id == bindparam("statement_id"))
    .values(
        model=bindparam("by_model"),
        suggested=bindparam("primary"),
        suggested_others=bindparam("others"),
        confidence=bindparam("sure"),
        evidence=bindparam("places"),
        urgency=bindparam("waits"),
    )
)


def store_suggestions(session: Session, model: str, found: Sequence[NewSuggestion]) -> int:
    """Put suggestions in the place of older ones; how many."""
    if found:
        session.connection().execute(
            _STORE,
            [
                {
                    "statement_id": each.statement_id,
                    "by_model": model,
                    "primary": each.said.primary,
                    "others": " ".join(each.said.others),
                    "sure": each.said.confidence,
                    "places": [list(place) for place in each.said.evidence],
                    "waits": each.urgency,
                }
                for each in found
            ],
        )
    return len(found)


def store_themes(session: Session, survey_id: UUID, model: str, themes: Iterable[NewTheme]) -> int:
    """Put the survey's themes in the place of older ones; how many."""
    ensure_desk(session, survey_id)
    session.execute(delete(Theme).where(Theme.survey_id == survey_id))
    rows = [
        {
            "survey_id": survey_id,
            "words": list(theme.words),
            "statements": theme.statements,
            "quotes": [str(each) for each in theme.quotes],
            "found_on": utc_today(),
        }
        for theme in themes
    ]
    if rows:
        session.execute(insert(Theme), rows)
    session.execute(
        update(TaggingDesk).where(TaggingDesk.survey_id == survey_id).values(themes_model=model)
    )
    return len(rows)
