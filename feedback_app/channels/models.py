"""Tables of a survey's ways in."""

from __future__ import annotations

import uuid

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.foundation.db import Base


class Slot(Base):
    """A channel through which answers of a survey may come: it needs a batch of its own."""

    __tablename__ = "slot"
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)


class Kiosk(Base):
    """A device at a counter that shows one survey. Devices unlocked before `generation` lock."""

    __tablename__ = "kiosk"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), index=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    pin_hash: Mapped[str] = mapped_column(String(255))
    generation: Mapped[int] = mapped_column(default=1)
    is_retired: Mapped[bool] = mapped_column(default=False)


class Embed(Base):
    """A survey that pages of these origins may show in a frame, and whose tickets are taken."""

    __tablename__ = "embed"
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    origins: Mapped[list[str]] = mapped_column(JSON, default=list)
    key_number: Mapped[int] = mapped_column(default=1)
