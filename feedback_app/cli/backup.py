"""`feedback backup` and `feedback restore`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from config import Settings
from feedback_app.cli import setting
from feedback_app.foundation import backup
from feedback_app.foundation.db import Database

#: Tables that a fresh installation fills by itself.
SEEDED = ("staff_role", "codebook_version", "cause", "cause_text", "cause_change")
#: Settings that tell of this machine or hold passwords; a restore takes its own.
LEFT_OUT = ("home", "keys", "database_url", "reports_database_url")

MEANING = (
    "The backup holds no batch keys. Answers that are still sealed can be opened only where "
    "their keys are; restored elsewhere they are lost, unread."
)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def backup_command(file: Path, force: bool) -> None:
    """Write a consistent copy of database and settings to FILE, without the batch keys."""
    from feedback_app.models import TABLES

    if file.exists() and not force:
        raise backup.UnableToBackUp(f"{file} exists already; choose another name or --force.")
    settings = setting.read_settings()
    database = setting.open_database(settings)
    counts = backup.write_backup(database, file, tables=TABLES, settings=_portable(settings))
    click.echo(f"{file}: {sum(counts.values())} rows of {len(counts)} tables.")
    click.echo(f"{MEANING} It does hold the secret that signs sessions: keep it like a password.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_command(file: Path) -> None:
    """Bring the backup FILE into an empty database."""
    from feedback_app.models import TABLES

    settings = setting.read_settings()
    backup.read_manifest(file)
    database = setting.open_database(settings)
    counts, kept = backup.restore_backup(database, file, tables=TABLES, seeded=SEEDED)
    lost = _settle_batches(settings, database)
    secret = settings.home / "secret-key"
    if secret.exists():
        secret.write_text(kept["secret_key"], encoding="ascii")
    click.echo(f"Restored {sum(counts.values())} rows of {len(counts)} tables.")
    if lost:
        click.echo(f"{lost} sealed answers had no key here and are lost. {MEANING}")
    for name in ("base_url", "company", "language"):
        if kept[name] != getattr(settings, name):
            click.echo(f"It was written with FEEDBACK_{name.upper()}={kept[name]!r}.")


def _portable(settings: Settings) -> dict[str, str]:
    return {
        name: value
        if isinstance(value, str)
        else ",".join(map(str, value))
        if isinstance(value, tuple)
        else str(value)
        for name, value in asdict(settings).items()
        if name not in LEFT_OUT
    }


def _settle_batches(settings: Settings, database: Database) -> int:
    """Give up batches whose keys are not here and start new ones; how many answers were lost."""
    from feedback_app.answers import actions as answers

    with database.writing() as session:
        return answers.replace_keyless_batches(session, folder=settings.keys)
