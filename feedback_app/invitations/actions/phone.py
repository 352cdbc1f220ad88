"""A wave of telephone calls: customers chosen like those of a mailing, and nothing is mailed."""

from __future__ import annotations

import secrets
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from feedback_app.ballots.rules import OTHER
from feedback_app.customers import actions as customer_actions
from feedback_app.customers import queries as customers
from feedback_app.customers.rules import RecipientFilter
from feedback_app.foundation.rules import N_
from feedback_app.invitations.actions.waves import create_wave
from feedback_app.invitations.models import Invitation, Wave
from feedback_app.invitations.queries import throttled_since
from feedback_app.invitations.rules import (
    USUAL_THROTTLE_DAYS,
    UnableToPlanWave,
    WaveState,
    hash_token,
)
from feedback_app.surveys.queries import SurveyRow, get_survey
from feedback_app.surveys.rules import Channel, State

AT_ONCE = 1000


def plan_phone_wave(
    session: Session,
    *,
    survey_id: UUID,
    name: str,
    wanted: RecipientFilter,
    by: str,
    today: date,
) -> UUID:
    """Invite everybody who can be called; the wave's id. No link leaves, so none is known.

    Raises UnableToPlanWave when the survey is not open or nobody can be called.
    """
    survey = get_survey(session, str(survey_id))
    if survey.state is not State.OPEN:
        raise UnableToPlanWave(N_("The survey is not open: nobody can be asked."))
    wave_id = create_wave(session, survey_id=survey_id, name=name, by=by)
    since = throttled_since(USUAL_THROTTLE_DAYS, today)
    invited, after = 0, None
    while found := customers.list_to_call(
        session, wanted, invited_since=since, after=after, limit=AT_ONCE
    ):
        _invite(session, survey, wave_id, found)
        customer_actions.note_invited(session, found, on=today)
        invited, after = invited + len(found), found[-1]
    if not invited:
        raise UnableToPlanWave(N_("Nobody of them can be called now."))
    session.execute(
        update(Wave)
        .where(Wave.id == wave_id)
        .values(
            channel=Channel.PHONE,
            recipients=wanted.to_json(),
            texts={},
            state=WaveState.FINISHED,
            started_on=today,
            is_prepared=True,
        )
    )
    return wave_id


def _invite(session: Session, survey: SurveyRow, wave_id: UUID, customer_ids: list[UUID]) -> None:
    session.execute(
        insert(Invitation),
        [
            {
                "id": uuid4(),
                "survey_id": survey.id,
                "token_hash": hash_token(secrets.token_urlsafe()),
                "is_used": False,
                "is_test": False,
                "segments": [OTHER] * len(survey.segment_names),
                "wave_id": wave_id,
                "customer_id": each,
            }
            for each in customer_ids
        ],
    )
