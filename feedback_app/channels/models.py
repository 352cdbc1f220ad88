"""Tables of a survey's ways in."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.foundation.db import Base


class Slot(Base):
    """A channel through which answers of a survey may come: it needs a batch of its own."""

    __tablename__ = "slot"
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
