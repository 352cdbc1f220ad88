"""Draft versions beside published ones, and batches that belong to one version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

NEWEST = (
    "UPDATE batch SET version_id = (SELECT survey_version.id FROM survey_version "
    "WHERE survey_version.survey_id = batch.survey_id AND published_at IS NOT NULL "
    "ORDER BY number DESC LIMIT 1)"
)


def upgrade() -> None:
    op.add_column(
        "survey_version",
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column(
        "survey_version",
        sa.Column("publish_when", sa.String(length=6), server_default="", nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        # In place: a copy of the table would have to leave out the guards of anonymity.
        op.execute(
            "ALTER TABLE batch ADD COLUMN version_id CHAR(32) "
            "CONSTRAINT fk_batch_version_id REFERENCES survey_version (id)"
        )
    else:
        op.add_column("batch", sa.Column("version_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(
            "fk_batch_version_id", "batch", "survey_version", ["version_id"], ["id"]
        )
    op.execute(NEWEST)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _drop_from_sqlite()
    else:
        op.drop_constraint("fk_batch_version_id", "batch", type_="foreignkey")
        op.drop_column("batch", "version_id")
    op.drop_column("survey_version", "publish_when")
    op.drop_column("survey_version", "revision")


def _drop_from_sqlite() -> None:
    """SQLite drops no column that a foreign key names: the table is made anew without it.

    It looks through every trigger when a table is renamed, and the guards of anonymity name
    this one: they are put aside meanwhile and made anew from their own text.
    """
    bind = op.get_bind()
    found = bind.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    guards = [(str(name), str(text)) for name, text in found if "batch" in text]
    for name, _text in guards:
        op.execute(f"DROP TRIGGER {name}")
    with op.batch_alter_table("batch") as table:
        table.drop_column("version_id")
    for _name, text in guards:
        op.execute(text)
