"""Deliberately broken ballot boxes: every attack must win against one of them.

An attack that has stopped working would otherwise pass for safety.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from config import load_settings
from feedback_app.answers import actions as answers
from feedback_app.answers.rules import Envelope
from feedback_app.ballots import actions as ballots
from feedback_app.foundation.db import Database, utc_today
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Channel
from feedback_app.tagging.rules import chosen_tags
from tests.security.world import World, found

KEY = "a-key-that-only-tests-use-0123456789"


def take_plainly(
    session: Session, survey: SurveyRow, envelope: Envelope, segments: tuple[str, ...]
) -> None:
    """Control: the answer is stored readable, in the invitation's transaction."""
    answers.store(
        session,
        survey,
        [envelope],
        channel=Channel.INVITATION,
        segments=segments,
        tagger=chosen_tags,
        on=utc_today(),
    )


class _Rising:
    """Identifiers that follow arrival."""

    def __init__(self) -> None:
        self.last = 0

    def __call__(self) -> UUID:
        self.last += 1
        return UUID(int=self.last)


class _NoShuffle:
    def shuffle(self, _documents: list[object]) -> None:
        """Leave them in their order."""


@contextmanager
def unshuffled() -> Iterator[None]:
    """Control: boxes and answers are numbered, and come out as they went in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ballots, "uuid4", _Rising())
        patch.setattr(answers, "uuid4", _Rising())
        patch.setattr(secrets, "SystemRandom", _NoShuffle)
        yield


@contextmanager
def talkative() -> Iterator[None]:
    """Control: every answer keeps its language."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "_without_rare_languages", lambda envelopes, _k: envelopes)
        yield


@contextmanager
def world_on(url: str, home: Path, guests: int, seed: int = 1) -> Iterator[World]:
    home.mkdir(mode=0o700, exist_ok=True)
    settings = load_settings(
        {"FEEDBACK_HOME": str(home), "FEEDBACK_DATABASE_URL": url, "FEEDBACK_SECRET_KEY": KEY}
    )
    database = Database(url)
    try:
        yield found(database, settings, guests=guests, seed=seed)
    finally:
        database.dispose()
