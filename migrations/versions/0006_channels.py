"""Channels of a survey beside its open link, and the flag of answers that look suspicious."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KIND = ["channel", "language", "segment_1", "segment_2", "segment_3"]
#: index -> the columns before those that a report can be narrowed by
INDEXES = {
    "ix_answer_competitor": ["survey_id", "competitor", "offers", "opened_on"],
    "ix_answer_kind": ["survey_id"],
    "ix_answer_report": [
        "survey_id",
        "cause_set",
        "primary_cause",
        "opened_on",
        "return_likelihood",
    ],
}


def upgrade() -> None:
    op.create_table(
        "slot",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_slot_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", "channel", name=op.f("pk_slot")),
    )
    op.add_column(
        "answer", sa.Column("flag", sa.String(length=10), server_default="", nullable=False)
    )
    _make_indexes([*KIND, "flag"])


def _make_indexes(kind: list[str]) -> None:
    for name, columns in INDEXES.items():
        op.drop_index(name, "answer")
        op.create_index(name, "answer", [*columns, *kind], unique=False)


def downgrade() -> None:
    _make_indexes(KIND)
    op.drop_column("answer", "flag")
    op.drop_table("slot")
