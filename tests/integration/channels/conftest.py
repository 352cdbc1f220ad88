"""A survey with its ways in, and a researcher in front of its pages."""

from __future__ import annotations

import pytest
from flask import Flask

from config import Settings
from feedback_app.foundation.db import Database
from feedback_app.staff.rules import Role
from tests.factories.respondents import OpenedSurvey, open_survey
from tests.factories.staff import StaffBrowser, add_staff, browser_of

EMAIL = "researcher@example.com"


@pytest.fixture
def survey(database: Database, settings: Settings) -> OpenedSurvey:
    """An open, anonymous departed customer's survey with k = 5."""
    return open_survey(database, settings)


@pytest.fixture
def browser(app: Flask, database: Database) -> StaffBrowser:
    """A signed-in researcher."""
    add_staff(database, EMAIL, Role.RESEARCHER)
    return browser_of(app, EMAIL)
