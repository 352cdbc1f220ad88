"""`feedback wave`: split mailings, and holding or ending a wave without a browser."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from config import Settings
from feedback_app.cli import setting
from feedback_app.foundation.db import Database

BY = "command line"


@click.group("wave")
def wave_command() -> None:
    """Waves: links for your own mailing system; list, pause, resume, cancel."""


@wave_command.command("split")
@click.option("--survey", required=True, help="Survey (id, slug or name).")
@click.option("--count", required=True, type=click.IntRange(1, 100_000), help="How many links.")
@click.option("--name", help="Name of the wave (default: the survey's and today's date).")
@click.option(
    "--expires", type=click.DateTime(["%Y-%m-%d"]), help="First day they work no more (UTC)."
)
@click.option(
    "--csv", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write a CSV file."
)
def split(
    survey: str, count: int, name: str | None, expires: datetime | None, file: Path | None
) -> None:
    """Make COUNT anonymous links: this server never learns who gets which.

    They are shown this once: only their hashes are stored.
    """
    from feedback_app.foundation.db import utc_today
    from feedback_app.invitations import actions
    from feedback_app.surveys.queries import get_survey

    settings, database = _begin()
    with database.writing() as session:
        row = get_survey(session, survey)
        tokens = actions.split(
            session,
            survey_id=row.id,
            name=name or f"{row.name[:100]} {utc_today().isoformat()}",
            count=count,
            by=BY,
            folder=settings.keys,
            expires_on=expires.date() if expires else None,
        )
    links = [f"{settings.base_url}/i/{token}" for token in tokens]
    if file is None:
        click.echo("\n".join(links))
        return
    with file.open("x", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["link"])
        writer.writerows([link] for link in links)
    click.echo(f"{len(links)} links: {file}")


@wave_command.command("list")
def list_waves() -> None:
    """Every wave: id, state, survey, name, invited, sent, in doubt."""
    from feedback_app.invitations import queries

    _settings, database = _begin()
    with database.reading() as session:
        for row in queries.list_waves(session):
            told = queries.get_progress(session, row.id)
            counts = f"{told.invited}\t{told.sent}\t{told.in_doubt}"
            click.echo(f"{row.id}\t{row.state}\t{row.survey_slug}\t{row.name}\t{counts}")


@wave_command.command("pause")
@click.argument("wave")
def pause(wave: str) -> None:
    """Send nothing of WAVE (id or name) until it is resumed."""
    from feedback_app.invitations import actions

    _act(wave, actions.pause)


@wave_command.command("resume")
@click.argument("wave")
def resume(wave: str) -> None:
    """Go on with WAVE (id or name)."""
    from feedback_app.invitations import actions

    _act(wave, actions.resume)


@wave_command.command("cancel")
@click.argument("wave")
def cancel(wave: str) -> None:
    """End WAVE (id or name): what was not sent yet never will be."""
    from feedback_app.invitations import actions

    _act(wave, actions.cancel)


def _act(named: str, action: Callable[..., None]) -> None:
    from feedback_app.invitations import queries
    from feedback_app.invitations.queries import UnableToFindWave

    _settings, database = _begin()
    with database.writing() as session:
        row = queries.find_wave(session, named)
        if row is None:
            raise UnableToFindWave(f"There is no wave {named!r}: see `feedback wave list`.")
        action(session, row.id, by=BY)
        state = queries.get_wave(session, row.id).state
    click.echo(f"{row.name}: {state}")


def _begin() -> tuple[Settings, Database]:
    settings = setting.read_settings()
    return settings, setting.open_database(settings)
