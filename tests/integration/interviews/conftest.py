"""A call list, and an operator in front of it."""

from __future__ import annotations

import pytest
from flask import Flask

from config import Settings
from feedback_app.foundation.db import Database
from feedback_app.staff.rules import Role
from tests.factories.interviews import BY, Calls, plan_calls
from tests.factories.respondents import OpenedSurvey, open_survey
from tests.factories.staff import StaffBrowser, add_staff, browser_of


@pytest.fixture
def survey(prepared: Database, settings: Settings) -> OpenedSurvey:
    """An open, anonymous departed customer's survey with k = 5."""
    return open_survey(prepared, settings)


@pytest.fixture
def calls(survey: OpenedSurvey) -> Calls:
    """A list of five customers."""
    return plan_calls(survey, people=5)


@pytest.fixture
def browser(app: Flask, survey: OpenedSurvey) -> StaffBrowser:
    """A signed-in interviewer."""
    add_staff(survey.database, BY, Role.INTERVIEWER)
    return browser_of(app, BY)
