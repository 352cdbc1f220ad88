"""Reads of what earlier imports brought in."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.answers.models import ImportedRow


def read_stored_keys(session: Session, survey_id: UUID) -> dict[bytes, Collection[bytes]]:
    """Row key -> content keys of every imported row of a survey."""
    rows = session.execute(
        select(ImportedRow.row_key, ImportedRow.content_key).where(
            ImportedRow.survey_id == survey_id
        )
    )
    keys: dict[bytes, Collection[bytes]] = {}
    for row_key, content_key in rows:
        known = keys.get(row_key)
        if known is None:
            # Nearly always the only one, and a tuple takes a quarter of a set's memory.
            keys[row_key] = (content_key,)
        elif isinstance(known, set):
            known.add(content_key)
        else:
            keys[row_key] = {*known, content_key}
    return keys


def count_stored_rows(session: Session, survey_id: UUID) -> int:
    """How many imported rows a survey has."""
    found = session.scalar(
        select(func.count()).select_from(ImportedRow).where(ImportedRow.survey_id == survey_id)
    )
    return found or 0
