"""Channels of a survey beside its open link, and the flag of answers that look suspicious."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

KIND = ["channel", "language", "segment_1", "segment_2", "segment_3"]
#: index -> the columns before those that a report can be narrowed by
INDEXES = {
    "ix_answer_competitor": ["survey_id", "competitor", "offers", "opened_on"],
    "ix_answer_kind": ["survey_id"],
    "ix_answer_scores": ["survey_id", "scores", "opened_on"],
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
    _make_kiosks()
    op.create_table(
        "embed",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("key_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_embed_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_embed")),
    )
    op.add_column(
        "answer", sa.Column("flag", sa.String(length=10), server_default="", nullable=False)
    )
    _make_indexes([*KIND, "flag"])


def _make_kiosks() -> None:
    op.create_table(
        "kiosk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("pin_hash", sa.String(length=255), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_kiosk_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
        sa.UniqueConstraint("code", name=op.f("uq_kiosk_code")),
    )
    op.create_index(op.f("ix_kiosk_survey_id"), "kiosk", ["survey_id"], unique=False)


def _make_indexes(kind: list[str]) -> None:
    for name, columns in INDEXES.items():
        op.drop_index(name, "answer")
        op.create_index(name, "answer", [*columns, *kind], unique=False)


def downgrade() -> None:
    _make_indexes(KIND)
    op.drop_column("answer", "flag")
    for table in ("embed", "kiosk", "slot"):
        op.drop_table(table)
