"""Reads of contact slips: who asks for them, what waits sealed, who wants to be called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.ballots.models import Batch
from feedback_app.ballots.queries import TakingBatch, find_taking_batch
from feedback_app.ballots.rules import WAITING, BatchState
from feedback_app.contacts.models import Contact, ContactOffer, ContactSlip, SlipBatch
from feedback_app.contacts.rules import SLIPS, may_open_slips
from feedback_app.surveys.models import Survey
from feedback_app.surveys.rules import Mode, State


@dataclass(frozen=True, slots=True)
class SealedSlips:
    """A batch of slips that was not opened yet."""

    batch_id: UUID
    survey_id: UUID
    waiting: int
    openings: int  # crowds of answers opened so far
    may_open: bool
    survey_is_closed: bool


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Somebody who wants to be called. `answer`: the attached copy, None without consent."""

    id: UUID
    survey_id: UUID
    survey: str
    is_demo: bool
    opened_on: date
    name: str
    reach: str
    hours: str
    language: str
    answer: Mapping[str, Any] | None
    is_called: bool


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An anonymous survey that is open, and whether it asks for contact details."""

    slug: str
    name: str
    is_demo: bool
    is_offered: bool
    waiting: int


def is_offered(session: Session, survey_id: UUID) -> bool:
    """True when respondents of this survey are asked whether they want to be called."""
    found = select(ContactOffer.survey_id).where(ContactOffer.survey_id == survey_id)
    return session.scalar(found) is not None


def find_slip_batch(session: Session, survey_id: UUID) -> TakingBatch | None:
    """The batch that takes slips of this survey now."""
    return find_taking_batch(session, survey_id=survey_id, channel=SLIPS)


def list_sealed(session: Session) -> list[SealedSlips]:
    """Every batch of slips that was not opened yet."""
    openings, waiting = _openings_and_slips()
    rows = session.execute(
        select(
            Batch.id, Batch.survey_id, waiting, openings, SlipBatch.openings_before, Survey.state
        )
        .join(SlipBatch, SlipBatch.batch_id == Batch.id)
        .join(Survey, Survey.id == Batch.survey_id)
        .where(Batch.state.in_(WAITING))
        .order_by(Batch.survey_id, Batch.id)
    )
    return [
        SealedSlips(
            batch_id=id_,
            survey_id=survey,
            waiting=slips,
            openings=opened,
            may_open=may_open_slips(
                openings=opened,
                openings_before=before,
                survey_is_closed=state == State.CLOSED,
            ),
            survey_is_closed=state == State.CLOSED,
        )
        for id_, survey, slips, opened, before, state in rows
    ]


def _openings_and_slips() -> tuple[Any, Any]:
    """How many crowds the survey of a batch has opened, and how many slips the batch holds."""
    openings = (
        select(func.count())
        .select_from(crowds := Batch.__table__.alias("crowds"))
        .where(
            crowds.c.survey_id == Batch.survey_id,
            crowds.c.state == BatchState.OPENED,
            crowds.c.channel != SLIPS,
        )
        .correlate(Batch)
        .scalar_subquery()
    )
    waiting = (
        select(func.count(ContactSlip.id))
        .where(ContactSlip.batch_id == Batch.id)
        .correlate(Batch)
        .scalar_subquery()
    )
    return openings, waiting


def list_offers_without_batch(session: Session) -> list[UUID]:
    """Open surveys that ask for contact details and have no key to seal them with yet."""
    taking = select(Batch.survey_id).where(Batch.state == BatchState.OPEN, Batch.channel == SLIPS)
    return list(
        session.scalars(
            select(ContactOffer.survey_id)
            .join(Survey, Survey.id == ContactOffer.survey_id)
            .where(Survey.state == State.OPEN, Survey.id.not_in(taking))
            .order_by(Survey.id)
        )
    )


def count_openings(session: Session, survey_id: UUID) -> int:
    """How many crowds of answers this survey has opened."""
    return (
        session.scalar(
            select(func.count(Batch.id)).where(
                Batch.survey_id == survey_id,
                Batch.state == BatchState.OPENED,
                Batch.channel != SLIPS,
            )
        )
        or 0
    )


def list_offers(session: Session) -> list[OfferRow]:
    """Open anonymous surveys, and which of them ask for contact details."""
    waiting = (
        select(func.count(ContactSlip.id))
        .join(Batch, Batch.id == ContactSlip.batch_id)
        .where(Batch.survey_id == Survey.id)
        .correlate(Survey)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Survey.slug, Survey.name, Survey.is_demo, ContactOffer.survey_id, waiting)
        .outerjoin(ContactOffer, ContactOffer.survey_id == Survey.id)
        .where(Survey.state == State.OPEN, Survey.mode == Mode.ANONYMOUS)
        .order_by(Survey.name)
    )
    return [
        OfferRow(slug, name, is_demo, offered is not None, count)
        for slug, name, is_demo, offered, count in rows
    ]


def list_contacts(session: Session, *, is_called: bool, most: int = 200) -> list[ContactRow]:
    """Who wants to be called (or was), the newest opening first, else in no order."""
    rows = session.execute(
        select(Contact, Survey.name, Survey.is_demo)
        .join(Survey, Survey.id == Contact.survey_id)
        .where(Contact.is_called.is_(is_called))
        .order_by(Contact.opened_on.desc(), Contact.id)
        .limit(most)
    )
    return [
        ContactRow(
            id=each.id,
            survey_id=each.survey_id,
            survey=survey,
            is_demo=is_demo,
            opened_on=each.opened_on,
            name=each.name,
            reach=each.reach,
            hours=each.hours,
            language=each.language,
            answer=each.answer,
            is_called=each.is_called,
        )
        for each, survey, is_demo in rows
    ]


def count_contacts(session: Session, *, is_called: bool) -> int:
    """How many opened slips there are of people who were called, or not yet."""
    return (
        session.scalar(select(func.count(Contact.id)).where(Contact.is_called.is_(is_called))) or 0
    )
