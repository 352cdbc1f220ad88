"""Everything that a report on current customers or on a staff poll is computed from."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from feedback_app.reporting.analyst.requests import ReportRequest
from feedback_app.reporting.analyst.score_requests import CurrentRequest, StaffRequest
from feedback_app.reporting.queries import list_reported, read_counts
from feedback_app.reporting.queries.scores import read_predictions, read_scores
from feedback_app.reporting.rules.counts import CauseEntry
from feedback_app.reporting.rules.kinds import ReportKind
from feedback_app.reporting.rules.selection import Selection
from feedback_app.surveys.queries import SurveyRow


def list_departed(session: Session, *, is_demo: bool) -> tuple[SurveyRow, ...]:
    """Surveys of departed customers with enough answers to compare with, newest first.

    A demo is compared with demos only, and what is real with what is real.
    """
    return tuple(
        entry.survey
        for entry in list_reported(session)
        if entry.kind is ReportKind.CAUSES
        and entry.answers >= entry.survey.k
        and entry.survey.is_demo == is_demo
    )


def find_departed(choices: Sequence[SurveyRow], slug: str) -> SurveyRow | None:
    """The one chosen, else the newest, else None."""
    chosen = [row for row in choices if row.slug == slug]
    return next(iter([*chosen, *choices]), None)


def read_current_request(
    session: Session,
    survey: SurveyRow,
    departed: SurveyRow | None,
    entries: tuple[CauseEntry, ...],
    codebook: int,
    *,
    smallest: int,
) -> CurrentRequest:
    """Scores, causes and offers of current customers; `smallest` group of theirs that is told."""
    return CurrentRequest(
        read_scores(session, survey.id),
        _causes(session, survey, entries, codebook, smallest),
        _departed(session, departed, entries, codebook),
    )


def read_staff_request(
    session: Session,
    survey: SurveyRow,
    departed: SurveyRow | None,
    entries: tuple[CauseEntry, ...],
    codebook: int,
    *,
    smallest: int,
) -> StaffRequest:
    """What staff ticked and predicted; `smallest` group of theirs that is told."""
    return StaffRequest(
        _causes(session, survey, entries, codebook, smallest),
        read_predictions(session, survey.id),
        _departed(session, departed, entries, codebook),
    )


def _departed(
    session: Session,
    departed: SurveyRow | None,
    entries: tuple[CauseEntry, ...],
    codebook: int,
) -> ReportRequest | None:
    if departed is None:
        return None
    # What that survey's own report withholds, no other report may tell.
    return _causes(session, departed, entries, codebook, departed.k)


def _causes(
    session: Session,
    survey: SurveyRow,
    entries: tuple[CauseEntry, ...],
    codebook: int,
    smallest: int,
) -> ReportRequest:
    return ReportRequest(
        survey=survey.slug,
        counts=read_counts(session, survey.id, Selection(), is_exact=False),
        entries=entries,
        codebook=codebook,
        min_group=smallest,
        selection=Selection(),
    )
