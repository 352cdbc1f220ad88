"""Phone interviews: call lists, the role of who calls, and consent that was spoken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ROLES = sa.table("staff_role", sa.column("id"), sa.column("name"), sa.column("description"))
INTERVIEWER = {"id": 5, "name": "interviewer", "description": "phone interviews"}


def upgrade() -> None:
    op.create_table(
        "phone_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=255), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('', 'not-reached', 'call-back', 'refused', 'wrong-number', 'answered')",
            name=op.f("ck_phone_call_outcome_is_known"),
        ),
        sa.CheckConstraint(
            "is_over = (due_at IS NULL)", name=op.f("ck_phone_call_over_has_no_time")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_phone_call_invitation_id")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_phone_call_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_call")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_phone_call_invitation_id")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_phone_call_due", "phone_call", ["wave_id", "is_over", "due_at"])
    op.add_column(
        "named_respondent",
        sa.Column("consent", sa.String(length=300), server_default="", nullable=False),
    )
    op.bulk_insert(ROLES, [INTERVIEWER])


def downgrade() -> None:
    role = INTERVIEWER["id"]
    op.execute(sa.text(f"DELETE FROM staff_user_role WHERE role_id = {role}"))
    op.execute(sa.text(f"DELETE FROM staff_role WHERE id = {role}"))
    op.drop_column("named_respondent", "consent")
    op.drop_table("phone_call")
