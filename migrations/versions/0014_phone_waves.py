"""Waves of telephone calls: nothing of them is mailed.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column(
        "wave",
        sa.Column("channel", sa.String(length=10), server_default="invitation", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("wave", "channel")
