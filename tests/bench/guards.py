"""What the guards of an open link cost of a whole sending.

    python -m tests.bench.guards [--answers 2000]

A sending goes through the respondents' application in this process, into an embedded database.
Beside it stands what every sending pays for the guards (the trap, the count per network, whether
it is busy), and what one under load pays (a puzzle made, a solution looked at).
"""

from __future__ import annotations

import argparse
import base64
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from werkzeug.test import Client

from config import load_settings
from feedback_app import create_respondents
from feedback_app.answers import proof
from feedback_app.answers.arrivals import Arrivals
from feedback_app.answers.views.guard import is_trapped
from feedback_app.foundation.db import Database
from feedback_app.foundation.schema import migrate
from tests.bench.respondent_post import FIELDS, _body, _make_tokens, _prepare

SECRET = "a-key-that-only-benches-use-0123456789"


def main() -> None:
    """Print each part as a share of a sending."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=2000)
    answers = parser.parse_args().answers
    with tempfile.TemporaryDirectory() as folder:
        whole = measure_sending(Path(folder), answers)
    fields = {name: list(values) for name, values in FIELDS.items()}
    arrivals = Arrivals(120)

    def calm() -> None:
        arrivals.is_busy("bench")
        arrivals.note("bench", "203.0.113.7")
        is_trapped(fields)

    puzzle = json.loads(proof.make_puzzle(SECRET, "token"))
    number = next(it for it in range(proof.HARDEST + 1) if _solves(puzzle, it))
    solution = base64.b64encode(json.dumps({**puzzle, "number": number}).encode()).decode()
    assert proof.is_solved(SECRET, "token", solution)
    parts = {
        "guards in calm times": per_call(calm, answers),
        "a puzzle made": per_call(lambda: proof.make_puzzle(SECRET, "token"), answers),
        "a solution looked at": per_call(
            lambda: proof.is_solved(SECRET, "token", solution), answers
        ),
    }
    print(f"one sending                {whole * 1e6:9.1f} us")
    for name, seconds in parts.items():
        print(f"{name:26} {seconds * 1e6:9.1f} us   {seconds / whole:8.2%} of a sending")


def _solves(puzzle: dict[str, str], number: int) -> bool:
    import hashlib

    return hashlib.sha256(f"{puzzle['salt']}{number}".encode()).hexdigest() == puzzle["challenge"]


def measure_sending(folder: Path, answers: int) -> float:
    """Seconds of one plain sending: read, sealed, stored, thanked."""
    settings = load_settings(
        {"FEEDBACK_HOME": str(folder), "FEEDBACK_SECRET_KEY": SECRET, "FEEDBACK_BUSY_FROM": "0"}
    )
    database = Database(settings.database_url)
    migrate(database)
    slug, version = _prepare(settings)
    client = Client(create_respondents(settings, database))
    path = f"/s/{slug}"
    tokens = _make_tokens(settings, f"{path} {version}", answers)
    times = []
    for token in tokens:
        begun = time.perf_counter()
        answer = client.post(
            f"{path}?lang=en", data=_body(token), content_type="application/x-www-form-urlencoded"
        )
        times.append(time.perf_counter() - begun)
        assert answer.status_code == 303, answer.status
    return statistics.median(times)


def per_call(act: Callable[[], object], number: int) -> float:
    """Seconds of one call, the median of many."""
    times = []
    for _ in range(number):
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


if __name__ == "__main__":
    main()
