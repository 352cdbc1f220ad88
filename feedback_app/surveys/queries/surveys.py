"""Reads of surveys as frozen rows, and of the list of competitors."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from feedback_app.causes.models import CodebookVersion
from feedback_app.causes.queries import Codebook
from feedback_app.surveys.models import Competitor, Survey, SurveyVersion
from feedback_app.surveys.queries.definitions import UnableToFindSurvey, read_definition
from feedback_app.surveys.rules import Mode, State, SurveyDefinition


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One survey without its questions. `k`: smallest batch and smallest reported group."""

    id: UUID
    slug: str
    name: str
    mode: Mode
    state: State
    language: str
    k: int
    box_bytes: int
    segment_names: tuple[str, ...]
    is_demo: bool
    answers_revision: int


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """What a respondent's page needs: the survey and its newest published version.

    `codebook` is the newest codebook, read along to save the catalogue's query.
    """

    survey: SurveyRow
    version_id: UUID
    definition: SurveyDefinition
    codebook: Codebook | None


_COLUMNS = (
    Survey.id,
    Survey.slug,
    Survey.name,
    Survey.mode,
    Survey.state,
    Survey.language,
    Survey.k,
    Survey.box_bytes,
    Survey.segment_names,
    Survey.is_demo,
    Survey.answers_revision,
)


def _for_respondent(column: str) -> Any:
    """The statement of find_for_respondent. Building one costs more than running it."""
    survey, version, codebook = (
        each.__table__ for each in (Survey, SurveyVersion, CodebookVersion)
    )
    newest = (
        select(version.c.id)
        .where(version.c.survey_id == survey.c.id, version.c.published_at.is_not(None))
        .order_by(version.c.number.desc())
        .limit(1)
        .correlate(survey)
        .scalar_subquery()
    )
    numbers = codebook.alias("numbers")
    newest_number = select(func.max(numbers.c.number)).scalar_subquery()
    return (
        select(
            *(survey.c[each.key] for each in _COLUMNS),
            newest.label("version_id"),
            codebook.c.number,
            codebook.c.made_at,
            codebook.c.made_by,
        )
        .select_from(survey.outerjoin(codebook, codebook.c.number == newest_number))
        .where(survey.c[column] == bindparam(column))
    )


_BY_SLUG, _BY_ID = _for_respondent("slug"), _for_respondent("id")


def find_for_respondent(
    session: Session, *, slug: str | None = None, survey_id: UUID | None = None
) -> OpenSurvey | None:
    """The survey at `slug` (or of `survey_id`) with its newest version, None for a draft."""
    if slug is not None:
        row = session.connection().execute(_BY_SLUG, {"slug": slug}).one_or_none()
    else:
        row = session.connection().execute(_BY_ID, {"id": survey_id}).one_or_none()
    if row is None or row.version_id is None or row.state == State.DRAFT:
        return None
    return OpenSurvey(
        survey=_survey(row),
        version_id=row.version_id,
        definition=read_definition(session, row.version_id),
        codebook=None if row.number is None else Codebook(row.number, row.made_at, row.made_by),
    )


def find_survey(session: Session, named: str) -> SurveyRow | None:
    """The survey with this id, slug or name (in this order)."""
    conditions = [Survey.slug == named, Survey.name == named]
    with suppress(ValueError):
        conditions.insert(0, Survey.id == UUID(named))
    for condition in conditions:
        row = session.execute(select(*_COLUMNS).where(condition).limit(1)).one_or_none()
        if row is not None:
            return _survey(row)
    return None


def get_survey(session: Session, named: str) -> SurveyRow:
    """As find_survey; raises UnableToFindSurvey with the names there are."""
    found = find_survey(session, named)
    if found is None:
        names = ", ".join(each.slug for each in list_surveys(session)[:10]) or "none yet"
        raise UnableToFindSurvey(f"There is no survey {named!r}. Surveys: {names}.")
    return found


def list_surveys(session: Session) -> list[SurveyRow]:
    """Every survey, newest first."""
    rows = session.execute(select(*_COLUMNS).order_by(Survey.created_at.desc(), Survey.slug))
    return [_survey(row) for row in rows]


def list_slugs(session: Session) -> list[str]:
    """Every slug in use."""
    return list(session.scalars(select(Survey.slug).order_by(Survey.slug)))


_EVERY_COMPETITOR = select(Competitor.__table__.c.name).order_by(func.lower(Competitor.name))
_COMPETITORS = _EVERY_COMPETITOR.where(Competitor.__table__.c.is_retired.is_(False))


def list_competitors(session: Session, *, with_retired: bool = False) -> list[str]:
    """Names on the staff-kept list of competitors, by alphabet."""
    names = _EVERY_COMPETITOR if with_retired else _COMPETITORS
    return list(session.connection().scalars(names))


def _survey(row: Any) -> SurveyRow:
    return SurveyRow(
        id=row.id,
        slug=row.slug,
        name=row.name,
        mode=Mode(row.mode),
        state=State(row.state),
        language=row.language,
        k=row.k,
        box_bytes=row.box_bytes,
        segment_names=tuple(row.segment_names),
        is_demo=row.is_demo,
        answers_revision=row.answers_revision,
    )
