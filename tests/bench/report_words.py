"""How long "In their own words" and the next statement take against the bare SQL.

    python -m tests.bench.report_words [100000 300000]

Invented answers with a text each are inserted in bulk, with suggestions and some confirmed tags,
into an embedded database and into a PostgreSQL server of its own. "bare" is one GROUP BY of what
the tagger and people say, fetched as rows. All are medians of interleaved runs.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from feedback_app.answers.models import Answer
from feedback_app.foundation.db import Database
from feedback_app.reporting.analyst_process import AnalystProcess
from feedback_app.reporting.queries.own_words import read_own_words
from feedback_app.reporting.words_shelf import WordsShelf
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Mode
from feedback_app.tagging import actions, queries
from feedback_app.tagging.models import Statement
from feedback_app.tagging.rules import NONE, UNSURE, Tag
from feedback_app.tagging.rules.queue import AUDIT_EVERY
from feedback_app.tagging.suggesting.examples import list_examples
from tests.bench.rounds import (
    ROWS_PER_INSERT,
    count_groups,
    give_statistics,
    on_both_databases,
    prepare,
    say,
    take_times,
)
from tests.factories.answers import make_survey

RUNS = 5
SIZES = (100_000, 300_000)
MODEL, READER = "20260101T000000.000000Z", "bench@example.com"
#: Of a hundred statements so many are confirmed, and so many answers tick a cause themselves.
CONFIRMED, TICKED = 10, 60


def main() -> None:
    """Fill both databases with each number of statements and print the ratios."""
    on_both_databases([int(it) for it in sys.argv[1:]] or list(SIZES), measure)


def measure(name: str, database: Database, size: int, folder: Path) -> None:
    """One line per way of reading statements."""
    survey = fill(database, size)
    analyst = AnalystProcess(folder)
    analyst.warm_up()
    shelf = WordsShelf(database, analyst)
    assert shelf.find(survey.slug, "confirmed")
    ways: dict[str, Callable[[], object]] = {
        "bare": lambda: bare(database, survey),
        "same rows": lambda: same_rows(database, survey),
        "words, first view": lambda: WordsShelf(database, analyst).find(survey.slug, "confirmed"),
        "words, later views": lambda: shelf.find(survey.slug, "confirmed"),
        "next statement": lambda: next_statement(database, survey, turn=0),
        "next of the audit": lambda: next_statement(database, survey, turn=AUDIT_EVERY - 1),
        "one confirmed": lambda: confirm(database, survey),
    }
    medians = take_times(ways, RUNS)
    analyst.close()
    say(f"{name}, {size:,} statements", medians, "bare")


def fill(database: Database, size: int) -> SurveyRow:
    """A survey with so many statements, and statistics for the planner."""
    prepare(database)
    survey = make_survey(database, "Bench", mode=Mode.IMPORT, k=10)
    rows = islice(_rows(survey.id), size)
    while some := list(islice(rows, ROWS_PER_INSERT)):
        with database.writing() as session:
            session.execute(insert(Answer), [answer for answer, _statement in some])
            session.execute(insert(Statement), [statement for _answer, statement in some])
    give_statistics(database)
    return survey


def _rows(survey_id: UUID) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    chance = random.Random(1)
    told = [(language, code, words) for language, code, words in list_examples() if code != NONE]
    while True:
        language, code, words = chance.choice(told)
        is_ticked, is_read = (chance.randrange(100) < share for share in (TICKED, CONFIRMED))
        said = chance.choices((code, UNSURE, NONE), (0.8, 0.15, 0.05))[0]
        confirmed = code if is_read else ""
        answer_id, confidence = uuid4(), chance.random()
        yield (
            {
                "id": answer_id,
                "survey_id": survey_id,
                "opened_on": date(2024, 1, 1) + timedelta(days=chance.randrange(700)),
                "channel": "link",
                "language": language,
                "cause_set": code if is_ticked else "",
                "primary_cause": code if is_ticked else "",
                "codebook": 1,
                "has_text": True,
                "document": {"more": words},
            },
            {
                "id": uuid4(),
                "survey_id": survey_id,
                "answer_id": answer_id,
                "question": "more",
                "text": words,
                "is_ticked": is_ticked,
                "is_audit": chance.randrange(AUDIT_EVERY) == 0,
                "model": MODEL,
                "suggested": said,
                "confidence": confidence,
                "urgency": confidence,
                "confirmed": confirmed,
                "told": confirmed,
            },
        )


def bare(database: Database, survey: SurveyRow) -> int:
    """The smallest SQL that gives what the page counts of the tagger and of people."""
    return count_groups(
        database,
        survey,
        "SELECT suggested, told, is_audit, count(*) FROM statement "
        "WHERE survey_id = :survey GROUP BY 1, 2, 3",
    )


def same_rows(database: Database, survey: SurveyRow) -> object:
    """The statements behind the page, without what is made of them."""
    with database.reports() as session:
        return read_own_words(session, survey.id)


def next_statement(database: Database, survey: SurveyRow, *, turn: int) -> queries.StatementRow:
    """What the review screen asks for beside the reader's thinking."""
    with database.reading() as session:
        queries.count_readings(session, survey.id, READER)
        found = queries.find_next(session, survey.id, reader=READER, turn=turn)
    assert found is not None
    return found


def confirm(database: Database, survey: SurveyRow) -> None:
    """One word of a reader, stored."""
    row = next_statement(database, survey, turn=0)
    with database.writing() as session:
        actions.confirm(session, row, Tag(NONE), by=READER, codebook=1)


if __name__ == "__main__":
    main()
