"""Reads of one-time links. A token is looked up by its hash; nothing here knows a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.invitations.models import Invitation


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation: of which survey, and whether it can still be used."""

    id: UUID
    survey_id: UUID
    is_used: bool
    is_test: bool
    segments: tuple[str, ...]
    expires_on: date | None


def find_invitation(session: Session, token_hash: bytes) -> InvitationRow | None:
    """The invitation whose token has this hash."""
    row = session.execute(
        select(
            Invitation.id,
            Invitation.survey_id,
            Invitation.is_used,
            Invitation.is_test,
            Invitation.segments,
            Invitation.expires_on,
        ).where(Invitation.token_hash == token_hash)
    ).one_or_none()
    if row is None:
        return None
    return InvitationRow(
        row.id, row.survey_id, row.is_used, row.is_test, tuple(row.segments), row.expires_on
    )


def list_segments(session: Session, survey_id: UUID) -> list[tuple[str, ...]]:
    """The segments of every real invitation of a survey, one per invitation."""
    found = session.scalars(
        select(Invitation.segments).where(
            Invitation.survey_id == survey_id, Invitation.is_test.is_(False)
        )
    )
    return [tuple(each) for each in found]
