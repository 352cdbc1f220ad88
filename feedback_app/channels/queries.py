"""Reads of a survey's ways in."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.ballots.queries import list_surveys_without_batch
from feedback_app.channels.models import Embed, Kiosk, Slot
from feedback_app.channels.rules import make_short_code, read_short_code
from feedback_app.surveys.queries import SurveyRow, list_surveys


def find_by_short_code(session: Session, typed: str) -> SurveyRow | None:
    """The survey whose short code was typed."""
    code = read_short_code(typed)
    return next((it for it in list_surveys(session) if make_short_code(it.id) == code), None)


def list_missing_batches(session: Session) -> list[tuple[UUID, str]]:
    """Pairs (survey, channel) of open anonymous surveys whose slot no batch stands behind."""
    wanted: dict[str, list[UUID]] = {}
    for survey_id, channel in session.execute(
        select(Slot.survey_id, Slot.channel).order_by(Slot.survey_id, Slot.channel)
    ):
        wanted.setdefault(channel, []).append(survey_id)
    return [
        (survey_id, channel)
        for channel, surveys in wanted.items()
        for survey_id in sorted({*surveys} & {*list_surveys_without_batch(session, channel)})
    ]


@dataclass(frozen=True, slots=True)
class KioskRow:
    """One kiosk of a survey."""

    id: UUID
    survey_id: UUID
    code: str
    name: str
    pin_hash: str = field(repr=False)
    generation: int


_KIOSKS = select(
    Kiosk.id, Kiosk.survey_id, Kiosk.code, Kiosk.name, Kiosk.pin_hash, Kiosk.generation
).where(Kiosk.is_retired.is_(False))


def find_kiosk(session: Session, code: str) -> KioskRow | None:
    """The kiosk at this address, None when there is none (any more)."""
    row = session.execute(_KIOSKS.where(Kiosk.code == code)).one_or_none()
    return None if row is None else KioskRow(*row)


def list_kiosks(session: Session, survey_id: UUID) -> list[KioskRow]:
    """The kiosks of a survey by name."""
    rows = session.execute(
        _KIOSKS.where(Kiosk.survey_id == survey_id).order_by(Kiosk.name, Kiosk.code)
    )
    return [KioskRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class EmbedRow:
    """How a survey may be embedded. `key_number` says which ticket key is good."""

    survey_id: UUID
    origins: tuple[str, ...]
    key_number: int


def find_embed(session: Session, survey_id: UUID) -> EmbedRow | None:
    """How this survey may be embedded, None when it may not."""
    row = session.execute(
        select(Embed.survey_id, Embed.origins, Embed.key_number).where(Embed.survey_id == survey_id)
    ).one_or_none()
    return None if row is None else EmbedRow(row.survey_id, tuple(row.origins), row.key_number)
