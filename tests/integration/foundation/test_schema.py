"""Migrations go up, down and up again, end where the models stand, and the head is pinned."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from feedback_app.foundation import schema
from feedback_app.foundation.db import Base, Database
from feedback_app.foundation.resources import find_folder
from feedback_app.models import TABLES


def test_there_is_one_head_and_it_is_pinned() -> None:
    heads = ScriptDirectory(str(find_folder("migrations"))).get_heads()
    assert heads == [schema.get_head()], "write the new head into migrations/head.txt"


def test_the_migrated_schema_is_the_models(database: Database) -> None:
    assert TABLES
    with database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_goes_down_and_up_again(database: Database) -> None:
    revisions = [
        each.revision for each in ScriptDirectory(str(find_folder("migrations"))).walk_revisions()
    ]
    for revision in [*revisions[1:], "base"]:
        schema.downgrade(database, revision=revision)
        assert schema.find_revision(database) == (None if revision == "base" else revision)
    schema.migrate(database)
    assert schema.is_current(database)


def test_a_database_behind_is_not_current(database: Database) -> None:
    schema.downgrade(database, revision="0001")
    assert not schema.is_current(database)
