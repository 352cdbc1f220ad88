"""Live sessions: the session, its append-only log, seats, slips, and causes that came of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

PHASES = (
    *("lobby", "predict", "write", "reveal", "group", "tag", "vote", "compare", "decide", "over"),
)


def upgrade() -> None:
    _make_brainstorm()
    _make_log()
    _make_private()
    _make_provenance()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION session_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the log of a session is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER session_event_append_only BEFORE UPDATE ON session_event "
            "FOR EACH STATEMENT EXECUTE FUNCTION session_event_refuse()"
        )
    else:
        op.execute(
            "CREATE TRIGGER session_event_append_only BEFORE UPDATE ON session_event "
            "BEGIN SELECT RAISE(ABORT, 'the log of a session is append-only'); END"
        )


def _make_brainstorm() -> None:
    phases = ", ".join(f"'{phase}'" for phase in PHASES)
    op.create_table(
        "brainstorm",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("phase", sa.String(length=8), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.CheckConstraint(f"phase IN ({phases})", name=op.f("ck_brainstorm_phase_is_known")),
        sa.CheckConstraint(
            "(phase = 'over') = (ended_on IS NOT NULL)", name=op.f("ck_brainstorm_over_has_its_day")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brainstorm")),
        sa.UniqueConstraint("code", name=op.f("uq_brainstorm_code")),
    )


def _make_log() -> None:
    op.create_table(
        "session_event",
        sa.Column("brainstorm_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brainstorm_id"], ["brainstorm.id"], name=op.f("fk_session_event_brainstorm_id")
        ),
        sa.PrimaryKeyConstraint("brainstorm_id", "n", name=op.f("pk_session_event")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_session_event_client", "session_event", ["brainstorm_id", "client_id"], unique=True
    )


def _make_private() -> None:
    op.create_table(
        "seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brainstorm_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brainstorm_id"], ["brainstorm.id"], name=op.f("fk_seat_brainstorm_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_seat_brainstorm_id"), "seat", ["brainstorm_id"], unique=False)
    op.create_table(
        "session_slip",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brainstorm_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("owner", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("is_revealed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('card', 'prediction', 'vote')", name=op.f("ck_session_slip_kind_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["brainstorm_id"], ["brainstorm.id"], name=op.f("fk_session_slip_brainstorm_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_slip")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_session_slip_brainstorm_id"), "session_slip", ["brainstorm_id"], unique=False
    )


def _make_provenance() -> None:
    op.create_table(
        "session_cause",
        sa.Column("brainstorm_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("cause_code", sa.String(length=60), nullable=False),
        sa.Column("accepted_by", sa.String(length=255), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brainstorm_id"], ["brainstorm.id"], name=op.f("fk_session_cause_brainstorm_id")
        ),
        sa.ForeignKeyConstraint(
            ["cause_code"], ["cause.code"], name=op.f("fk_session_cause_cause_code")
        ),
        sa.PrimaryKeyConstraint("brainstorm_id", "unit", name=op.f("pk_session_cause")),
    )


def downgrade() -> None:
    for table in ("session_cause", "session_slip", "seat", "session_event", "brainstorm"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION session_event_refuse()")
