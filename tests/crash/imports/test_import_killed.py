"""An import that is killed half way leaves nothing behind, on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from config import Settings
from feedback_app.answers.models import Answer, ImportedRow
from feedback_app.causes.actions import load_catalogue
from feedback_app.foundation.db import Database
from feedback_app.surveys.models import Survey
from tests.factories.exports import write_csv, write_map

ROWS = 6_000
#: Counts the rows that reach the database and kills its own process between two statements.
KILLED_HALF_WAY = f"""
import os, signal, sys
from feedback_app.imports import actions
whole = actions._insert
sent = 0
def insert(session, answers, keys):
    global sent
    sent += len(answers)
    whole(session, answers, keys)
    if sent >= {ROWS // 2}:
        os.kill(os.getpid(), signal.SIGKILL)
actions._insert = insert
from feedback_app.cli import main
main(sys.argv[1:])
"""


def test_killed_half_way_leaves_nothing(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    with database.writing() as session:
        load_catalogue(session)
    rows = [
        (str(number), "2024-03-01 10:00:00", "exit", "Too expensive", "words " * 20)
        for number in range(ROWS)
    ]
    arguments = [
        *("import", "answers", str(write_csv(tmp_path / "export.csv", rows))),
        *("--survey", "Leavers", "--map", str(write_map(tmp_path / "map.toml"))),
    ]
    environ = {
        "PATH": os.environ["PATH"],
        "FEEDBACK_HOME": str(settings.home),
        "FEEDBACK_DATABASE_URL": settings.database_url,
    }

    def run(*program: str) -> int:
        ended = subprocess.run(
            [sys.executable, *program, *arguments],
            env=environ,
            cwd=Path(__file__).resolve().parents[3],
            capture_output=True,
            timeout=120,
            check=False,
        )
        return ended.returncode

    assert run("-c", KILLED_HALF_WAY) == -signal.SIGKILL
    assert _counts(database) == (0, 0, 0)
    assert run("-m", "feedback_app.cli") == 0
    assert _counts(database) == (ROWS, ROWS, 1)


def _counts(database: Database) -> tuple[int, ...]:
    with database.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Answer, ImportedRow, Survey)
        )
