"""Writes of surveys as a whole: make one, open it, close it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback_app.foundation.db import utc_now
from feedback_app.foundation.rules import N_
from feedback_app.staff import audit
from feedback_app.surveys import queries
from feedback_app.surveys.actions.drafts import check_ready
from feedback_app.surveys.models import Survey, SurveyVersion
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import (
    Mode,
    State,
    SurveyDefinition,
    UnableToChangeSurvey,
    check_k,
    make_slug,
)
from feedback_app.surveys.rules.survey import STATE_WORDS
from feedback_app.surveys.templates import read_template

LONGEST_NAME = 120


def create(
    session: Session,
    *,
    by: str,
    template: str,
    name: str,
    language: str,
    k: int = 10,
    mode: Mode = Mode.ANONYMOUS,
    is_demo: bool = False,
) -> SurveyRow:
    """A draft survey with the questions of `template`; see create_from_document."""
    return create_from_document(
        session,
        {**read_template(template), "template": template},
        by=by,
        name=name,
        language=language,
        k=k,
        mode=mode,
        is_demo=is_demo,
    )


def create_from_document(
    session: Session,
    document: Mapping[str, Any],
    *,
    by: str,
    name: str,
    language: str,
    k: int = 10,
    mode: Mode = Mode.ANONYMOUS,
    is_demo: bool = False,
) -> SurveyRow:
    """A draft survey with the questions of `document`, whose "template" says where it is from.

    Raises UnableToChangeSurvey for a name that is empty, too long or taken, a language that the
    document lacks, or a `k` that breaks the promise.
    """
    kept = {key: value for key, value in document.items() if key != "template"}
    definition = SurveyDefinition.from_document(kept)
    if language not in definition.languages:
        raise UnableToChangeSurvey(
            N_("The survey is not offered in “%(language)s”; its languages: %(languages)s."),
            language=language,
            languages=", ".join(definition.languages),
        )
    survey_id = _insert(
        session,
        template=str(document.get("template", "own")),
        name=_check_name(session, name),
        mode=mode,
        language=language,
        k=check_k(k, mode),
        box_bytes=definition.box_bytes(),
        is_demo=is_demo,
    )
    session.execute(
        insert(SurveyVersion).values(
            id=uuid4(), survey_id=survey_id, number=1, definition=kept, published_at=None
        )
    )
    row = queries.get_survey(session, str(survey_id))
    audit.record(session, by=by, act="survey.create", subject=row.slug)
    return row


def create_import(
    session: Session, *, by: str, name: str, language: str, is_demo: bool = False
) -> SurveyRow:
    """A survey without questions that holds answers collected elsewhere."""
    survey_id = _insert(
        session,
        template="import",
        name=_check_name(session, name),
        mode=Mode.IMPORT,
        language=language,
        k=check_k(10, Mode.IMPORT),
        box_bytes=0,
        is_demo=is_demo,
    )
    row = queries.get_survey(session, str(survey_id))
    audit.record(session, by=by, act="survey.create-import", subject=row.slug)
    return row


def publish(session: Session, survey_id: UUID, *, by: str) -> SurveyRow:
    """Open a draft: its version is fixed and answers are taken from now on.

    The caller starts the first batch in the same transaction (ballots.actions.start_batch).
    """
    row = _get_in_state(session, survey_id, State.DRAFT, _ONLY_A_DRAFT_OPENS)
    if row.mode is Mode.IMPORT:
        raise UnableToChangeSurvey(N_("A survey of imported answers has no page to open."))
    check_ready(session, survey_id)
    session.execute(
        update(SurveyVersion)
        .where(SurveyVersion.survey_id == survey_id, SurveyVersion.published_at.is_(None))
        .values(published_at=utc_now())
    )
    return _set_state(session, row, State.OPEN, by=by, act="survey.open")


def close(session: Session, survey_id: UUID, *, by: str) -> SurveyRow:
    """Take no more answers. The worker then opens what is a crowd and destroys the rest."""
    row = _get_in_state(session, survey_id, State.OPEN, _ONLY_AN_OPEN_ONE_CLOSES)
    return _set_state(session, row, State.CLOSED, by=by, act="survey.close")


def note_new_answers(session: Session, survey_id: UUID) -> None:
    """Answers appeared: reports computed before are stale from now on."""
    session.execute(
        update(Survey)
        .where(Survey.id == survey_id)
        .values(answers_revision=Survey.answers_revision + 1)
    )


def name_segments(session: Session, survey_id: UUID, names: tuple[str, ...]) -> None:
    """Fix the names of the coarse segments that answers of this survey carry, in order."""
    session.execute(update(Survey).where(Survey.id == survey_id).values(segment_names=list(names)))


def become_import(session: Session, survey_id: UUID, *, by: str) -> SurveyRow:
    """Turn a draft that nobody was invited to or answered into a survey of imported answers.

    Raises UnableToChangeSurvey otherwise: anonymity is never changed after the first answer.
    """
    row = _get_in_state(session, survey_id, State.DRAFT, _ONLY_A_DRAFT_TAKES_IMPORTS)
    try:
        session.execute(
            update(Survey)
            .where(Survey.id == survey_id)
            .values(mode=Mode.IMPORT, state=State.CLOSED, template="import")
        )
    except IntegrityError as refusal:  # a trigger looks for batches, invitations and answers
        raise UnableToChangeSurvey(
            f"Somebody was already invited to {row.slug}, so its mode can not change."
        ) from refusal
    audit.record(session, by=by, act="survey.become-import", subject=row.slug)
    return queries.get_survey(session, str(survey_id))


def _insert(session: Session, *, name: str, mode: Mode, **columns: object) -> UUID:
    survey_id = uuid4()
    session.execute(
        insert(Survey).values(
            id=survey_id,
            slug=make_slug(name, set(queries.list_slugs(session))),
            name=name,
            mode=mode,
            state=State.CLOSED if mode is Mode.IMPORT else State.DRAFT,
            segment_names=[],
            answers_revision=0,
            created_at=utc_now(),
            **columns,
        )
    )
    return survey_id


def _check_name(session: Session, name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME:
        raise UnableToChangeSurvey(
            N_("A survey's name has 1 to %(most)s characters, got %(given)s."),
            most=LONGEST_NAME,
            given=len(plain),
        )
    if session.scalar(select(Survey.id).where(Survey.name == plain)) is not None:
        raise UnableToChangeSurvey(
            N_("There is a survey named “%(name)s” already; choose another."), name=plain
        )
    return plain


_ONLY_A_DRAFT_OPENS = N_("Only a draft can be opened; %(survey)s is %(state)s.")
_ONLY_AN_OPEN_ONE_CLOSES = N_("Only an open survey can be closed; %(survey)s is %(state)s.")
_ONLY_A_DRAFT_TAKES_IMPORTS = N_("Only a draft can take imported answers; %(survey)s is %(state)s.")


def _get_in_state(session: Session, survey_id: UUID, state: State, otherwise: str) -> SurveyRow:
    row = queries.get_survey(session, str(survey_id))
    if row.state is not state:
        raise UnableToChangeSurvey(otherwise, survey=row.slug, state=STATE_WORDS[row.state])
    return row


def _set_state(session: Session, row: SurveyRow, state: State, *, by: str, act: str) -> SurveyRow:
    session.execute(update(Survey).where(Survey.id == row.id).values(state=state))
    audit.record(session, by=by, act=act, subject=row.slug)
    return queries.get_survey(session, str(row.id))
