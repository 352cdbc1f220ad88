"""Counts of what was masked, per survey and kind. What it was is kept nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from feedback_app.answers.masking import Kind, Mask
from feedback_app.answers.models import MaskingCount
from feedback_app.answers.rules import Envelope
from feedback_app.foundation.db import insert_if_absent


def mask_envelopes(
    session: Session, survey_id: UUID, envelopes: Sequence[Envelope], mask: Mask
) -> list[Envelope]:
    """The same envelopes without personal data in their free texts; what was there is counted."""
    found = [mask(each.values) for each in envelopes]
    note_masked(session, survey_id, sum((each.counts for each in found), Counter()))
    return [
        replace(each, values=masked.values) for each, masked in zip(envelopes, found, strict=True)
    ]


def note_masked(session: Session, survey_id: UUID, counts: Mapping[Kind, int]) -> None:
    """Add to the survey's counts of what was masked."""
    for kind, pieces in sorted(counts.items()):
        row = {"survey_id": survey_id, "kind": kind.value, "pieces": 0}
        session.execute(insert_if_absent(session, MaskingCount), row)
        session.execute(
            update(MaskingCount)
            .where(MaskingCount.survey_id == survey_id, MaskingCount.kind == kind.value)
            .values(pieces=MaskingCount.pieces + pieces)
        )
