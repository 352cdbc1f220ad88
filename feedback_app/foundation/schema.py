"""Bringing the database to the schema of this release, and telling whether it is there.

Alembic is loaded only to migrate: asking where a database stands takes one SELECT and one
small file, and page servers do nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from feedback_app.foundation.db import Database
from feedback_app.foundation.resources import find_folder

if TYPE_CHECKING:
    from alembic.config import Config


def migrate(database: Database, *, revision: str = "head") -> None:
    """Run every migration up to `revision`; safe to repeat, two at once wait for each other."""
    from alembic import command

    command.upgrade(_alembic(database), revision)


def downgrade(database: Database, *, revision: str) -> None:
    """Run migrations back to `revision` ("base" empties the database)."""
    from alembic import command

    command.downgrade(_alembic(database), revision)


def find_revision(database: Database) -> str | None:
    """The revision the database stands at, None for an empty one."""
    with database.reader.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if revision is None else str(revision)


def get_head() -> str:
    """The revision this release needs, pinned in migrations/head.txt.

    Pinned, so that two branches that both add a migration meet in one line of one file.
    """
    return (find_folder("migrations") / "head.txt").read_text("ascii").strip()


def is_current(database: Database) -> bool:
    """True when the database stands at this release's revision."""
    return find_revision(database) == get_head()


def _alembic(database: Database) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(find_folder("migrations")))
    config.attributes["database"] = database
    return config
