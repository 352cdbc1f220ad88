"""An index from which reports count statements without reading their texts."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"

COUNTED = [
    *("survey_id", "model", "suggested", "told", "told_others", "is_audit", "is_ticked"),
    *("confidence", "answer_id"),
]


def upgrade() -> None:
    op.create_index("ix_statement_words", "statement", COUNTED)


def downgrade() -> None:
    op.drop_index("ix_statement_words", table_name="statement")
