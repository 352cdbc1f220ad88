"""A survey that takes answers, and a respondent in front of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config import Settings
from feedback_app.foundation.db import Database
from tests.factories.respondents import OpenedSurvey, open_survey


@pytest.fixture
def make_survey(database: Database, settings: Settings) -> Callable[..., OpenedSurvey]:
    """A function that opens a survey: `make_survey(k=5, mode=Mode.NAMED, document=…)`."""

    def make(**wishes: Any) -> OpenedSurvey:
        return open_survey(database, settings, **wishes)

    return make


@pytest.fixture
def survey(make_survey: Callable[..., OpenedSurvey]) -> OpenedSurvey:
    """An open, anonymous departed customer's survey with k = 5."""
    return make_survey()
