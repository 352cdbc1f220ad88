"""An installation of its own for waves; its mails go to a real SMTP server of the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from feedback_app.staff.rules import Role
from tests.browser.live_site import LiveSite, serving
from tests.factories.staff import PASSWORD, add_staff
from tests.smtp_server import SmtpServer, running_smtp

EMAIL = "waves-researcher@example.org"


@pytest.fixture(scope="session")
def smtp() -> Iterator[SmtpServer]:
    """The mail server, in good health."""
    with running_smtp() as server:
        yield server


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory, smtp: SmtpServer) -> Iterator[LiveSite]:
    """The site, with a researcher."""
    with serving(tmp_path_factory.mktemp("waves-site"), smtp.environ()) as site:
        with site.database() as database:
            add_staff(database, EMAIL, Role.RESEARCHER)
        yield site


def sign_in(page: Page) -> Page:
    """The page, signed in as the researcher."""
    page.goto("/staff/sign-in")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page
