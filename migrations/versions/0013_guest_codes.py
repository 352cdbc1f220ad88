"""A code of their own for guests of live sessions."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

LETTERS = "23456789ACDEFGHJKMNPQRTUVWXY"
INDEX = "uq_brainstorm_guest_code"


def upgrade() -> None:
    op.add_column("brainstorm", sa.Column("guest_code", sa.String(length=8), nullable=True))
    bind = op.get_bind()
    table = sa.table("brainstorm", sa.column("id", sa.Uuid()), sa.column("guest_code"))
    for (each,) in bind.execute(sa.select(table.c.id)).all():
        code = "".join(secrets.choice(LETTERS) for _ in range(8))
        bind.execute(sa.update(table).where(table.c.id == each).values(guest_code=code))
    op.create_index(INDEX, "brainstorm", ["guest_code"], unique=True)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="brainstorm")
    op.drop_column("brainstorm", "guest_code")
