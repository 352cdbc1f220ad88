"""How long reports on current customers take against the bare SQL that reads the same column.

    python -m tests.bench.report_scores [100000 1000000]

Invented answers are inserted in bulk into an embedded database and into a PostgreSQL server of
its own. "bare" is one GROUP BY of the column of scores and the month, fetched as rows. All are
medians of interleaved runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from feedback_app.answers.models import Answer
from feedback_app.foundation.db import Database
from feedback_app.reporting.analyst_process import AnalystProcess
from feedback_app.reporting.queries.questions import read_question_counts
from feedback_app.reporting.queries.scores import read_scores
from feedback_app.reporting.question_shelf import QuestionShelf
from feedback_app.reporting.rules.kinds import ReportKind
from feedback_app.reporting.rules.selection import Selection
from feedback_app.reporting.score_shelf import ScoreShelf
from feedback_app.reporting.shelf import Shelf
from feedback_app.surveys.queries import SurveyRow, get_joined_definition, list_score_fields
from feedback_app.surveys.rules.scores import spell_scores
from feedback_app.tagging.rules.chosen import chosen_tags
from tests.bench.rounds import (
    MONTH,
    ROWS_PER_INSERT,
    count_groups,
    give_statistics,
    on_both_databases,
    prepare,
    say,
    take_times,
)
from tests.factories.scores import invent_current, make_ready_survey

RUNS = 3
SIZES = (100_000, 1_000_000)
DISTINCT = 5_000


def main() -> None:
    """Fill both databases with each number of answers and print the ratios."""
    on_both_databases([int(it) for it in sys.argv[1:]] or list(SIZES), measure)


def measure(name: str, database: Database, size: int, folder: Path) -> None:
    """One line per way of making the report."""
    survey = fill(database, size)
    analyst = AnalystProcess(folder)
    analyst.warm_up()

    def current() -> None:
        assert ScoreShelf(database, analyst).find(survey.slug, ReportKind.CURRENT, "")

    def questions() -> None:
        shelf = QuestionShelf(database, analyst, Shelf(database, analyst))
        assert shelf.find(survey.slug, Selection())

    current()
    ways: dict[str, Callable[[], object]] = {
        "bare": lambda: bare(name, database, survey),
        "all scores": lambda: scores(database, survey),
        "all choices and texts": lambda: choices(database, survey),
        "report on current customers": current,
        "all answers, by question": questions,
    }
    medians = take_times(ways, RUNS)
    analyst.close()
    say(f"{name}, {size:,} answers", medians, "bare")


def fill(database: Database, size: int) -> SurveyRow:
    """A survey of current customers with so many answers, and statistics for the planner."""
    prepare(database)
    survey = make_ready_survey(database, "current", "Bench", k=10, segments=("region",))
    with database.reading() as session:
        fields = list_score_fields(session, survey.id)
    rows = islice(_rows(survey.id, fields), size)
    while some := list(islice(rows, ROWS_PER_INSERT)):
        with database.writing() as session:
            session.execute(insert(Answer), some)
    give_statistics(database)
    return survey


def _rows(survey_id: UUID, fields: Any) -> Iterator[dict[str, Any]]:
    made = [{**values, "nps_why": "Because."} for values in invent_current(DISTINCT)]
    for at, values in enumerate(cycle(made)):
        tags = chosen_tags(values)
        yield {
            "id": uuid4(),
            "survey_id": survey_id,
            "opened_on": date(2024, 1, 1) + timedelta(days=at % 700),
            "channel": "link",
            "language": ("en", "ru", "uk")[at % 3],
            "segment_1": ("north", "south")[at % 2],
            "cause_set": tags.cause_set,
            "primary_cause": tags.primary,
            "codebook": 1,
            "scores": spell_scores(fields, values),
            "has_text": True,
            "document": values,
        }


def bare(name: str, database: Database, survey: SurveyRow) -> int:
    """The smallest SQL that reads every number."""
    return count_groups(
        database,
        survey,
        f"SELECT scores, {MONTH[name]}, count(*) FROM answer "
        "WHERE survey_id = :survey GROUP BY 1, 2",
    )


def scores(database: Database, survey: SurveyRow) -> object:
    """The statements behind the report's scores."""
    with database.reports() as session:
        return read_scores(session, survey.id)


def choices(database: Database, survey: SurveyRow) -> object:
    """What the page of all answers reads beside the scores."""
    with database.reports() as session:
        definition = get_joined_definition(session, survey.id)
        return read_question_counts(session, survey.id, definition, Selection(), with_numbers=False)


if __name__ == "__main__":
    main()
