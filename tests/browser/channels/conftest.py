"""A site whose open links always ask for a proof of work, with a researcher."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from feedback_app.staff.rules import Role
from tests.browser.live_site import LiveSite, serving
from tests.browser.respondent_page import LiveSurvey, open_survey
from tests.factories.staff import PASSWORD, add_staff

EMAIL = "channels-researcher@example.org"


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The site, with a researcher."""
    with serving(tmp_path_factory.mktemp("channels-site"), {"FEEDBACK_BUSY_FROM": "0"}) as site:
        with site.database() as database:
            add_staff(database, EMAIL, Role.RESEARCHER)
        yield site


@pytest.fixture
def survey(live_site: LiveSite) -> LiveSurvey:
    """A fresh open survey."""
    return open_survey(live_site)


def sign_in(page: Page) -> Page:
    """The page, signed in as the researcher."""
    page.goto("/staff/sign-in")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page
