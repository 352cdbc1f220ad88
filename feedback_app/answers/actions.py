"""Writes of answers: take one in, open full batches, forget spent forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from feedback_app.answers.masking import Mask, mask_values
from feedback_app.answers.masking.counting import mask_envelopes
from feedback_app.answers.models import Answer, NamedRespondent, SpentFormToken
from feedback_app.answers.rules import (
    FLAGGED,
    Envelope,
    Tagger,
    competitor_of,
    holds_text,
    offers_of,
    return_likelihood_of,
)
from feedback_app.ballots import actions as ballots
from feedback_app.ballots import keys
from feedback_app.ballots.queries import OpenBatch, list_open_batches, list_surveys_without_batch
from feedback_app.ballots.rules import keepable_languages, may_open
from feedback_app.ballots.sealing import Ballot
from feedback_app.causes import queries as causes
from feedback_app.foundation.db import changed_rows, insert_if_absent, utc_today
from feedback_app.surveys import actions as survey_actions
from feedback_app.surveys import queries as surveys
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Channel, Mode, State
from feedback_app.surveys.rules.scores import spell_scores

LARGEST_INSERT = 500  # rows per statement
SEGMENTS = ("segment_1", "segment_2", "segment_3")


@dataclass(frozen=True, slots=True)
class FormToken:
    """A form's one-time token: the hash that marks it spent, and when to forget it."""

    token_hash: bytes
    purge_on: date


@dataclass(frozen=True, slots=True)
class OpenedAnswers:
    """How many answers one opening gave, and how many boxes could not be read."""

    answers: int
    spoiled: int


def open_survey(session: Session, survey_id: UUID, *, by: str, folder: Path) -> SurveyRow:
    """Publish a draft and start the batch of its open link."""
    survey = survey_actions.publish(session, survey_id, by=by)
    if survey.mode is Mode.ANONYMOUS:
        ballots.start_batch(
            session, survey_id=survey.id, channel=Channel.LINK, segments=(), folder=folder
        )
    return survey


def take_sealed(
    session: Session,
    survey: SurveyRow,
    envelope: Envelope,
    *,
    channel: str,
    segments: Sequence[str] = (),
    token: FormToken | None,
    ballot: Ballot | None = None,
    is_counted: bool = True,
) -> bool:
    """Seal one answer of an anonymous survey; False when this form was sent before.

    Spending the token and dropping the box are one transaction, so a double click, a reload
    and a crash in between all end in exactly one answer. `ballot`: the answer, sealed before.
    `is_counted`: see ballots.drop.
    Raises UnableToDropBallot or UnableToSeal; then nothing is spent either.
    """
    if token is not None and not spend(session, token):
        return False
    ballots.drop(
        session,
        envelope.document(),
        survey_id=survey.id,
        channel=channel,
        segments=segments,
        box_bytes=survey.box_bytes,
        ballot=ballot,
        is_counted=is_counted,
    )
    return True


def take_named(
    session: Session,
    survey: SurveyRow,
    envelope: Envelope,
    *,
    channel: str,
    reference: str,
    token: FormToken,
    tagger: Tagger,
    consent: str = "",
) -> bool:
    """Store one answer of a *named* survey beside who gave it; False when sent before."""
    if not spend(session, token):
        return False
    (answer_id,) = store(
        session, survey, [envelope], channel=channel, segments=(), tagger=tagger, on=utc_today()
    )
    whose = {"answer_id": answer_id, "reference": reference, "consent": consent}
    session.execute(insert(NamedRespondent).values(whose))
    return True


def open_crowd(
    session: Session,
    crowd: Sequence[OpenBatch],
    *,
    folder: Path,
    tagger: Tagger,
    mask: Mask = mask_values,
) -> OpenedAnswers:
    """Open one crowd (see list_crowds) and start its next batches; what came out.

    `mask` takes personal data out of free texts before anything is stored.
    Raises UnableToOpenBatch when it is no crowd (any more) or a key is gone.
    """
    survey = surveys.get_survey(session, str(crowd[0].survey_id))
    opened = ballots.open_crowd(
        session, [each.id for each in crowd], k=survey.k, folder=folder, opened_on=utc_today()
    )
    envelopes = [Envelope.from_document(each) for each in opened.documents]
    if opened.channel != Channel.LINK:
        # An invitation's language may be known; behind an open link nobody is.
        envelopes = _without_rare_languages(envelopes, survey.k)
    store(
        session,
        survey,
        envelopes,
        channel=opened.channel,
        segments=opened.segments,
        tagger=tagger,
        on=utc_today(),
        mask=mask,
    )
    if survey.state is State.OPEN:
        for batch in crowd:
            _start_successor(session, batch, folder)
    return OpenedAnswers(len(envelopes), opened.spoiled)


def start_missing_batches(session: Session, *, folder: Path) -> int:
    """Start the open link's batch wherever it is missing; how many.

    A page server that keeps no keys publishes a survey without a batch, and a batch whose
    key was lost is stopped: both leave it to the worker.
    """
    missing = list_surveys_without_batch(session, Channel.LINK)
    for survey_id in missing:
        ballots.start_batch(
            session, survey_id=survey_id, channel=Channel.LINK, segments=(), folder=folder
        )
    return len(missing)


def replace_batch(session: Session, batch: OpenBatch, *, folder: Path) -> bool:
    """Stop a batch whose key is missing and start another; False when it is over anyway."""
    if not ballots.stop_batch(session, batch.id):
        return False
    if not batch.survey_is_closed:
        _start_successor(session, batch, folder)
    return True


def replace_keyless_batches(session: Session, *, folder: Path) -> int:
    """Give up batches whose keys are not in `folder`, as after restoring a backup.

    Their surveys get new batches, so that answers are taken at once. Where no keys are
    kept the worker sees to it. Returns how many sealed answers were lost.
    """
    if not keys.is_kept_here(folder):
        return 0
    lost = 0
    for batch in list_open_batches(session):
        if keys.find_key(folder, batch.survey_id, batch.id) is None:
            lost += ballots.discard(session, [batch.id])
            if not batch.survey_is_closed:
                _start_successor(session, batch, folder)
    return lost


def _start_successor(session: Session, batch: OpenBatch, folder: Path) -> None:
    ballots.start_batch(
        session,
        survey_id=batch.survey_id,
        channel=batch.channel,
        segments=batch.segments,
        folder=folder,
        ended=batch.version_id if batch.is_late else None,
    )


def list_crowds(batches: Iterable[OpenBatch]) -> list[list[OpenBatch]]:
    """Batches that may open now: full ones alone, together what gets no more answers."""
    batches = list(batches)
    full = [[batch] for batch in batches if may_open(batch.boxes, batch.k)]
    return full + [each for each in _leftovers(batches) if _is_crowd(each)]


def list_hopeless(batches: Iterable[OpenBatch]) -> list[list[OpenBatch]]:
    """What closed surveys and replaced versions left behind and never becomes a crowd."""
    return [each for each in _leftovers(batches) if not _is_crowd(each)]


def _leftovers(batches: Iterable[OpenBatch]) -> list[list[OpenBatch]]:
    together: dict[tuple[UUID | None, str], list[OpenBatch]] = {}
    for batch in batches:
        if batch.gets_no_more and not may_open(batch.boxes, batch.k):
            together.setdefault((batch.version_id, batch.channel), []).append(batch)
    return list(together.values())


def _is_crowd(batches: Sequence[OpenBatch]) -> bool:
    return may_open(sum(batch.boxes for batch in batches), batches[0].k)


def store(
    session: Session,
    survey: SurveyRow,
    envelopes: Sequence[Envelope],
    *,
    channel: str,
    segments: Sequence[str],
    tagger: Tagger,
    on: date,
    mask: Mask = mask_values,
) -> list[UUID]:
    """Insert opened answers in the order given (shuffled by the opening); their ids."""
    envelopes = mask_envelopes(session, survey.id, envelopes, mask)
    known = {name.casefold(): name for name in surveys.list_competitors(session, with_retired=True)}
    fields = surveys.list_score_fields(session, survey.id)
    parts: dict[str, Any] = dict(zip(SEGMENTS, [*segments, "", "", ""], strict=False))
    parts |= {"survey_id": survey.id, "opened_on": on, "channel": channel}
    parts["codebook"] = causes.find_codebook_number(session)
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(),
            "version_id": envelope.version_id,
            "language": envelope.language,
            **parts,
            "return_likelihood": return_likelihood_of(envelope.values),
            "competitor": competitor_of(envelope.values, known),
            "offers": offers_of(envelope.values),
            "scores": spell_scores(fields, envelope.values),
            "has_text": holds_text(envelope.values),
            "flag": FLAGGED if envelope.is_flagged else "",
            "document": dict(envelope.values),
            "cause_set": tags.cause_set,
            "primary_cause": tags.primary,
        }
        for envelope, tags in ((each, tagger(each.values)) for each in envelopes)
    ]
    for start in range(0, len(rows), LARGEST_INSERT):
        session.execute(insert(Answer), rows[start : start + LARGEST_INSERT])
    survey_actions.note_new_answers(session, survey.id)
    return [row["id"] for row in rows]


def forget_spent_forms(session: Session, *, today: date) -> int:
    """Forget forms that can not be sent any more; how many."""
    return changed_rows(session, delete(SpentFormToken).where(SpentFormToken.purge_on <= today))


def spend(session: Session, token: FormToken) -> bool:
    """Mark a form as sent; False when it was before."""
    row = {"token_hash": token.token_hash, "purge_on": token.purge_on}
    return changed_rows(session, insert_if_absent(session, SpentFormToken), row) == 1


def _without_rare_languages(envelopes: Sequence[Envelope], k: int) -> list[Envelope]:
    kept = keepable_languages([each.language for each in envelopes], k)
    return [each if each.language in kept else replace(each, language="") for each in envelopes]
