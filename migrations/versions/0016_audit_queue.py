"""An index in whose order the random audit is read: its next statement is not sorted out."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_index("ix_statement_audit", "statement", ["survey_id", "is_audit", "confirmed", "id"])


def downgrade() -> None:
    op.drop_index("ix_statement_audit", table_name="statement")
