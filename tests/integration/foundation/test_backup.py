"""Backup and restore: consistent, without keys, and from one kind of database to the other."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from config import Settings, load_settings
from feedback_app.answers.queries import count_answers
from feedback_app.ballots.queries import count_waiting
from feedback_app.cli import main, setting
from feedback_app.demo import actions as demo
from feedback_app.foundation import backup
from feedback_app.foundation.db import Database
from feedback_app.models import TABLES
from feedback_app.surveys import queries


def fill(database: Database, settings: Settings) -> demo.FilledDemo:
    """Some of everything: survey, answers, boxes, accounts, causes, audit."""
    with database.writing() as session:
        return demo.fill(session, folder=settings.keys)


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in the order of the keys."""
    with database.reader.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(table.select().order_by(*table.primary_key.columns))
            ]
            for table in TABLES
        }


def test_what_is_restored_equals_what_was_backed_up(
    prepared: Database, settings: Settings, tmp_path: Path
) -> None:
    """From either database into SQLite."""
    fill(prepared, settings)
    file = tmp_path / "copy.zip"
    counts = backup.write_backup(prepared, file, tables=TABLES, settings={"company": "X"})
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    fresh = load_settings({"FEEDBACK_HOME": str(tmp_path / "other-home")})
    setting.prepare(fresh, other)
    restored, kept = backup.restore_backup(
        other,
        file,
        tables=TABLES,
        seeded=("staff_role", "codebook_version", "cause", "cause_text", "cause_change"),
    )
    assert restored == counts
    assert kept == {"company": "X"}
    assert rows(other) == rows(prepared)
    other.dispose()


def test_the_command_brings_a_backup_to_another_home(
    home: Path,
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """From PostgreSQL to the embedded database; waiting boxes have no keys there and are lost."""
    monkeypatch.setenv("FEEDBACK_HOME", str(home))
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", postgres_url)
    settings = load_settings({"FEEDBACK_HOME": str(home), "FEEDBACK_DATABASE_URL": postgres_url})
    source = Database(settings.database_url)
    setting.prepare(settings, source)
    filled = fill(source, settings)
    with source.reading() as session:
        answered = count_answers(session, queries.get_survey(session, filled.slug).id)
    assert answered > 0
    source.dispose()
    file = tmp_path / "copy.zip"
    main(["backup", str(file)])
    assert "no batch keys" in capsys.readouterr().out
    assert not any("key" in name for name in zipfile.ZipFile(file).namelist())

    monkeypatch.setenv("FEEDBACK_HOME", str(tmp_path / "new"))
    monkeypatch.delenv("FEEDBACK_DATABASE_URL")
    main(["restore", str(file)])
    assert "7 sealed answers had no key here and are lost" in capsys.readouterr().out
    restored = Database(f"sqlite:///{tmp_path / 'new' / 'feedback.sqlite3'}")
    with restored.reading() as session:
        survey = queries.get_survey(session, filled.slug)
        assert count_answers(session, survey.id) == answered
        assert count_waiting(session, survey.id) == 0
    with pytest.raises(SystemExit, match="2"):
        main(["restore", str(file)])
    assert "not empty" in capsys.readouterr().err
    restored.dispose()


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.zip"
    file.write_text("hello")
    with pytest.raises(backup.UnableToRestore, match="not a backup"):
        backup.read_manifest(file)


def test_a_failed_backup_leaves_no_half_file(tmp_path: Path, database: Database) -> None:
    target = tmp_path / "missing" / "copy.zip"
    with pytest.raises(backup.UnableToBackUp, match="can not be written"):
        backup.write_backup(database, target, tables=TABLES, settings={})
    assert list(tmp_path.glob("**/*.partial")) == []
