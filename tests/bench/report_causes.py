"""How long a cause report takes against the bare SQL that reads the same rows.

    python -m tests.bench.report_causes [100000 1000000]

Invented answers are inserted in bulk into an embedded database and into a PostgreSQL server of
its own. "bare" is the one GROUP BY of cause set, primary cause and month, fetched as rows;
"same rows" the three statements a report makes. All are medians of interleaved runs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from feedback_app.causes.queries import get_catalogue
from feedback_app.foundation.db import Database
from feedback_app.reporting import queries
from feedback_app.reporting.analyst.requests import ReportRequest
from feedback_app.reporting.analyst_process import AnalystProcess
from feedback_app.reporting.rules.selection import Selection
from feedback_app.reporting.shelf import OpenedReport, Shelf
from feedback_app.reporting.views.wording import CHARTS
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Mode
from tests.bench.rounds import (
    MONTH,
    count_groups,
    give_statistics,
    on_both_databases,
    prepare,
    say,
    take_times,
)
from tests.factories.answers import invent_answers, make_survey, put_answers

RUNS = 5
SIZES = (100_000, 1_000_000)
WORDS = {"title": "t", "description": "d", "played": "p", "decided": "d", "cumulative": "c"}


def main() -> None:
    """Fill both databases with each number of answers and print the ratios."""
    on_both_databases([int(it) for it in sys.argv[1:]] or list(SIZES), measure)


def measure(name: str, database: Database, size: int, folder: Path) -> None:
    """One line per way of making the report."""
    survey = fill(database, size)
    analyst = AnalystProcess(folder)
    analyst.warm_up()
    reports = Shelf(database, analyst)

    def fresh(selection: Selection) -> OpenedReport:
        # A shelf of its own: nothing made before is kept.
        found = Shelf(database, analyst).find(survey.slug, selection)
        assert found is not None
        return found

    def with_charts() -> None:
        report = fresh(Selection())
        for chart in CHARTS:
            reports.find_chart(
                report, chart, width=720, language=str(time.monotonic()), words=words
            )

    fresh(Selection())
    ways: dict[str, Callable[[], object]] = {
        "bare": lambda: bare(name, database, survey),
        "same rows": lambda: same_rows(database, survey),
        "report": lambda: made(database, survey, analyst),
        "first view": lambda: fresh(Selection()),
        "first view, one language": lambda: fresh(Selection(values=(("language", "en"),))),
        "first view and five charts": with_charts,
        "kept view": lambda: reports.find(survey.slug, Selection()),
    }
    medians = take_times(ways, RUNS)
    analyst.close()
    say(f"{name}, {size:,} answers", medians, "bare", "same rows")


def words() -> dict[str, str]:
    """Words of a chart."""
    return dict(WORDS)


def fill(database: Database, size: int) -> SurveyRow:
    """A survey with so many answers, and statistics for the planner."""
    prepare(database)
    survey = make_survey(database, "Bench", mode=Mode.IMPORT, k=10)
    put_answers(database, survey, invent_answers(size, months=24))
    give_statistics(database)
    return survey


def bare(name: str, database: Database, survey: SurveyRow) -> int:
    """The smallest SQL that gives what causes are counted from."""
    return count_groups(
        database,
        survey,
        f"SELECT cause_set, primary_cause, {MONTH[name]}, count(*) FROM answer "
        "WHERE survey_id = :survey GROUP BY 1, 2, 3",
    )


def same_rows(database: Database, survey: SurveyRow) -> object:
    """The statements of a report, without what is made of them."""
    with database.reports() as session:
        return queries.read_counts(session, survey.id, Selection(), is_exact=False)


def made(database: Database, survey: SurveyRow, analyst: AnalystProcess) -> object:
    """Count and compute, without what the filters' form asks for."""
    with database.reports() as session:
        catalogue = get_catalogue(session)
        counts = queries.read_counts(session, survey.id, Selection(), is_exact=False)
    request = ReportRequest(
        survey=survey.slug,
        counts=counts,
        entries=queries.list_entries(catalogue),
        codebook=catalogue.codebook,
        min_group=survey.k,
        selection=Selection(),
    )
    return analyst.ask({"asks": "report", "key": "bench", "request": request.document()})


if __name__ == "__main__":
    main()
