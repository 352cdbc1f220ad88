"""Waves, the outbox, and what an invitation knows of its wave and its customer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0004"
down_revision = "0003"

KEYS = (("wave", None), ("customer", "SET NULL"))
INDEXES = (
    ("ix_invitation_customer_id", ["customer_id"], False),
    ("ix_invitation_unsubscribe_hash", ["unsubscribe_hash"], True),
    ("ix_invitation_once", ["wave_id", "customer_id"], True),
)


def _columns() -> tuple[sa.Column[Any], ...]:
    """What an invitation knows from now on."""
    return (
        sa.Column("wave_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("unsubscribe_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("reminders_sent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("soft_bounces", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_unsubscribed", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def upgrade() -> None:
    _make_waves()
    with _changing_invitations() as table:
        for column in _columns():
            table.add_column(column)
        for other, on_delete in KEYS:
            table.create_foreign_key(
                f"fk_invitation_{other}_id", other, [f"{other}_id"], ["id"], ondelete=on_delete
            )
    for name, columns, is_unique in INDEXES:
        op.create_index(name, "invitation", columns, unique=is_unique)
    _make_outbox()


@contextmanager
def _changing_invitations() -> Iterator[BatchOperations]:
    """Change the table in place; on SQLite by a copy, which must stay without rowids.

    SQLite looks through every trigger when a table is renamed, and the guards of anonymity
    name this one: they are put aside meanwhile and made anew from their own text.
    """
    bind = op.get_bind()
    guards: list[tuple[str, str]] = []
    if bind.dialect.name == "sqlite":
        found = bind.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        guards = [(str(name), str(text)) for name, text in found if "invitation" in text]
    for name, _text in guards:
        op.execute(f"DROP TRIGGER {name}")
    with op.batch_alter_table("invitation", table_kwargs={"sqlite_with_rowid": False}) as table:
        yield table
    for _name, text in guards:
        op.execute(text)


def _make_waves() -> None:
    op.create_table(
        "wave",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("segment_names", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("strata", sa.JSON(), nullable=True),
        sa.Column("prepared_until", sa.Uuid(), nullable=True),
        sa.Column("is_prepared", sa.Boolean(), nullable=False),
        sa.Column("reminder_after_days", sa.Integer(), nullable=True),
        sa.Column("most_reminders", sa.Integer(), nullable=False),
        sa.Column("throttle_days", sa.Integer(), nullable=False),
        sa.Column("invite_after_days", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.CheckConstraint(
            "kind IN ('once', 'always', 'split')", name=op.f("ck_wave_kind_is_known")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'scheduled', 'preparing', 'sending', 'paused', 'cancelled', "
            "'finished')",
            name=op.f("ck_wave_state_is_known"),
        ),
        sa.CheckConstraint(
            "most_reminders >= 0 AND throttle_days >= 0", name=op.f("ck_wave_counts_are_counts")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_wave_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
    )
    op.create_index(op.f("ix_wave_survey_id"), "wave", ["survey_id"], unique=False)
    op.create_index(op.f("ix_wave_state"), "wave", ["state"], unique=False)


def _make_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reply", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'leased', 'in-doubt', 'sent', 'bounced', 'failed', 'dropped')",
            name=op.f("ck_outbox_state_is_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('leased', 'in-doubt') OR lease_until IS NOT NULL",
            name=op.f("ck_outbox_owned_has_its_end"),
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_outbox_invitation_id")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_outbox_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("invitation_id", "number", name=op.f("uq_outbox_invitation_id_number")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_outbox_due", "outbox", ["wave_id", "state", "due_at"], unique=False)


def downgrade() -> None:
    op.drop_table("outbox")
    for name, _on, _is_unique in INDEXES:
        op.drop_index(name, "invitation")
    with _changing_invitations() as table:
        for other, _on_delete in KEYS:
            table.drop_constraint(f"fk_invitation_{other}_id", type_="foreignkey")
        for column in _columns():
            table.drop_column(column.name)
    op.drop_table("wave")
