"""Import of customers: rows per second and peak memory, against a floor in the same run.

The floor reads the same file with csv.reader and stores the same rows with one bare
executemany into the same table and indexes: no checks, no merging, no comparison with what
is known. Each is a process of its own, from start to exit, on a fresh SQLite database, one
after the other; medians are printed. "again" brings the same list in a second time.

    python -m tests.bench.import_customers [--rows 100000] [--rounds 3] [--workbook]
"""

from __future__ import annotations

import argparse
import csv
import random
import sqlite3
import statistics
import sys
import tempfile
import uuid
from pathlib import Path

from tests.bench.import_answers import FEEDBACK, INIT, Run, measure
from tests.factories.customers import LIST_HEADER, write_list
from tests.factories.exports import write_workbook

MODULE = (sys.executable, "-m", "tests.bench.import_customers")
MOST_SECONDS, MOST_MEGABYTES = 60, 300
NAMES = ("Олена Коваль", "John Smith", "Мария Петрова", "Андрій Бондар", "Sofía García")
INSERT = """
INSERT INTO customer (id, reference, name, email, phone, language, status, departed_on,
  account_manager, plan, region, value_class, monthly_revenue_cents, attributes,
  last_invited_on, created_on, updated_on, search_text)
VALUES (?, ?, ?, ?, ?, ?, 'departed', ?, ?, ?, ?, '', ?, ?, NULL, '2026-01-01', '2026-01-01', ?)
"""


def main() -> None:
    """Print rows/s, peak memory and the ratio to the floor."""
    if len(sys.argv) > 1 and sys.argv[1] in ("floor", "make"):
        {"floor": store_bare, "make": make_files}[sys.argv[1]](*map(Path, sys.argv[2:]))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workbook", action="store_true", help="an .xlsx instead of a CSV")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # By a process of its own: a child's peak memory would begin with what we held.
        measure(folder, [*MODULE, "make", str(folder), str(given.rows)])
        plain = folder / "list.csv"
        file = folder / "list.xlsx" if given.workbook else plain
        runs: dict[str, list[Run]] = {"import": [], "again": [], "floor": []}
        for number in range(given.rounds):
            home, bare = folder / f"home-{number}", folder / f"floor-{number}"
            measure(home, INIT)
            bring_in = [*FEEDBACK, "import", "customers", str(file)]
            runs["import"].append(measure(home, bring_in))
            runs["again"].append(measure(home, bring_in))
            measure(bare, INIT)
            runs["floor"].append(measure(bare, [*MODULE, "floor", str(bare), str(plain)]))
        report(runs, rows=given.rows)


def make_files(folder: Path, many: Path) -> None:
    """The list as CSV and as a workbook; `many`: how many rows, as text."""
    rows = make_rows(int(many.name))
    write_list(folder / "list.csv", rows)
    write_workbook(folder / "list.xlsx", rows, header=LIST_HEADER)


def make_rows(many: int) -> list[tuple[str, ...]]:
    """Customers of a company with plans, regions and a dozen account managers."""
    chance = random.Random(7)
    return [
        (
            f"C-{number:07d}",
            f"{chance.choice(NAMES)} {number}",
            f"customer{number}@mail{number % 200}.example.com",
            f"+380 50 {number:07d}",
            chance.choice(("uk", "ru", "en")),
            f"2026-{chance.randint(1, 9):02d}-{chance.randint(1, 28):02d}",
            f"Manager {number % 12}",
            chance.choice(("Basic", "Pro", "Max")),
            chance.choice(("Kyiv", "Lviv", "Odesa", "Dnipro")),
            f"{chance.randint(5, 900)}.{chance.randint(0, 99):02d}",
            chance.choice(("retail", "it", "farming")),
        )
        for number in range(many)
    ]


def store_bare(home: Path, file: Path) -> None:
    """The floor: the csv module, json by hand and one executemany."""
    connection = sqlite3.connect(home / "feedback.sqlite3")
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "cache_size=-8000"):
        connection.execute(f"PRAGMA {pragma}")
    with file.open(encoding="utf-8", newline="") as lines, connection:
        rows = csv.reader(lines)
        next(rows)
        connection.executemany(
            INSERT,
            (
                (
                    *(uuid.uuid4().hex, row[0], row[1], row[2], row[3], row[4], row[5], row[6]),
                    *(row[7], row[8], int(float(row[9]) * 100), f'{{"Industry": "{row[10]}"}}'),
                    f"{row[0]}\n{row[1]}\n{row[2]}\n{row[3]}".casefold(),
                )
                for row in rows
            ),
        )
    connection.close()


def report(runs: dict[str, list[Run]], *, rows: int) -> None:
    """Medians, and how many times the floor's time the import takes."""
    seconds = {name: statistics.median(run.seconds for run in each) for name, each in runs.items()}
    for name, each in runs.items():
        peak = max(run.megabytes for run in each)
        processor = statistics.median(run.processor for run in each)
        print(
            f"{name:7} {seconds[name]:6.2f} s {rows / seconds[name]:9,.0f} rows/s"
            f"   {processor:.2f} s of a processor   peak {peak:4.0f} MB"
        )
    print(f"import / floor: {seconds['import'] / seconds['floor']:.2f} times the time")
    peak = max(run.megabytes for run in runs["import"])
    is_kept = seconds["import"] < MOST_SECONDS and peak < MOST_MEGABYTES
    print(f"under {MOST_SECONDS} s and {MOST_MEGABYTES} MB: {'yes' if is_kept else 'NO'}")


if __name__ == "__main__":
    main()
