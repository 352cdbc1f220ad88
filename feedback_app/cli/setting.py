"""What every subcommand begins with: settings and a database at the right schema."""

from __future__ import annotations

import os

import click

from config import Settings, load_settings
from feedback_app.foundation import schema
from feedback_app.foundation.db import Database
from feedback_app.foundation.rules import Unable


class UnableToUseDatabase(Unable):
    """The database can not be reached, or its schema is not this release's."""


def read_settings(*, port: int = 8000) -> Settings:
    """The settings of the environment."""
    return load_settings(os.environ, port=port)


def open_database(settings: Settings) -> Database:
    """The database, ready to use; the embedded one is created or updated on the way.

    It is closed when the command ends.

    Raises UnableToUseDatabase when a database server is unreachable or behind.
    """
    database = Database(settings.database_url, reports_url=settings.reports_database_url)
    click.get_current_context().call_on_close(database.dispose)
    if settings.is_embedded:
        prepare(settings, database)
    elif not _is_current(database):
        raise UnableToUseDatabase("The database schema is not current: run `feedback init`.")
    return database


def prepare(settings: Settings, database: Database) -> None:
    """Migrations, catalogue and key folder; safe to repeat."""
    from feedback_app.ballots import keys
    from feedback_app.causes import actions as causes

    if not _is_current(database):
        schema.migrate(database)
    with database.writing() as session:
        causes.load_catalogue(session)
    keys.make_folder(settings.keys)


def _is_current(database: Database) -> bool:
    try:
        return schema.is_current(database)
    except Exception as error:
        url = database.url.render_as_string(hide_password=True)
        raise UnableToUseDatabase(
            f"The database {url} can not be reached: check it runs and "
            "FEEDBACK_DATABASE_URL is right."
        ) from error
