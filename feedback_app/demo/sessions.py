"""One ended session of the demo company: cards, groups, votes, a comparison, an idea."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback_app.answers.models import Answer
from feedback_app.brainstorms import queries, seats
from feedback_app.brainstorms.actions import advancing, moving, writing
from feedback_app.brainstorms.models import Brainstorm, SessionCause, SessionEvent
from feedback_app.brainstorms.rules.phases import Phase, Plan
from feedback_app.causes.rules import Side
from feedback_app.surveys.queries import SurveyRow

PEOPLE = 24
TITLE = "Demo: why do small customers leave?"
QUESTION = {
    "en": "Why do small customers leave us within the first year?",
    "ru": "Почему небольшие клиенты уходят от нас в первый год?",
    "uk": "Чому невеликі клієнти йдуть від нас у перший рік?",
}
#: group -> side, cause, a root cause, cards, and how many people wrote and voted for it
GROUPS = (
    ("Answers come late", "company", "company.slow_response", "Two teams share one queue",
     ("Support takes four days to answer", "Nobody calls back"), 9, 15),
    ("Others are cheaper", "competitor", "competitor.price", "",
     ("A competitor is 20 % cheaper", "Others give three months free"), 7, 12),
    ("The bill is a riddle", "company", "company.communication", "Every tariff has its own form",
     ("Nobody understands the invoice",), 5, 8),
    ("It breaks", "company", "company.quality", "", ("The application crashes on export",), 4, 5),
    ("They close down", "client", "client.closed", "", ("Shop closed", "Business ended"), 3, 2),
    ("They move away", "client", "client.relocated", "", ("Moved to another city",), 2, 0),
    ("We promised it", "company", "company.expectations", "", ("The feature never came",), 1, 1),
)  # fmt: skip
#: What the demo's people guessed beforehand: each the next four of these.
PREDICTED = (
    *("company.price", "competitor.price", "company.slow_response", "client.closed"),
    *("company.features", "client.budget"),
)
IDEA = {
    "idea": "One owner for every request, an answer within a day",
    "owner": "Head of support",
    "due": "2027-03-01",
    "measure": "Share of requests answered within 24 hours",
}


def fill(session: Session, survey: SurveyRow, *, by: str, folder: Path) -> None:
    """Hold the session from its lobby to its end, the product's own way.

    It is compared with the opened answers of `survey`, the demo's own.
    """
    code = advancing.create(
        session,
        title=TITLE,
        question=QUESTION,
        plan=Plan(survey=survey.slug),
        by=by,
        folder=folder,
        is_demo=True,
    )
    brainstorm_id = queries.get_brainstorm(session, code).id
    key = seats.get_key(folder, brainstorm_id)
    people = [seats.make_secret() for _ in range(PEOPLE)]

    def go(to: Phase, customers: dict[str, object] | None = None) -> None:
        advancing.advance(
            session,
            brainstorm_id,
            to=to,
            by=by,
            client_id=uuid4(),
            folder=folder,
            customers=customers,
        )

    go(Phase.PREDICT)
    _predict(session, brainstorm_id, [key.tag("prediction", each) for each in people])

    go(Phase.WRITE)
    cards = _write(session, brainstorm_id, [key.tag("card", each) for each in people])
    go(Phase.TAG)
    units = _group(session, brainstorm_id, cards)
    go(Phase.VOTE)
    _vote(session, brainstorm_id, [key.tag("vote", each) for each in people], units)
    go(Phase.COMPARE, _told_by_customers(session, survey))
    go(Phase.DECIDE)
    _move(session, brainstorm_id, "idea", unit=units[0], **IDEA)
    go(Phase.OVER)


def _told_by_customers(session: Session, survey: SurveyRow) -> dict[str, object]:
    """What the survey's report tells: ranks and shares of its opened answers, no small group."""
    sets = session.scalars(select(Answer.cause_set).where(Answer.survey_id == survey.id)).all()
    named = [set(text.split()) for text in sets]
    counts = Counter(code for causes in named for code in causes if "." in code)
    told = sorted(
        ((code, count) for code, count in counts.items() if count >= survey.k),
        key=lambda it: (-it[1], it[0]),
    )
    numbers = [count for _code, count in told]
    return {
        "survey": survey.name,
        "is_demo": True,
        "respondents": len(named),
        "smallest": survey.k,
        "causes": [
            {"code": code, "rank": numbers.index(count) + 1, "share": count / len(named)}
            for code, count in told
        ],
        "sides": {
            side.value: sum(any(code.startswith(f"{side}.") for code in it) for it in named)
            for side in Side
        },
    }


def remove(session: Session) -> None:
    """Take the demo's sessions away."""
    demo = select(Brainstorm.id).where(Brainstorm.is_demo)
    for table in (SessionCause, SessionEvent):
        session.execute(delete(table).where(table.brainstorm_id.in_(demo)))
    session.execute(delete(Brainstorm).where(Brainstorm.is_demo))


def _predict(session: Session, brainstorm_id: UUID, owners: list[bytes]) -> None:
    for number, owner in enumerate(owners):
        causes = [PREDICTED[(number + step) % len(PREDICTED)] for step in range(4)]
        writing.predict(session, brainstorm_id, owner=owner, causes=causes, client_id=uuid4())


def _vote(session: Session, brainstorm_id: UUID, owners: list[bytes], units: list[str]) -> None:
    for number, owner in enumerate(owners):
        chosen = [unit for unit, row in zip(units, GROUPS, strict=True) if number < row[6]]
        first = [chosen[number % len(chosen)], *chosen] if chosen else []
        writing.vote(session, brainstorm_id, owner=owner, units=first, client_id=uuid4())


def _write(session: Session, brainstorm_id: UUID, owners: list[bytes]) -> list[list[str]]:
    """Each group's cards, written by different people."""
    written: list[list[str]] = []
    turn = 0
    for _name, side, _cause, _why, texts, writers, _votes in GROUPS:
        cards = []
        for number in range(writers):
            card = uuid4()
            writing.write_card(
                session,
                brainstorm_id,
                card_id=card,
                owner=owners[turn % len(owners)],
                side=side,
                text=texts[number % len(texts)],
            )
            cards.append(str(card))
            turn += 1
        written.append(cards)
    return written


def _group(session: Session, brainstorm_id: UUID, cards: list[list[str]]) -> list[str]:
    units = []
    for (name, _side, cause, why, *_rest), some in zip(GROUPS, cards, strict=True):
        unit = str(uuid5(NAMESPACE_OID, f"{brainstorm_id} {name}"))
        _move(session, brainstorm_id, "merged", units=some, into=unit)
        _move(session, brainstorm_id, "named", unit=unit, name=name)
        _move(session, brainstorm_id, "tagged", unit=unit, cause=cause)
        if why:
            _move(session, brainstorm_id, "why", unit=unit, level=1, text=why)
        units.append(unit)
    return units


def _move(session: Session, brainstorm_id: UUID, kind: str, **payload: object) -> None:
    moving.move(
        session,
        brainstorm_id,
        kind=kind,
        payload=payload,
        client_id=uuid4(),
        is_facilitator=True,
    )
