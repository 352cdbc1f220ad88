"""Statements to be tagged, who read them, double-coded samples, themes, notes; what was masked.

Rows that hang on an answer or a survey go with it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _make_cause_note()
    _make_double_sample()
    _make_masking_count()
    _make_tagging_desk()
    _make_theme()
    _make_statement()
    _make_double_statement()
    _make_reading()


def _make_cause_note() -> None:
    op.create_table(
        "cause_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cause_code", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["cause_code"], ["cause.code"], name=op.f("fk_cause_note_cause_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cause_note")),
    )
    op.create_index(op.f("ix_cause_note_cause_code"), "cause_note", ["cause_code"], unique=False)


def _make_double_sample() -> None:
    op.create_table(
        "double_sample",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("first_reader", sa.String(length=255), nullable=False),
        sa.Column("second_reader", sa.String(length=255), nullable=False),
        sa.Column("made_by", sa.String(length=255), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "first_reader <> second_reader", name=op.f("ck_double_sample_two_readers")
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["survey.id"],
            name=op.f("fk_double_sample_survey_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_double_sample")),
    )


def _make_masking_count() -> None:
    op.create_table(
        "masking_count",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["survey.id"],
            name=op.f("fk_masking_count_survey_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("survey_id", "kind", name=op.f("pk_masking_count")),
        sqlite_with_rowid=False,
    )


def _make_tagging_desk() -> None:
    op.create_table(
        "tagging_desk",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("answers_revision", sa.Integer(), nullable=False),
        sa.Column("told_revision", sa.Integer(), nullable=False),
        sa.Column("themes_model", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_tagging_desk_survey_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_tagging_desk")),
    )


def _make_theme() -> None:
    op.create_table(
        "theme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("quotes", sa.JSON(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_theme_survey_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
    )
    op.create_index(op.f("ix_theme_survey_id"), "theme", ["survey_id"], unique=False)


def _make_statement() -> None:
    op.create_table(
        "statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_ticked", sa.Boolean(), nullable=False),
        sa.Column("is_audit", sa.Boolean(), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("suggested", sa.String(length=60), nullable=False),
        sa.Column("suggested_others", sa.String(length=250), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("urgency", sa.Float(), nullable=False),
        sa.Column("confirmed", sa.String(length=60), nullable=False),
        sa.Column("confirmed_others", sa.String(length=250), nullable=False),
        sa.Column("told", sa.String(length=60), nullable=False),
        sa.Column("told_others", sa.String(length=250), nullable=False),
        sa.CheckConstraint(
            "confidence BETWEEN 0 AND 1", name=op.f("ck_statement_confidence_is_a_probability")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_statement_answer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_statement_survey_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("answer_id", "question", name=op.f("uq_statement_answer_id_question")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_statement_model", "statement", ["model"], unique=False)
    op.create_index(
        "ix_statement_queue",
        "statement",
        ["survey_id", "confirmed", "is_audit", "urgency"],
        unique=False,
    )


def _make_double_statement() -> None:
    op.create_table(
        "double_statement",
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sample_id"],
            ["double_sample.id"],
            name=op.f("fk_double_statement_sample_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_double_statement_statement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sample_id", "statement_id", name=op.f("pk_double_statement")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_double_statement_statement_id"), "double_statement", ["statement_id"], unique=False
    )


def _make_reading() -> None:
    op.create_table(
        "reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("reader", sa.String(length=255), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("others", sa.String(length=250), nullable=False),
        sa.Column("codebook", sa.Integer(), nullable=False),
        sa.Column("suggested", sa.String(length=60), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("sample_id", sa.Uuid(), nullable=True),
        sa.Column("is_settling", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sample_id"],
            ["double_sample.id"],
            name=op.f("fk_reading_sample_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_reading_statement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
    )
    op.create_index("ix_reading_reader", "reading", ["reader", "read_at"], unique=False)
    op.create_index("ix_reading_sample", "reading", ["sample_id"], unique=False)
    op.create_index("ix_reading_statement", "reading", ["statement_id"], unique=False)


def downgrade() -> None:
    for table in (
        "reading",
        "double_statement",
        "statement",
        "theme",
        "tagging_desk",
        "masking_count",
        "double_sample",
        "cause_note",
    ):
        op.drop_table(table)
