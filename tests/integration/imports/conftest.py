"""The import command on a fresh installation, in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config import Settings
from feedback_app.answers.models import Answer
from feedback_app.causes.actions import load_catalogue
from feedback_app.cli import main
from feedback_app.foundation.db import Database
from tests.factories.exports import write_map


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status and what it wrote."""

    status: int
    out: str
    err: str

    def number(self, words: str) -> int:
        """The number that the summary gives after `words`."""
        lines = dict(line.split(": ", 1) for line in self.out.splitlines() if ": " in line)
        return int(lines[words])


@pytest.fixture
def command(
    settings: Settings,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Ended]:
    """A function that runs `feedback …` on `database`, which has the starter catalogue."""
    monkeypatch.setenv("FEEDBACK_HOME", str(settings.home))
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", settings.database_url)
    with database.writing() as session:
        load_catalogue(session)

    def run(*arguments: object) -> Ended:
        capsys.readouterr()
        status = 0
        try:
            main([str(each) for each in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        said = capsys.readouterr()
        return Ended(status, said.out, said.err)

    return run


@pytest.fixture
def bring_in(command: Callable[..., Ended], tmp_path: Path) -> Callable[..., Ended]:
    """A function that imports a file into the survey "Leavers" by the factories' map."""
    usual = write_map(tmp_path / "map.toml")

    def run(file: Path, *more: object, survey: str = "Leavers", by_map: Path = usual) -> Ended:
        return command("import", "answers", file, "--survey", survey, "--map", by_map, *more)

    return run


@pytest.fixture
def stored(database: Database) -> Callable[[], list[Any]]:
    """A function that reads every stored answer, by date and then cause."""

    def read() -> list[Any]:
        with database.reading() as session:
            return list(
                session.execute(
                    select(Answer.__table__).order_by(Answer.opened_on, Answer.cause_set)
                )
            )

    return read
