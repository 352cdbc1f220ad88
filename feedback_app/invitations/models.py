"""Table of invitations."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import JSON, Date, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.foundation.db import Base


class Invitation(Base):
    """A one-time link. Only the token's SHA-256 is stored; `is_used` is a flag, not a date.

    An answer to a test invitation is shown as accepted and stored nowhere, so tests never
    thin the crowd of a batch. `segments` are already coarse (see ballots.rules.coarsen).
    """

    __tablename__ = "invitation"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    is_used: Mapped[bool] = mapped_column(default=False)
    is_test: Mapped[bool] = mapped_column(default=False)
    segments: Mapped[list[str]] = mapped_column(JSON, default=list)
    expires_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = ({"sqlite_with_rowid": False},)
