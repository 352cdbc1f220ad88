"""Writes of draft versions: begin one, save it, discard it, publish it.

A published version is never changed. What is edited is a draft that stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback_app.causes.queries import UnableToReadCatalogue, get_catalogue, get_starter
from feedback_app.causes.rules import Catalogue
from feedback_app.foundation.db import changed_rows, utc_now
from feedback_app.foundation.rules import N_
from feedback_app.staff import audit
from feedback_app.surveys import queries
from feedback_app.surveys.models import Survey, SurveyVersion
from feedback_app.surveys.queries import VersionRow
from feedback_app.surveys.rules import (
    Mode,
    PublishWhen,
    State,
    SurveyDefinition,
    UnableToChangeSurvey,
)
from feedback_app.surveys.rules.checking import Fault, find_faults, find_gaps
from feedback_app.surveys.rules.versions import find_breaks


class UnableToPublish(UnableToChangeSurvey):
    """Something is missing or wrong. `faults` say what, question by question."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        where = f"{first.question}: " if first.question else ""
        super().__init__(f"{where}{first}".replace("%", "%%"))
        self.faults = tuple(faults)


def begin_version(session: Session, survey_id: UUID, *, by: str) -> VersionRow:
    """A draft beside what is published; the one there is when somebody began before.

    Raises UnableToChangeSurvey for a closed survey and for imported answers.
    """
    survey = queries.get_survey(session, str(survey_id))
    if survey.mode is Mode.IMPORT:
        raise UnableToChangeSurvey(N_("A survey of imported answers has no questions."))
    if survey.state is State.CLOSED:
        raise UnableToChangeSurvey(N_("A closed survey takes no answers; make a copy of it."))
    newest, *_older = queries.list_versions(session, survey_id)
    if not newest.is_published:
        return newest
    try:
        session.execute(
            insert(SurveyVersion).values(
                id=uuid4(),
                survey_id=survey_id,
                number=newest.number + 1,
                definition=dict(newest.document),
            )
        )
    except IntegrityError as refusal:  # two began at the same moment: the second looks again
        raise UnableToChangeSurvey(
            N_("Somebody began a new version this very moment; please try again.")
        ) from refusal
    audit.record(session, by=by, act="survey.begin-version", subject=survey.slug)
    return queries.list_versions(session, survey_id)[0]


def save_draft(
    session: Session, survey_id: UUID, document: Mapping[str, Any], *, revision: int, by: str
) -> None:
    """Put `document` in the place of the draft that was read at `revision`.

    Raises UnableToPublish with every fault that no draft may hold, UnableToChangeSurvey when
    somebody else saved meanwhile or there is no draft.
    """
    draft = _get_draft(session, survey_id)
    faults = find_faults(document, _catalogue(session))
    if not faults:
        faults = find_breaks(document, _published(session, survey_id))
    if faults:
        raise UnableToPublish(faults)
    survey = queries.get_survey(session, str(survey_id))
    if survey.language not in SurveyDefinition.from_document(document).languages:
        raise UnableToChangeSurvey(
            N_("The survey's own language, “%(language)s”, has to be offered."),
            language=survey.language,
        )
    saved = changed_rows(
        session,
        update(SurveyVersion)
        .where(SurveyVersion.id == draft.id, SurveyVersion.published_at.is_(None))
        .where(SurveyVersion.revision == revision)
        .values(definition=dict(document), revision=revision + 1, publish_when=""),
    )
    if saved != 1:
        raise UnableToChangeSurvey(
            N_(
                "Somebody else changed this survey meanwhile. Open it in another tab, see what is "
                "new, and save again what you want to keep."
            )
        )
    if survey.state is State.DRAFT:
        _fit_boxes(session, survey_id, document)
    audit.record(session, by=by, act="survey.edit", subject=survey.slug)


def discard_version(session: Session, survey_id: UUID, *, by: str) -> None:
    """Forget the draft beside a published version."""
    draft = _get_draft(session, survey_id)
    survey = queries.get_survey(session, str(survey_id))
    if survey.state is State.DRAFT:
        raise UnableToChangeSurvey(N_("A survey that never opened has nothing but its draft."))
    session.execute(delete(SurveyVersion).where(SurveyVersion.id == draft.id))
    audit.record(session, by=by, act="survey.discard-version", subject=survey.slug)


def schedule_version(session: Session, survey_id: UUID, *, when: PublishWhen, by: str) -> None:
    """Let the finished draft take its turn; the worker, which keeps the keys, sees to it.

    A named survey has no sealed answers: there it is published at once. Raises UnableToPublish
    when the draft is not finished.
    """
    draft = _get_draft(session, survey_id)
    survey = queries.get_survey(session, str(survey_id))
    if survey.mode is not Mode.ANONYMOUS:
        publish_version(session, survey_id, by=by)
        return
    check_ready(session, survey_id)
    session.execute(
        update(SurveyVersion).where(SurveyVersion.id == draft.id).values(publish_when=when)
    )
    audit.record(session, by=by, act="survey.schedule-version", subject=survey.slug)


def publish_version(session: Session, survey_id: UUID, *, by: str) -> VersionRow:
    """Let the draft be what respondents read from now on.

    The caller sets the running batches aside and starts others in the same transaction: a batch
    holds answers to one version, padded to its size.
    """
    draft = _get_draft(session, survey_id)
    check_ready(session, survey_id)
    survey = queries.get_survey(session, str(survey_id))
    if survey.state is not State.OPEN:
        raise UnableToChangeSurvey(N_("Only an open survey gets a new version."))
    session.execute(
        update(SurveyVersion)
        .where(SurveyVersion.id == draft.id)
        .values(published_at=utc_now(), publish_when="")
    )
    _fit_boxes(session, survey_id, draft.document)
    audit.record(session, by=by, act="survey.publish-version", subject=survey.slug)
    return queries.list_versions(session, survey_id)[0]


def check_ready(session: Session, survey_id: UUID) -> None:
    """Raises UnableToPublish with everything that the draft still lacks."""
    draft = _get_draft(session, survey_id)
    faults = find_gaps(draft.document, _catalogue(session))
    if not faults:
        faults = find_breaks(draft.document, _published(session, survey_id))
    if faults:
        raise UnableToPublish(faults)


def _catalogue(session: Session) -> Catalogue:
    try:
        return get_catalogue(session)
    except UnableToReadCatalogue:  # before `feedback init`: what it will load
        starter = get_starter()
        return Catalogue(starter.causes, 1)


def _fit_boxes(session: Session, survey_id: UUID, document: Mapping[str, Any]) -> None:
    size = SurveyDefinition.from_document(document).box_bytes()
    session.execute(update(Survey).where(Survey.id == survey_id).values(box_bytes=size))


def _published(session: Session, survey_id: UUID) -> list[SurveyDefinition]:
    documents = session.scalars(
        select(SurveyVersion.definition).where(
            SurveyVersion.survey_id == survey_id, SurveyVersion.published_at.is_not(None)
        )
    )
    return [SurveyDefinition.from_document(each) for each in documents]


def _get_draft(session: Session, survey_id: UUID) -> VersionRow:
    draft = queries.find_draft(session, survey_id)
    if draft is None:
        raise UnableToChangeSurvey(
            N_("What is published is never changed; begin a new version of it.")
        )
    return draft
