"""Contact slips, sealed and opened; boxes that do not count towards k; boxes left as they are.

PostgreSQL would try to compress every box before it stores it: ciphertext does not shrink.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

SEALED = (("box", "ciphertext"), ("contact_slip", "ciphertext"))


def upgrade() -> None:
    op.add_column("batch", sa.Column("uncounted", sa.Integer(), server_default="0", nullable=False))
    _make_offers()
    _make_slips()
    _make_contacts()
    if op.get_bind().dialect.name == "postgresql":
        for table, column in SEALED:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")


def _make_offers() -> None:
    op.create_table(
        "contact_offer",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_contact_offer_survey_id")
        ),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_contact_offer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "slip_batch",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("openings_before", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_slip_batch_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_slip_batch")),
        sqlite_with_rowid=False,
    )


def _make_slips() -> None:
    op.create_table(
        "contact_slip",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_contact_slip_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_slip")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_contact_slip_batch_id"), "contact_slip", ["batch_id"], unique=False)


def _make_contacts() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("reach", sa.String(length=160), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("is_called", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_contact_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_contact_survey_id"), "contact", ["survey_id"], unique=False)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE box ALTER COLUMN ciphertext SET STORAGE EXTENDED")
    for table in ("contact", "contact_slip", "slip_batch", "contact_offer"):
        op.drop_table(table)
    op.drop_column("batch", "uncounted")
