"""Writes of the list of competitors that respondents are offered."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from feedback_app.foundation.db import insert_if_absent
from feedback_app.foundation.rules import N_
from feedback_app.staff import audit
from feedback_app.surveys.models import Competitor
from feedback_app.surveys.rules import UnableToChangeSurvey

LONGEST_COMPETITOR = 80


def add_competitor(session: Session, name: str, *, by: str) -> str:
    """Put `name` on the list of competitors that respondents are offered."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_COMPETITOR:
        raise UnableToChangeSurvey(
            N_("A competitor's name has 1 to %(most)s characters, got %(given)s."),
            most=LONGEST_COMPETITOR,
            given=len(plain),
        )
    session.execute(insert_if_absent(session, Competitor).values(name=plain, is_retired=False))
    session.execute(update(Competitor).where(Competitor.name == plain).values(is_retired=False))
    audit.record(session, by=by, act="competitor.add", subject=plain)
    return plain


def retire_competitor(session: Session, name: str, *, by: str) -> None:
    """Offer `name` no more; answers that named it stay as they are."""
    session.execute(update(Competitor).where(Competitor.name == name).values(is_retired=True))
    audit.record(session, by=by, act="competitor.retire", subject=name)
