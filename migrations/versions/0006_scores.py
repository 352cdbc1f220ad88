"""Scores of an answer in one short column, for reports to group by.

Answers that are there already come from the survey of departed customers, whose report reads
no scores: their column stays empty.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NARROWED = ["channel", "language", "segment_1", "segment_2", "segment_3"]


def upgrade() -> None:
    op.add_column(
        "answer", sa.Column("scores", sa.String(length=200), nullable=False, server_default="")
    )
    op.create_index(
        "ix_answer_scores",
        "answer",
        ["survey_id", "scores", "opened_on", *NARROWED],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_answer_scores", table_name="answer")
    op.drop_column("answer", "scores")
