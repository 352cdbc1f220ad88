"""Making statements out of opened answers. Safe to repeat: what is there stays as it is."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from feedback_app.answers.masking import Mask, NameList, mask_text
from feedback_app.answers.masking.counting import note_masked
from feedback_app.answers.models import Answer
from feedback_app.answers.rules import texts_of
from feedback_app.foundation.db import insert_if_absent
from feedback_app.tagging.models import Statement, TaggingDesk
from feedback_app.tagging.rules.queue import is_drawn
from feedback_app.tagging.rules.sources import question_of_card

ANSWERS_AT_ONCE = 500
LONGEST_QUESTION = 80


def make_statements(
    session: Session, survey_id: UUID, *, after: UUID | None, mask: Mask
) -> tuple[int, UUID | None]:
    """Statements of the next answers that have none; how many answers, and the last one's id.

    `after`: the last answer of the step before. Answers of before there was masking are masked
    here, in their document too.
    """
    rows = session.execute(
        select(Answer.id, Answer.cause_set, Answer.document)
        .where(
            Answer.survey_id == survey_id,
            Answer.has_text,
            ~exists().where(Statement.answer_id == Answer.id),
            *([Answer.id > after] if after is not None else []),
        )
        .order_by(Answer.id)
        .limit(ANSWERS_AT_ONCE)
    ).all()
    made: list[dict[str, Any]] = []
    for answer_id, cause_set, document in rows:
        masked = mask(document)
        if masked.counts:
            session.execute(
                update(Answer).where(Answer.id == answer_id).values(document=masked.values)
            )
            note_masked(session, survey_id, masked.counts)
        made += [
            _statement(survey_id, answer_id, question, text, is_ticked=bool(cause_set))
            for question, text in texts_of(masked.values)
        ]
    if made:
        session.execute(insert_if_absent(session, Statement), made)
    return len(rows), rows[-1].id if rows else None


def make_cards(
    session: Session, survey_id: UUID, code: str, texts: Mapping[UUID, str], *, names: NameList
) -> int:
    """Statements of a live session's cards (id -> text), beside a survey; how many.

    Staff wrote them: they have no answer, so that no report counts them, and are never of the
    audit, which speaks of customers.
    """
    made = []
    for card, text in texts.items():
        masked, _counts = mask_text(text, names)
        row = _statement(survey_id, None, question_of_card(code), masked, is_ticked=False)
        made.append({**row, "id": card, "is_audit": False})
    if made:
        session.execute(insert_if_absent(session, Statement), made)
    return len(made)


def _statement(
    survey_id: UUID, answer_id: UUID | None, question: str, text: str, *, is_ticked: bool
) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "survey_id": survey_id,
        "answer_id": answer_id,
        "question": question[:LONGEST_QUESTION],
        "text": text,
        "is_ticked": is_ticked,
        "is_audit": is_drawn(secrets.token_bytes(4)),
        "model": "",
        "suggested": "",
        "suggested_others": "",
        "confidence": 0.0,
        "evidence": [],
        "urgency": 1.0,  # waits until the tagger has seen it
        "confirmed": "",
        "confirmed_others": "",
        "told": "",
        "told_others": "",
    }


def note_statements_made(session: Session, survey_id: UUID, answers_revision: int) -> None:
    """Remember that all answers up to this revision have their statements."""
    ensure_desk(session, survey_id)
    session.execute(
        update(TaggingDesk)
        .where(TaggingDesk.survey_id == survey_id)
        .values(answers_revision=answers_revision)
    )


def ensure_desk(session: Session, survey_id: UUID) -> None:
    """The survey's row of the worker's progress."""
    row = {"survey_id": survey_id, "answers_revision": -1, "told_revision": 0, "themes_model": ""}
    session.execute(insert_if_absent(session, TaggingDesk), row)
