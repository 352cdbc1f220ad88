"""Customers, remembered column mappings, and addresses that nothing is sent to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _make_customers()
    _make_column_mappings()
    _make_suppression()


def _make_customers() -> None:
    op.create_table(
        "customer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("departed_on", sa.Date(), nullable=True),
        sa.Column("account_manager", sa.String(length=120), nullable=False),
        sa.Column("plan", sa.String(length=60), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("value_class", sa.String(length=60), nullable=False),
        sa.Column("monthly_revenue_cents", sa.BigInteger(), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("last_invited_on", sa.Date(), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("updated_on", sa.Date(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_customer_has_a_reference")),
        sa.CheckConstraint(
            "departed_on IS NULL OR status = 'departed'",
            name=op.f("ck_customer_only_who_left_has_a_day"),
        ),
        sa.CheckConstraint(
            "status IN ('current', 'departed')", name=op.f("ck_customer_status_is_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("reference", name=op.f("uq_customer_reference")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_customer_email"), "customer", ["email"], unique=False)
    op.create_index("ix_customer_name_id", "customer", ["name", "id"], unique=False)
    op.create_index(
        "ix_customer_status_departed_on", "customer", ["status", "departed_on"], unique=False
    )


def _make_column_mappings() -> None:
    op.create_table(
        "column_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_for", sa.String(length=20), nullable=False),
        sa.Column("header_key", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mapping")),
        sa.UniqueConstraint(
            "made_for", "header_key", name=op.f("uq_column_mapping_made_for_header_key")
        ),
    )


def _make_suppression() -> None:
    op.create_table(
        "suppression",
        sa.Column("address_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('unsubscribed', 'bounced', 'by-hand')",
            name=op.f("ck_suppression_reason_is_known"),
        ),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_suppression")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_suppression_address"), "suppression", ["address"], unique=False)


def downgrade() -> None:
    op.drop_table("suppression")
    op.drop_table("column_mapping")
    op.drop_table("customer")
