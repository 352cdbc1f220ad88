"""A site with a survey whose answers are open, and a facilitator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from feedback_app.staff.rules import Role
from tests.browser.live_site import LiveSite, serving
from tests.factories.answers import Told, make_survey, put_answers
from tests.factories.staff import PASSWORD, add_staff

EMAIL = "facilitator@example.org"
ANSWERS = [
    (Told((cause,), cause), number)
    for cause, number in (
        *(("company.slow_response", 20), ("company.price", 16), ("competitor.price", 12)),
        *(("company.quality", 10), ("client.need_gone", 8), ("client.closed", 6)),
    )
]


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The site, with a survey's opened answers and a facilitator who may also decide on causes."""
    with serving(tmp_path_factory.mktemp("session-site")) as site:
        with site.database() as database:
            put_answers(database, make_survey(database), ANSWERS)
            add_staff(database, EMAIL, Role.FACILITATOR, Role.RESEARCHER)
        yield site


def sign_in(page: Page) -> Page:
    """The page, signed in as the facilitator."""
    page.goto("/staff/sign-in")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page
