"""Writes of invitations: issue one-time links, take an invited answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import insert, or_, update
from sqlalchemy.orm import Session

from feedback_app.answers import actions as answers
from feedback_app.answers.actions import FormToken
from feedback_app.answers.rules import Envelope, Tagger
from feedback_app.ballots import actions as ballots
from feedback_app.ballots.sealing import Ballot
from feedback_app.foundation.db import changed_rows, utc_today
from feedback_app.foundation.rules import N_
from feedback_app.invitations import queries
from feedback_app.invitations.actions import waves
from feedback_app.invitations.models import Invitation
from feedback_app.invitations.queries import InvitationRow
from feedback_app.invitations.rules import (
    MOST_AT_ONCE,
    UnableToInvite,
    WaveKind,
    choose_segments,
    hash_token,
    make_token,
)
from feedback_app.staff import audit
from feedback_app.surveys import queries as surveys
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Channel, Mode, State
from feedback_app.surveys.rules.survey import STATE_WORDS

ROWS_AT_ONCE = 1000


def issue(  # noqa: PLR0913  each is named where it is called
    session: Session,
    *,
    survey_id: UUID,
    count: int,
    segments_list: Sequence[Sequence[str]] | None = None,
    by: str,
    folder: Path,
    expires_on: date | None = None,
    is_test: bool = False,
    wave_id: UUID | None = None,
) -> list[str]:
    """Make `count` invitations; their tokens in the order of `segments_list`.

    A token is known only now: its hash alone is stored. Segments that fewer than k invited
    people share become "other". Every crowd gets a batch that takes its answers.

    Raises UnableToInvite when the survey takes no answers or segments do not fit.
    """
    survey = _get_inviting(session, survey_id, count)
    chosen = choose_segments(
        segments_list,
        count=count,
        names=survey.segment_names,
        issued=queries.list_segments(session, survey.id),
        k=survey.k,
    )
    tokens = [make_token() for _ in chosen]
    shared = {"survey_id": survey.id, "is_used": False, "is_test": is_test, "wave_id": wave_id}
    rows = [
        {
            **shared,
            "id": uuid4(),
            "token_hash": hash_token(token),
            "segments": list(segments),
            "expires_on": expires_on,
        }
        for token, segments in zip(tokens, chosen, strict=True)
    ]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        session.execute(insert(Invitation), rows[start : start + ROWS_AT_ONCE])
    if survey.mode is Mode.ANONYMOUS and not is_test:
        _start_batches(session, survey, chosen, folder)
    detail = {"count": count, "test": is_test}
    audit.record(session, by=by, act="invitation.issue", subject=survey.slug, detail=detail)
    return tokens


def _get_inviting(session: Session, survey_id: UUID, count: int) -> SurveyRow:
    survey = surveys.get_survey(session, str(survey_id))
    if survey.state is not State.OPEN:
        raise UnableToInvite(
            N_("Only an open survey can invite; %(survey)s is %(state)s."),
            survey=survey.slug,
            state=STATE_WORDS[survey.state],
        )
    if not 1 <= count <= MOST_AT_ONCE:
        raise UnableToInvite(
            N_("From 1 to %(most)s invitations at once, got %(given)s."),
            most=MOST_AT_ONCE,
            given=count,
        )
    return survey


def split(
    session: Session,
    *,
    survey_id: UUID,
    name: str,
    count: int,
    by: str,
    folder: Path,
    expires_on: date | None = None,
) -> list[str]:
    """A wave of `count` anonymous links that the company's own system sends; their tokens.

    The server never learns who gets which link. Raises UnableToInvite.
    """
    wave_id = waves.create_wave(session, survey_id=survey_id, name=name, kind=WaveKind.SPLIT, by=by)
    tokens = issue(
        session,
        survey_id=survey_id,
        count=count,
        by=by,
        folder=folder,
        expires_on=expires_on,
        wave_id=wave_id,
    )
    waves.close_split(session, wave_id)
    return tokens


def submit(  # noqa: PLR0913  each is named where it is called
    session: Session,
    survey: SurveyRow,
    invitation: InvitationRow,
    envelope: Envelope,
    *,
    token: FormToken,
    respondent: str,
    tagger: Tagger,
    ballot: Ballot | None = None,
    is_counted: bool = True,
    channel: Channel = Channel.INVITATION,
    consent: str = "",
) -> bool:
    """Take an invited answer; False when the invitation is used up or out of date.

    `channel` PHONE: it was heard on the telephone, with spoken `consent` in a named survey.

    Using the invitation and sealing the answer are one transaction. The invitation is the
    one-time guard, so no form token is spent: one row less that stands beside an answer.
    An answer to a test invitation is stored nowhere.
    """
    if invitation.is_test:
        return True
    if not _use(session, invitation.id):
        return False
    if survey.mode is Mode.NAMED:
        return answers.take_named(
            session,
            survey,
            envelope,
            channel=channel,
            reference=respondent,
            token=token,
            tagger=tagger,
            consent=consent,
        )
    return answers.take_sealed(
        session,
        survey,
        envelope,
        channel=channel,
        # So few are called that their segments would single them out (adr/0018).
        segments=invitation.segments if channel is Channel.INVITATION else (),
        token=None,
        ballot=ballot,
        is_counted=is_counted,
    )


def _use(session: Session, invitation_id: UUID) -> bool:
    used = (
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.is_used.is_(False),
            or_(Invitation.expires_on.is_(None), Invitation.expires_on > utc_today()),
        )
        .values(is_used=True)
    )
    return changed_rows(session, used) == 1


def _start_batches(
    session: Session, survey: SurveyRow, chosen: Sequence[tuple[str, ...]], folder: Path
) -> None:
    for segments in sorted(set(chosen)):
        ballots.start_batch(
            session,
            survey_id=survey.id,
            channel=Channel.INVITATION,
            segments=segments,
            folder=folder,
        )
