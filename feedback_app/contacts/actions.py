"""Writes of contact slips: ask for them, take one, open them, deal with who left one."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from feedback_app.answers import actions as answers
from feedback_app.answers.actions import FormToken
from feedback_app.ballots import actions as ballots
from feedback_app.ballots import keys
from feedback_app.ballots.models import Batch
from feedback_app.ballots.queries import select_box
from feedback_app.ballots.rules import BatchState
from feedback_app.ballots.sealing import UnableToUnseal, seal, unseal
from feedback_app.contacts import queries
from feedback_app.contacts.models import Contact, ContactOffer, ContactSlip, SlipBatch
from feedback_app.contacts.rules import SLIPS, Slip, UnableToLeaveSlip, size_of
from feedback_app.foundation.db import changed_rows, insert_if_absent
from feedback_app.foundation.rules import N_, Unable
from feedback_app.staff import audit
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Mode

_SLIP: Table = cast(Table, ContactSlip.__table__)
_DROP = insert(_SLIP).from_select(["id", "batch_id", "ciphertext"], select_box())


class UnableToAskForContacts(Unable):
    """This survey can not ask for contact details."""


class UnableToFindContact(Unable):
    """The slip is not there (any more)."""


def offer(session: Session, survey: SurveyRow, *, is_offered: bool, by: str) -> None:
    """Ask respondents of a survey whether they want to be called, or ask no more.

    Slips that wait stay and are opened. Raises UnableToAskForContacts.
    """
    if survey.mode is not Mode.ANONYMOUS:
        raise UnableToAskForContacts(
            N_("Only an anonymous survey takes contact slips; here people give their name anyway.")
        )
    if is_offered:
        found = insert_if_absent(session, ContactOffer).values(survey_id=survey.id)
        changed = changed_rows(session, found)
    else:
        gone = delete(ContactOffer).where(ContactOffer.survey_id == survey.id)
        changed = changed_rows(session, gone)
    if changed:
        act = "contact.offer" if is_offered else "contact.offer-no-more"
        audit.record(session, by=by, act=act, subject=survey.slug)


def leave(session: Session, survey: SurveyRow, slip: Slip, *, token: FormToken) -> bool:
    """Seal one slip; False when its form was sent before.

    A transaction of its own, after the one of the answer: no row of the two is written
    together. Raises UnableToLeaveSlip, UnableToSeal.
    """
    if not answers.spend(session, token):
        return False
    batch = queries.find_slip_batch(session, survey.id)
    if batch is not None and queries.is_offered(session, survey.id):
        size = size_of(survey.box_bytes)
        sealed = seal(slip.document(), public_key=batch.public_key, box_bytes=size)
        row = {"box": uuid4(), "batch": batch.id, "sealed": sealed}
        if changed_rows(session, _DROP, row) == 1:
            return True
    raise UnableToLeaveSlip(N_("Contact details can not be taken at the moment."))


def start_batch(session: Session, survey_id: UUID, *, folder: Path) -> bool:
    """Make the key that a survey's slips are sealed with; False where keys are not kept."""
    batch_id = ballots.start_batch(
        session, survey_id=survey_id, channel=SLIPS, segments=(), folder=folder
    )
    if batch_id is None:
        return False
    before = queries.count_openings(session, survey_id)
    row = {"batch_id": batch_id, "openings_before": before}
    session.execute(insert_if_absent(session, SlipBatch).values(row))
    return True


def open_slips(
    session: Session, batch_id: UUID, survey_id: UUID, *, folder: Path, opened_on: date
) -> int:
    """Open every slip of a batch, shuffled, under new identifiers; how many.

    In the caller's transaction; the key is destroyed after its commit (ballots.forget_keys).
    """
    locked = session.scalar(
        select(Batch.id)
        .where(Batch.id == batch_id, Batch.state != BatchState.OPENED)
        .with_for_update()
    )
    private = keys.find_key(folder, survey_id, batch_id)
    if locked is None or private is None:
        return 0
    slips: list[Slip] = []
    for ciphertext in session.scalars(
        select(ContactSlip.ciphertext).where(ContactSlip.batch_id == batch_id)
    ):
        try:
            slips.append(Slip.from_document(unseal(ciphertext, private_key=private)))
        except (UnableToUnseal, KeyError):
            continue  # damaged, or written into the table by somebody else
    secrets.SystemRandom().shuffle(slips)
    shared = {"survey_id": survey_id, "opened_on": opened_on, "is_called": False}
    rows = [{"id": uuid4(), **shared, **slip.document()} for slip in slips]
    if rows:
        session.execute(insert(Contact), rows)
    count = changed_rows(session, delete(ContactSlip).where(ContactSlip.batch_id == batch_id))
    opened = update(Batch).where(Batch.id == batch_id)
    session.execute(opened.values(state=BatchState.OPENED, opened_on=opened_on, boxes_opened=count))
    return count


def wait_on(session: Session, batch_id: UUID, *, openings: int) -> None:
    """Let an empty batch wait for the next crowd after the `openings` so far."""
    batch = update(SlipBatch).where(SlipBatch.batch_id == batch_id)
    session.execute(batch.values(openings_before=openings))


def give_up(session: Session, batch_id: UUID) -> int:
    """Give up slips whose key is gone, as after restoring a backup; how many."""
    count = changed_rows(session, delete(ContactSlip).where(ContactSlip.batch_id == batch_id))
    session.execute(update(Batch).where(Batch.id == batch_id).values(state=BatchState.DISCARDED))
    return count


def mark_called(session: Session, contact_id: UUID, *, is_called: bool, by: str) -> None:
    """Note that somebody was called, or not after all. Raises UnableToFindContact."""
    change = update(Contact).where(Contact.id == contact_id).values(is_called=is_called)
    if not changed_rows(session, change):
        raise UnableToFindContact(N_("This contact is not there any more."))
    act = "contact.called" if is_called else "contact.not-called"
    audit.record(session, by=by, act=act, subject=str(contact_id))


def forget(session: Session, contact_id: UUID, *, by: str) -> None:
    """Delete who wanted to be called, with all they left. Raises UnableToFindContact."""
    if not changed_rows(session, delete(Contact).where(Contact.id == contact_id)):
        raise UnableToFindContact(N_("This contact is not there any more."))
    audit.record(session, by=by, act="contact.delete", subject=str(contact_id))


def forget_demo(session: Session, survey_ids: list[UUID]) -> None:
    """Take away everything of surveys that are about to be removed."""
    batches = select(Batch.id).where(Batch.survey_id.in_(survey_ids))
    session.execute(delete(ContactSlip).where(ContactSlip.batch_id.in_(batches)))
    session.execute(delete(SlipBatch).where(SlipBatch.batch_id.in_(batches)))
    session.execute(delete(Contact).where(Contact.survey_id.in_(survey_ids)))
    session.execute(delete(ContactOffer).where(ContactOffer.survey_id.in_(survey_ids)))
