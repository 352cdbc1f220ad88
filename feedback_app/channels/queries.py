"""Reads of a survey's ways in."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.ballots.queries import list_surveys_without_batch
from feedback_app.channels.models import Slot
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
