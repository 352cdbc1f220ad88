"""Counts of statements and quotes for the page "In their own words"."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, String, case, func, literal_column, or_, select
from sqlalchemy.orm import Session

from feedback_app.answers.models import Answer
from feedback_app.reporting.rules.own_words import (
    CONFIDENCES,
    AuditRow,
    OwnWordsCounts,
    stratum_of,
)
from feedback_app.tagging.models import Statement, TaggingDesk, Theme
from feedback_app.tagging.rules import NONE, SKIP, UNSURE, Tag, is_readable

#: Customers' words alone: cards of live sessions are statements of no answer.
_BY_CUSTOMERS = Statement.answer_id.is_not(None)
#: Reading is for causes: what has none says nothing here.
_UNREAD = ("", SKIP)


@dataclass(frozen=True, slots=True)
class FoundTheme:
    """Statements alike that no cause covers; `quotes` are (statement id, text)."""

    words: tuple[str, ...]
    statements: int
    quotes: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class WordsRevision:
    """What changes whenever the counts could beside the answers: told tags, suggestions."""

    told_revision: int
    models: str


def find_revision(session: Session, survey_id: UUID) -> WordsRevision:
    """The state of a survey's statements, without looking at any of them."""
    # Of all surveys: both ends of an index are told at once, one survey's would be counted.
    newest = session.scalar(select(func.max(Statement.model)))
    oldest = session.scalar(select(func.min(Statement.model)))
    told = session.scalar(
        select(TaggingDesk.told_revision).where(TaggingDesk.survey_id == survey_id)
    )
    return WordsRevision(told or 0, f"{oldest} {newest}")


def read_own_words(session: Session, survey_id: UUID) -> OwnWordsCounts:
    """Everything the page is computed from, in four statements."""
    chosen = session.execute(
        select(Answer.cause_set, Answer.primary_cause, func.count().label("number"))
        .where(Answer.survey_id == survey_id)
        .group_by(Answer.cause_set, Answer.primary_cause)
    )
    return OwnWordsCounts(
        tuple((row.cause_set, row.primary_cause, row.number) for row in chosen),
        _read_strata(session, survey_id),
        _read_audit(session, survey_id),
        _read_unclear(session, survey_id),
    )


def _read_strata(session: Session, survey_id: UUID) -> tuple[Counter[str], ...]:
    """Answers without a tick by what they wrote: confirmed, then suggested.

    An answer may hold several texts: confirmed tags are put together; of suggestions the surest
    one counts, and only where nothing is confirmed.
    """
    rows = session.execute(
        select(
            Statement.answer_id,
            Statement.told,
            Statement.told_others,
            Statement.suggested,
            Statement.confidence,
        ).where(
            Statement.survey_id == survey_id,
            Statement.is_ticked.is_(False),
            _BY_CUSTOMERS,
        )
    )
    told: dict[UUID, frozenset[str]] = {}
    surest: dict[UUID, tuple[float, str]] = {}
    for answer_id, primary, others, suggested, confidence in rows:
        assert answer_id is not None
        if primary not in _UNREAD:
            told[answer_id] = told.get(answer_id, frozenset()) | Tag.of(primary, others).causes
        elif is_readable(suggested) and confidence >= CONFIDENCES[-1]:
            surest[answer_id] = max(surest.get(answer_id, (0.0, "")), (confidence, suggested))
    strata: list[Counter[str]] = [Counter() for _ in range(1 + len(CONFIDENCES))]
    strata[0].update(" ".join(sorted(codes)) for codes in told.values() if codes)
    for answer_id, (confidence, suggested) in surest.items():
        stratum = stratum_of(confidence)
        if answer_id not in told and stratum is not None:
            strata[1 + stratum][suggested] += 1
    return tuple(strata)


def _read_audit(session: Session, survey_id: UUID) -> tuple[AuditRow, ...]:
    is_read = Statement.is_audit & Statement.told.not_in(_UNREAD)
    rows = (
        select(
            Statement.suggested,
            case((is_read, Statement.told), else_="").label("told"),
            case((is_read, Statement.told_others), else_="").label("others"),
        )
        .where(Statement.survey_id == survey_id, Statement.model != "", _BY_CUSTOMERS)
        .subquery()
    )
    groups = (rows.c.suggested, rows.c.told, rows.c.others)
    found = session.execute(select(*groups, func.count()).group_by(*groups))
    return tuple(
        AuditRow(suggested, (primary, *beside.split()) if primary else (), bool(primary), number)
        for suggested, primary, beside, number in found
    )


def _read_unclear(session: Session, survey_id: UUID) -> tuple[tuple[str, int, int], ...]:
    is_unclear = case(
        (Statement.told != "", Statement.told.in_((NONE, SKIP))),
        else_=Statement.suggested.in_((NONE, UNSURE)),
    )
    month = _month(session)
    rows = session.execute(
        select(month, func.count(), func.sum(case((is_unclear, 1), else_=0)))
        .select_from(Statement)
        .join(Answer, Answer.id == Statement.answer_id)
        .where(Statement.survey_id == survey_id, Statement.model != "")
        .group_by(month)
        .order_by(month)
    )
    return tuple((text, number, int(unclear)) for text, number, unclear in rows)


def _month(session: Session) -> ColumnElement[str]:
    # Written out: bound parameters would make the grouped and the told expression two.
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    text = "to_char(answer.opened_on, 'YYYY-MM')" if is_postgresql else "substr(opened_on, 1, 7)"
    return literal_column(text, String).label("month")


def list_quotes(
    session: Session, survey_id: UUID, codes: tuple[str, ...], *, first: int, most: int
) -> tuple[int, list[str]]:
    """How many answers a confirmed text of which speaks of one of `codes`, and some texts.

    In the order of the statements' random ids, which says nothing.
    """
    carries = or_(
        Statement.told.in_(codes),
        *(
            (" " + Statement.told_others + " ").contains(f" {code} ", autoescape=True)
            for code in codes
        ),
    )
    where = (Statement.survey_id == survey_id, _BY_CUSTOMERS, carries)
    answers = func.count(func.distinct(Statement.answer_id))
    number = session.scalar(select(answers).where(*where)) or 0
    rows = session.scalars(
        select(Statement.text).where(*where).order_by(Statement.id).offset(first).limit(most)
    )
    return number, list(rows)


def list_themes(session: Session, survey_id: UUID) -> list[FoundTheme]:
    """The themes of a survey that no cause covers, the largest first."""
    rows = session.execute(
        select(Theme.words, Theme.statements, Theme.quotes)
        .where(Theme.survey_id == survey_id)
        .order_by(Theme.statements.desc(), Theme.id)
    ).all()
    ids = [UUID(each) for row in rows for each in row.quotes]
    texts = dict(
        session.execute(select(Statement.id, Statement.text).where(Statement.id.in_(ids))).all()
    )
    return [
        FoundTheme(
            tuple(words),
            number,
            tuple((UUID(it), texts[UUID(it)]) for it in quotes if UUID(it) in texts),
        )
        for words, number, quotes in rows
    ]
