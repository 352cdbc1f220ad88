"""Surveys with opened answers for tests and benches, inserted in bulk past the ballot box."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from feedback_app.answers.models import Answer
from feedback_app.causes.queries import get_starter
from feedback_app.foundation.db import Database
from feedback_app.surveys import actions, queries
from feedback_app.surveys.models import Survey
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Mode

ROWS_PER_INSERT = 5000


@dataclass(frozen=True)
class Told:
    """One opened answer: causes by code, the one that decided it, and all that may stand beside."""

    causes: tuple[str, ...] = ()
    primary: str = ""
    on: date = date(2024, 3, 5)
    channel: str = "link"
    language: str = "en"
    segments: tuple[str, ...] = ()
    score: int | None = None
    competitor: str = ""
    offers: str = ""
    document: dict[str, Any] = field(default_factory=dict)


def make_survey(
    database: Database,
    name: str = "Departed",
    *,
    mode: Mode = Mode.ANONYMOUS,
    k: int = 5,
    segments: tuple[str, ...] = (),
    is_demo: bool = False,
) -> SurveyRow:
    """A survey that answers can be put into."""
    with database.writing() as session:
        if mode is Mode.IMPORT:
            row = actions.create_import(session, by="test", name=name, language="en")
            session.execute(update(Survey).where(Survey.id == row.id).values(k=k))
        else:
            row = actions.create(
                session,
                by="test",
                template="departed",
                name=name,
                language="en",
                k=k,
                mode=mode,
                is_demo=is_demo,
            )
            actions.publish(session, row.id, by="test")
        if segments:
            actions.name_segments(session, row.id, segments)
        return queries.get_survey(session, row.slug)


def put_answers(
    database: Database, survey: SurveyRow, told: Iterable[Told | tuple[Told, int]]
) -> int:
    """Insert answers, each given once or as a pair (answer, how many alike); how many."""
    with database.writing() as session:
        number = _insert(session, (_row(survey.id, it) for it in _repeated(told)))
        actions.note_new_answers(session, survey.id)
    return number


def _repeated(told: Iterable[Told | tuple[Told, int]]) -> Iterator[Told]:
    for item in told:
        answer, number = item if isinstance(item, tuple) else (item, 1)
        for _ in range(number):
            yield answer


def _row(survey_id: UUID, told: Told) -> dict[str, Any]:
    padded = [*told.segments, "", "", ""]
    return {
        "id": uuid4(),
        "survey_id": survey_id,
        "version_id": None,
        "opened_on": told.on,
        "channel": told.channel,
        "language": told.language,
        "segment_1": padded[0],
        "segment_2": padded[1],
        "segment_3": padded[2],
        "cause_set": " ".join(sorted(told.causes)),
        "primary_cause": told.primary,
        "codebook": 1,
        "return_likelihood": told.score,
        "competitor": told.competitor,
        "offers": told.offers,
        "has_text": bool(told.document),
        "document": told.document,
    }


def _insert(session: Session, rows: Iterator[dict[str, Any]]) -> int:
    number = 0
    while some := list(islice(rows, ROWS_PER_INSERT)):
        session.execute(insert(Answer), some)
        number += len(some)
    return number


def invent_answers(
    number: int, *, seed: int = 1, months: int = 12, codes: Sequence[str] = ()
) -> Iterator[Told]:
    """Answers of an invented company: some causes are frequent, most are rare."""
    chance = random.Random(seed)
    causes = list(codes or (cause.code for cause in get_starter().causes))
    chance.shuffle(causes)
    weights = [1 / (place + 1) for place in range(len(causes))]
    for _ in range(number):
        many = chance.choices((0, 1, 2, 3, 4), (3, 40, 30, 17, 10))[0]
        named = tuple(sorted(set(chance.choices(causes, weights, k=many))))
        went = any(code.startswith("competitor.") for code in named)
        offers = chance.sample(("price", "product", "service", "terms"), chance.randrange(3))
        yield Told(
            causes=named,
            primary=chance.choice(named) if named and chance.random() < 0.93 else "",
            on=date(2024, 1, 1) + timedelta(days=chance.randrange(months * 30)),
            channel=chance.choice(("link", "invitation")),
            language=chance.choices(("en", "ru", "uk"), (6, 3, 1))[0],
            segments=(chance.choice(("free", "pro", "team")),),
            score=chance.randrange(11) if chance.random() < 0.8 else None,
            competitor=chance.choice(("", "Northwind", "Meridian")) if went else "",
            offers=" ".join(sorted(offers)) if went else "",
        )
