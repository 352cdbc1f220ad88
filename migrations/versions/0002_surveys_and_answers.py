"""Surveys, the ballot box, opened answers and invitations.

Tables that hold boxes, answers or invitations are WITHOUT ROWID on SQLite: a rowid
follows arrival even under a random key.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _make_surveys()
    _make_survey_version_table()
    _make_ballots()
    _make_box_table()
    _make_answers()
    _make_answers_indexes()
    _make_answer_guards()
    _make_invitations()
    _lock_anonymity()


def _make_surveys() -> None:
    op.create_table(
        "competitor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitor")),
        sa.UniqueConstraint("name", name=op.f("uq_competitor_name")),
    )
    op.create_table(
        "survey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("template", sa.String(length=30), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("box_bytes", sa.Integer(), nullable=False),
        sa.Column("segment_names", sa.JSON(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("answers_revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "k >= 5 OR mode <> 'anonymous'", name=op.f("ck_survey_k_keeps_the_promise")
        ),
        sa.CheckConstraint(
            "mode IN ('anonymous', 'named', 'import')", name=op.f("ck_survey_mode_is_known")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'closed')", name=op.f("ck_survey_state_is_known")
        ),
        sa.CheckConstraint("k >= 1", name=op.f("ck_survey_k_is_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("slug", name=op.f("uq_survey_slug")),
    )


def _make_survey_version_table() -> None:
    op.create_table(
        "survey_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_version_survey_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_version")),
        sa.UniqueConstraint("survey_id", "number", name=op.f("uq_survey_version_survey_id_number")),
    )


def _make_ballots() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("stratum", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("boxes_opened", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'opened') = (opened_on IS NOT NULL)",
            name=op.f("ck_batch_opened_has_its_date"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'stopped', 'opened', 'discarded')",
            name=op.f("ck_batch_state_is_known"),
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_batch_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index(
        "ix_batch_one_open",
        "batch",
        ["survey_id", "stratum"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def _make_box_table() -> None:
    op.create_table(
        "box",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_box_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_box_batch_id"), "box", ["batch_id"], unique=False)


def _make_answers() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("segment_1", sa.String(length=60), nullable=False),
        sa.Column("segment_2", sa.String(length=60), nullable=False),
        sa.Column("segment_3", sa.String(length=60), nullable=False),
        sa.Column("cause_set", sa.String(length=2000), nullable=False),
        sa.Column("primary_cause", sa.String(length=60), nullable=False),
        sa.Column("codebook", sa.Integer(), nullable=False),
        sa.Column("return_likelihood", sa.SmallInteger(), nullable=True),
        sa.Column("competitor", sa.String(length=80), nullable=False),
        sa.Column("offers", sa.String(length=200), nullable=False),
        sa.Column("has_text", sa.Boolean(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "return_likelihood IS NULL OR return_likelihood BETWEEN 0 AND 10",
            name=op.f("ck_answer_return_likelihood_in_range"),
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_answer_survey_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["survey_version.id"], name=op.f("fk_answer_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sqlite_with_rowid=False,
    )


def _make_answers_indexes() -> None:
    narrowed = ["channel", "language", "segment_1", "segment_2", "segment_3"]
    op.create_index(
        "ix_answer_competitor",
        "answer",
        ["survey_id", "competitor", "offers", "opened_on", *narrowed],
        unique=False,
    )
    op.create_index("ix_answer_kind", "answer", ["survey_id", *narrowed], unique=False)
    op.create_index(
        "ix_answer_report",
        "answer",
        [
            "survey_id",
            "cause_set",
            "primary_cause",
            "opened_on",
            "return_likelihood",
            "channel",
            "language",
            "segment_1",
            "segment_2",
            "segment_3",
        ],
        unique=False,
    )


def _make_answer_guards() -> None:
    op.create_table(
        "spent_form_token",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("purge_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_spent_form_token")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "imported_row",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("content_key", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_imported_row_survey_id")
        ),
        sa.PrimaryKeyConstraint(
            "survey_id", "row_key", "content_key", name=op.f("pk_imported_row")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "named_respondent",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_named_respondent_answer_id")
        ),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_named_respondent")),
        sqlite_with_rowid=False,
    )


def _make_invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_invitation_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_invitation_survey_id"), "invitation", ["survey_id"], unique=False)


SOMEBODY_WAS_ASKED = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} WHERE survey_id = OLD.id)"
    for table in ("batch", "invitation", "answer")
)
PROMISE_SHRINKS = "NEW.mode <> OLD.mode OR (OLD.mode = 'anonymous' AND NEW.k < OLD.k)"
ANSWER_IS_ANONYMOUS = (
    "EXISTS (SELECT 1 FROM answer JOIN survey ON survey.id = answer.survey_id"
    " WHERE answer.id = NEW.answer_id AND survey.mode = 'anonymous')"
)
FIXED = "the anonymity of a survey is fixed once somebody was asked"
NAMELESS = "an answer of an anonymous survey has no name"
#: table, event, when to refuse (written so that both databases read it), what is said
LOCKS = (
    ("survey", "UPDATE OF mode, k", f"({PROMISE_SHRINKS}) AND ({SOMEBODY_WAS_ASKED})", FIXED),
    ("named_respondent", "INSERT", ANSWER_IS_ANONYMOUS, NAMELESS),
)


def _lock_anonymity() -> None:
    """Refuse in the database what would break the promise, whoever asks."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, event, condition, message in LOCKS:
        name = f"{table}_keeps_anonymity"
        if on_sqlite:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; "
            "END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    op.drop_table("named_respondent")
    op.drop_table("box")
    op.drop_table("answer")
    op.drop_table("invitation")
    op.drop_table("imported_row")
    op.drop_table("survey_version")
    op.drop_table("batch")
    op.drop_table("survey")
    op.drop_table("spent_form_token")
    op.drop_table("competitor")
    if op.get_bind().dialect.name == "postgresql":
        for table, *_ in LOCKS:
            op.execute(f"DROP FUNCTION {table}_keeps_anonymity()")
