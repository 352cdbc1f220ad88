"""Import of answers: rows per second and peak memory, against a floor in the same run.

The floor reads the same file with csv.reader and stores the same columns of the same rows
with one bare executemany into the same table and indexes: no map, no checks, no identity.
Both are processes of their own, from start to exit, on a fresh SQLite database each time,
one after the other; medians are printed. Seconds suffer from what else the machine does,
seconds of a processor hardly.

    python -m tests.bench.import_answers [--file CSV --map TOML] [--rounds 5]

Without a file: 33,332 made-up rows in the shape of a real exit survey.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.factories.exports import write_csv, write_map

ROWS = 33_332
FEEDBACK = (sys.executable, "-m", "feedback_app.cli")
INIT = [*FEEDBACK, "init"]
WORDS = ("the plan", "was too small", "for what", "we wanted", "support", "was slow", "in May")
REASONS = (
    *("Too expensive", "I don't need it anymore", "I’m switching to something else"),
    *("Other", "", ""),
)


@dataclass(frozen=True)
class Run:
    """One process: how long it took, how long it computed, the most memory it held."""

    seconds: float
    processor: float
    megabytes: float


def main() -> None:
    """Print rows/s, peak memory and the ratio to the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--map", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = given.file or make_file(Path(folder) / "export.csv")
        by_map = given.map or write_map(Path(folder) / "map.toml")
        runs: dict[str, list[Run]] = {"import": [], "again": [], "floor": []}
        for number in range(given.rounds):
            home = Path(folder) / f"home-{number}"
            measure(home, INIT)
            imported = import_command(file, by_map, home / "rejects.csv")
            runs["import"].append(measure(home, imported))
            runs["again"].append(measure(home, imported))
            runs["floor"].append(measure_floor(Path(folder) / f"floor-{number}", file))
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = sum(1 for _row in csv.reader(lines)) - 1
    report(runs, rows=rows)


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


def import_command(file: Path, by_map: Path, rejects: Path) -> list[str]:
    """The command as a person types it."""
    options = ("--survey", "Bench", "--map", str(by_map), "--rejects", str(rejects))
    return [*FEEDBACK, "import", "answers", str(file), *options]


def measure_floor(home: Path, file: Path) -> Run:
    """The floor on a migrated database."""
    measure(home, INIT)
    floor = Path(__file__).with_name("import_floor.py")
    return measure(home, [sys.executable, str(floor), str(file), str(home / "feedback.sqlite3")])


def measure(home: Path, command: list[str]) -> Run:
    """Run `command` to its end. Fails when the command does."""
    environ = {"PATH": os.environ["PATH"], "FEEDBACK_HOME": str(home)}
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def make_file(path: Path) -> Path:
    """Made-up answers: a third without a reason, a quarter with words."""
    chance = random.Random(7)
    rows = [
        (
            str(number),
            f"2024-{1 + number % 12:02}-{1 + number % 28:02} 10:{number % 60:02}:00",
            "exit" if number % 3 else "downgrade",
            chance.choice(REASONS),
            " ".join(chance.choices(WORDS, k=15)) if number % 4 == 0 else "",
        )
        for number in range(ROWS)
    ]
    return write_csv(path, rows)


if __name__ == "__main__":
    main()
