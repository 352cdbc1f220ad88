"""What the benches of reports share: both databases, rounds of several ways, and their ratios."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sqlalchemy import text

from feedback_app.causes.actions import load_catalogue
from feedback_app.foundation.db import Database
from feedback_app.foundation.schema import migrate
from feedback_app.surveys.queries import SurveyRow
from tests.databases import running_postgres

ROWS_PER_INSERT = 5_000
MONTH = {"sqlite": "substr(opened_on, 1, 7)", "postgresql": "to_char(opened_on, 'YYYY-MM')"}


def on_both_databases(
    sizes: Sequence[int], measure: Callable[[str, Database, int, Path], None]
) -> None:
    """Call `measure` with an empty database of each kind and a folder, once for each size."""
    with tempfile.TemporaryDirectory() as folder, running_postgres() as server:
        for size in sizes:
            embedded = f"sqlite:///{folder}/{size}.sqlite3"
            for name, url in (("sqlite", embedded), ("postgresql", server.url(server.create()))):
                database = Database(url)
                try:
                    measure(name, database, size, Path(folder))
                finally:
                    database.dispose()


def prepare(database: Database) -> None:
    """Tables, and the catalogue of causes."""
    migrate(database)
    with database.writing() as session:
        load_catalogue(session)


def give_statistics(database: Database) -> None:
    """What the planner of the database needs after rows were inserted in bulk."""
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))


def count_groups(database: Database, survey: SurveyRow, statement: str) -> int:
    """Rows of bare SQL that names the survey as `:survey`, fetched."""
    key = survey.id.hex if database.is_sqlite else survey.id
    with database.reports() as session:
        return len(session.execute(text(statement), {"survey": key}).all())


def take_times(ways: Mapping[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Way -> median seconds of so many interleaved runs."""
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(runs):
        for way, act in ways.items():
            begun = time.perf_counter()
            act()
            times[way].append(time.perf_counter() - begun)
    return {way: statistics.median(found) for way, found in times.items()}


def say(heading: str, medians: Mapping[str, float], *against: str) -> None:
    """One line per way: seconds, and how many times those of each way in `against`."""
    print(heading)
    for way, seconds in medians.items():
        ratios = "".join(f"   {seconds / medians[other]:8.3f} x {other}" for other in against)
        print(f"  {way:28} {seconds:9.4f} s{ratios}")
