"""Bringing the database to the schema of this release, and telling whether it is there."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from feedback_app.foundation.db import Database
from feedback_app.foundation.resources import find_folder


def migrate(database: Database, *, revision: str = "head") -> None:
    """Run every migration up to `revision`; safe to repeat, two at once wait for each other."""
    command.upgrade(_alembic(database), revision)


def downgrade(database: Database, *, revision: str) -> None:
    """Run migrations back to `revision` ("base" empties the database)."""
    command.downgrade(_alembic(database), revision)


def find_revision(database: Database) -> str | None:
    """The revision the database stands at, None for an empty one."""
    with database.reader.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def get_head() -> str:
    """The revision this release needs."""
    head = ScriptDirectory(str(find_folder("migrations"))).get_current_head()
    if head is None:
        raise LookupError("the installation carries no migrations")
    return head


def is_current(database: Database) -> bool:
    """True when the database stands at this release's revision."""
    return find_revision(database) == get_head()


def _alembic(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(find_folder("migrations")))
    config.attributes["database"] = database
    return config
