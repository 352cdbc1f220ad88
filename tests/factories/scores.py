"""Invented answers of current customers and of a staff poll, stored as an opening stores them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from feedback_app.answers import actions as answers
from feedback_app.answers.rules import Envelope
from feedback_app.foundation.db import Database
from feedback_app.surveys import actions, queries
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Channel
from feedback_app.tagging.rules.chosen import chosen_tags

ROWS = ("quality", "service", "speed", "staff", "value", "plans", "communication")


def make_ready_survey(
    database: Database,
    template: str,
    name: str,
    *,
    k: int = 5,
    segments: tuple[str, ...] = (),
    is_demo: bool = False,
) -> SurveyRow:
    """One of the ready surveys, open for answers."""
    with database.writing() as session:
        row = actions.create(
            session, by="test", template=template, name=name, language="en", k=k, is_demo=is_demo
        )
        actions.publish(session, row.id, by="test")
        if segments:
            actions.name_segments(session, row.id, segments)
        return queries.get_survey(session, row.slug)


def put_values(
    database: Database,
    survey: SurveyRow,
    values: Iterable[dict[str, Any]],
    *,
    on: date = date(2024, 3, 15),
    segments: tuple[str, ...] = (),
    language: str = "en",
) -> None:
    """Store one answer per value set."""
    with database.writing() as session:
        opened = queries.find_for_respondent(session, survey_id=survey.id)
        assert opened is not None
        answers.store(
            session,
            opened.survey,
            [Envelope(opened.version_id, language, each) for each in values],
            channel=Channel.LINK,
            segments=segments,
            tagger=chosen_tags,
            on=on,
        )


def invent_current(number: int, *, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Current customers: ratings go with recommending, some leave questions out."""
    chance = random.Random(seed)
    for _ in range(number):
        rows: dict[str, Any] = {
            row: "na" if chance.random() < 0.1 else chance.randint(1, 5)
            for row in ROWS
            if chance.random() < 0.97
        }
        liking = sum(it for it in rows.values() if it != "na") / 3
        values: dict[str, Any] = {"csat": chance.randint(1, 5), "ratings": rows}
        if chance.random() < 0.8:
            values["nps"] = max(0, min(10, round(liking + chance.gauss(0, 2))))
        if chance.random() < 0.7:
            values["leave_likelihood"] = chance.randint(0, 10)
        if chance.random() < 0.6:
            ticked = chance.sample(["company.price", "company.quality", "client.budget"], 2)
            values["could_leave"] = {"ticked": sorted(ticked), "decided": ticked[0]}
        if chance.random() < 0.5:
            values["offers_heard"] = {"choices": [chance.choice(["price", "terms", "none"])]}
        yield values


def invent_staff(number: int, *, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Staff who blame the customers' money."""
    chance = random.Random(seed)
    for _ in range(number):
        ticked = ["client.budget", chance.choice(["company.price", "competitor.price"])]
        ranked = ticked if chance.random() < 0.7 else ticked[::-1]
        predicted = {code: chance.choice([30, 40, 50]) for code in ticked}
        yield {"believed": {"ticked": sorted(ticked), "ranked": ranked}, "predicted": predicted}
