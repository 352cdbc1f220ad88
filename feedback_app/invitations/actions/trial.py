"""A test mail to oneself: it looks like the real one, and its answer is stored nowhere."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from config import Settings
from feedback_app.customers.rules import find_address_fault, normalise_address
from feedback_app.foundation.mail import Mail
from feedback_app.foundation.rules import N_
from feedback_app.invitations import letters, queries
from feedback_app.invitations.models import Invitation
from feedback_app.invitations.queries.waves import WaveRow
from feedback_app.invitations.rules import (
    MailText,
    UnableToWriteMail,
    check_text,
    hash_token,
    make_token,
)
from feedback_app.staff import audit
from feedback_app.surveys import queries as surveys
from feedback_app.surveys.rules import Mode


def make_test_mail(
    session: Session,
    wave_id: UUID,
    *,
    to: str,
    language: str,
    settings: Settings,
    by: str,
    text: MailText | None = None,
) -> Mail:
    """The wave's mail in `language` with a link to try; send it with foundation.mail.send_now.

    `text` instead of the stored one, while it is being written. Raises UnableToWriteMail.
    """
    wave = queries.get_wave(session, wave_id)
    address = normalise_address(to)
    if find_address_fault(address):
        raise UnableToWriteMail(N_("“%(value)s” is not an e-mail address"), value=to)
    wanted = text or wave.texts.get(language)
    if wanted is None:
        raise UnableToWriteMail(N_("The mail is not written in “%(language)s”."), language=language)
    token, id_ = _issue_trial(session, wave)
    survey = surveys.get_survey(session, str(wave.survey_id))
    asked = letters.describe_survey(
        surveys.get_definition(session, survey.id),
        language,
        k=survey.k,
        is_named=survey.mode is Mode.NAMED,
    )
    letter = letters.write_letter(
        settings,
        check_text(wanted, language),
        asked,
        language=language,
        is_reminder=False,
        is_test=True,
    )
    audit.record(session, by=by, act="wave.test-mail", subject=str(wave_id))
    return letters.address_letter(settings, letter, key=id_.hex, to=address, name="", token=token)


def _issue_trial(session: Session, wave: WaveRow) -> tuple[str, UUID]:
    """A test invitation: its answers are stored nowhere. Its token and id."""
    token, id_ = make_token(), uuid4()
    session.execute(
        insert(Invitation).values(
            id=id_,
            survey_id=wave.survey_id,
            token_hash=hash_token(token),
            is_used=False,
            is_test=True,
            segments=[],
            wave_id=wave.id,
        )
    )
    return token, id_
