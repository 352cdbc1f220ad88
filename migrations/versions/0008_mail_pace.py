"""Rates of mail that hold over all workers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """One row over all and one for each domain that was written to lately."""
    op.create_table(
        "mail_pace",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_mail_pace"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Each worker has rates of its own again."""
    op.drop_table("mail_pace")
