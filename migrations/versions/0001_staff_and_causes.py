"""Staff accounts, the audit log and the catalogue of causes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ROLES = (
    (1, "admin", "everything, staff accounts included"),
    (2, "manager", "reads reports"),
    (3, "researcher", "surveys, causes and tags"),
    (4, "facilitator", "brainstorms"),
)


def upgrade() -> None:
    _make_staff_accounts()
    _make_staff_user_role_table()
    _make_audit()
    _make_causes()
    _make_cause_history()
    if op.get_bind().dialect.name == "sqlite":
        _refuse_audit_changes_sqlite()
    else:
        _refuse_audit_changes_postgresql()


def _make_staff_accounts() -> None:
    op.create_table(
        "staff_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("description", sa.String(length=255), nullable=True),
        sa.Column("permissions", sa.UnicodeText(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_role_name")),
    )
    op.create_table(
        "staff_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("mf_recovery_codes", sa.UnicodeText(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_user")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_user_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_staff_user_fs_uniquifier")),
    )


def _make_staff_user_role_table() -> None:
    op.create_table(
        "staff_user_role",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["staff_role.id"],
            name=op.f("fk_staff_user_role_role_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["staff_user.id"],
            name=op.f("fk_staff_user_role_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_staff_user_role")),
    )
    role = sa.table("staff_role", sa.column("id"), sa.column("name"), sa.column("description"))
    op.bulk_insert(role, [{"id": i, "name": n, "description": d} for i, n, d in ROLES])


def _make_audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)


def _make_causes() -> None:
    op.create_table(
        "cause",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_tickable", sa.Boolean(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("merged_into", sa.String(length=60), nullable=True),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.CheckConstraint("code LIKE side || '.%'", name=op.f("ck_cause_code_names_its_side")),
        sa.CheckConstraint(
            "side IN ('competitor', 'company', 'client')", name=op.f("ck_cause_side_is_known")
        ),
        sa.CheckConstraint(
            "merged_into IS NULL OR is_retired", name=op.f("ck_cause_merged_is_retired")
        ),
        sa.CheckConstraint(
            "merged_into IS NULL OR merged_into <> code",
            name=op.f("ck_cause_not_merged_into_itself"),
        ),
        sa.ForeignKeyConstraint(["merged_into"], ["cause.code"], name=op.f("fk_cause_merged_into")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_cause")),
    )


def _make_cause_history() -> None:
    op.create_table(
        "codebook_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_codebook_version")),
    )
    op.create_table(
        "cause_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("codebook", sa.Integer(), nullable=False),
        sa.Column("cause_code", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('added', 'renamed', 'moved', 'tickable', 'merged', 'retired', 'restored')",
            name=op.f("ck_cause_change_kind_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["cause_code"], ["cause.code"], name=op.f("fk_cause_change_cause_code")
        ),
        sa.ForeignKeyConstraint(
            ["codebook"], ["codebook_version.number"], name=op.f("fk_cause_change_codebook")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cause_change")),
    )
    op.create_index(op.f("ix_cause_change_codebook"), "cause_change", ["codebook"], unique=False)
    op.create_table(
        "cause_text",
        sa.Column("cause_code", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("explanation", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["cause_code"], ["cause.code"], name=op.f("fk_cause_text_cause_code")
        ),
        sa.PrimaryKeyConstraint("cause_code", "language", name=op.f("pk_cause_text")),
    )


def _refuse_audit_changes_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entry_no_{verb.lower()} BEFORE {verb} ON audit_entry "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )
    # REPLACE removes a row without asking the DELETE trigger.
    op.execute(
        "CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry "
        "WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    )


def _refuse_audit_changes_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()"
    )


def downgrade() -> None:
    op.drop_table("staff_user_role")
    op.drop_table("cause_text")
    op.drop_table("cause_change")
    op.drop_table("staff_user")
    op.drop_table("staff_role")
    op.drop_table("codebook_version")
    op.drop_table("cause")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_refuse()")
