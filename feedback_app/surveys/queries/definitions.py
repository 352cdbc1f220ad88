"""Reads of the versions of a survey; definitions are parsed once per version and process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.foundation.rules import Unable
from feedback_app.surveys.models import Survey, SurveyVersion
from feedback_app.surveys.rules import State, SurveyDefinition
from feedback_app.surveys.rules.scores import ScoreField, score_fields
from feedback_app.surveys.rules.versions import join_versions


class UnableToFindSurvey(Unable):
    """No survey has this id, slug or name."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a survey. `document` is its stored form, never to be changed in place.

    `publish_when` says what a finished draft waits for ("" = it is not finished).
    """

    id: UUID
    number: int
    document: Mapping[str, Any]
    is_published: bool
    revision: int
    publish_when: str


_COLUMNS = (
    SurveyVersion.id,
    SurveyVersion.number,
    SurveyVersion.definition,
    SurveyVersion.published_at,
    SurveyVersion.revision,
    SurveyVersion.publish_when,
)


def list_versions(session: Session, survey_id: UUID) -> list[VersionRow]:
    """Every version of a survey, the newest first; its draft stands before the published ones."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(SurveyVersion.survey_id == survey_id)
        .order_by(SurveyVersion.number.desc())
    )
    return [
        VersionRow(
            id=row.id,
            number=row.number,
            document=row.definition,
            is_published=row.published_at is not None,
            revision=row.revision,
            publish_when=row.publish_when,
        )
        for row in rows
    ]


def find_draft(session: Session, survey_id: UUID) -> VersionRow | None:
    """The version that is being written, None when all are published."""
    return next((each for each in list_versions(session, survey_id) if not each.is_published), None)


def find_published(session: Session, survey_id: UUID) -> VersionRow | None:
    """The version that respondents read, None for a survey that never opened."""
    return next((each for each in list_versions(session, survey_id) if each.is_published), None)


def list_scheduled(session: Session) -> list[tuple[UUID, str]]:
    """Surveys whose finished draft waits for its turn, and what it waits for."""
    rows = session.execute(
        select(SurveyVersion.survey_id, SurveyVersion.publish_when)
        .join(Survey, Survey.id == SurveyVersion.survey_id)
        .where(SurveyVersion.published_at.is_(None), SurveyVersion.publish_when != "")
        .where(Survey.state == State.OPEN)
        .order_by(SurveyVersion.survey_id)
    )
    return [(survey_id, when) for survey_id, when in rows]


def get_definition(session: Session, survey_id: UUID) -> SurveyDefinition:
    """What respondents read: the newest published definition, of a draft survey its draft.

    Raises UnableToFindSurvey for a survey without questions.
    """
    return read_definition(session, _list_ids(session, survey_id)[0])


def get_joined_definition(session: Session, survey_id: UUID) -> SurveyDefinition:
    """The survey over all its published versions, for reports: joined by question code.

    Raises UnableToFindSurvey for a survey without questions.
    """
    ids = _list_ids(session, survey_id)
    return join_versions([read_definition(session, each) for each in ids])


def find_version(session: Session, survey_id: UUID, version_id: UUID) -> SurveyDefinition | None:
    """The definition of a published version of this survey, None when it has no such version."""
    known = session.scalar(
        select(SurveyVersion.id).where(
            SurveyVersion.id == version_id,
            SurveyVersion.survey_id == survey_id,
            SurveyVersion.published_at.is_not(None),
        )
    )
    return None if known is None else read_definition(session, known)


def list_definitions(session: Session) -> dict[UUID, SurveyDefinition]:
    """survey -> its newest published definition; surveys of imported answers have none."""
    versions = session.execute(
        select(SurveyVersion.survey_id, SurveyVersion.id)
        .where(SurveyVersion.published_at.is_not(None))
        .order_by(SurveyVersion.survey_id, SurveyVersion.number)
    )
    newest: dict[UUID, UUID] = {row.survey_id: row.id for row in versions}
    return {survey: read_definition(session, version) for survey, version in newest.items()}


def list_score_fields(session: Session, survey_id: UUID) -> tuple[ScoreField, ...]:
    """The questions of a survey that are answered by a number, over all published versions."""
    versions = session.scalars(
        select(SurveyVersion.id)
        .where(SurveyVersion.survey_id == survey_id, SurveyVersion.published_at.is_not(None))
        .order_by(SurveyVersion.number)
    ).all()
    return score_fields(read_definition(session, version) for version in versions)


def _list_ids(session: Session, survey_id: UUID) -> list[UUID]:
    """The published versions, the newest first; of a draft survey its draft."""
    rows = session.execute(
        select(SurveyVersion.id, SurveyVersion.published_at)
        .where(SurveyVersion.survey_id == survey_id)
        .order_by(SurveyVersion.number.desc())
    ).all()
    if not rows:
        raise UnableToFindSurvey("The survey has no questions: its answers come from elsewhere.")
    published = [id_ for id_, published_at in rows if published_at is not None]
    return published or [id_ for id_, _published_at in rows]


_parsed: dict[UUID, SurveyDefinition] = {}


def read_definition(session: Session, version_id: UUID) -> SurveyDefinition:
    """The definition of one version."""
    # A version never changes once published, so what was parsed stays right; a draft's
    # document is read again whenever it is not published.
    known = _parsed.get(version_id)
    if known is not None:
        return known
    document, published_at = session.execute(
        select(SurveyVersion.definition, SurveyVersion.published_at).where(
            SurveyVersion.id == version_id
        )
    ).one()
    definition = SurveyDefinition.from_document(document)
    if published_at is not None:
        _parsed[version_id] = definition
    return definition
