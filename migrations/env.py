"""Alembic's environment: online only, on the application's own engine.

A migration that can not get its locks soon must fail and be repeated in a quiet hour,
not queue in front of every respondent: hence the lock timeout. An advisory lock keeps
two servers that start together from migrating twice.
"""

from __future__ import annotations

import os

from alembic import context

from feedback_app.foundation.db import Base, Database
from feedback_app.models import TABLES

LOCK_TIMEOUT = "5s"
ADVISORY_LOCK = 7_206_171_801  # any constant: it only has to be ours


def run() -> None:
    database = context.config.attributes.get("database")
    if database is None:
        database = Database(os.environ["FEEDBACK_DATABASE_URL"])
    with database.writer.connect() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({ADVISORY_LOCK})")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=False,
            render_as_batch=database.is_sqlite,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({ADVISORY_LOCK})")
            connection.commit()


TABLES  # noqa: B018  importing the models fills Base.metadata
run()
