"""A phone interview in real Chromium, by the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from feedback_app.staff.rules import Role
from feedback_app.surveys import queries as surveys
from tests.browser.live_site import LiveSite
from tests.browser.respondent_page import LiveSurvey, open_survey
from tests.factories.interviews import plan_calls
from tests.factories.respondents import OpenedSurvey
from tests.factories.staff import PASSWORD, add_staff

EMAIL = "browser-interviewer@example.org"
CHECKED = "() => [...document.querySelectorAll('#script :checked')].map(it => it.value)"


@pytest.fixture(scope="module")
def survey(live_site: LiveSite) -> LiveSurvey:
    """A survey with a call list of four."""
    made = open_survey(live_site)
    with live_site.database() as database:
        add_staff(database, EMAIL, Role.INTERVIEWER, Role.RESEARCHER)
        with database.reading() as session:
            row = surveys.get_survey(session, made.slug)
        opened = OpenedSurvey(row.id, row.slug, database, live_site.settings)
        plan_calls(opened, people=4)
    return made


def sign_in(page: Page) -> None:
    page.goto("/staff/sign-in")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto("/staff/interviews")


def test_an_interview_by_the_keyboard_alone(
    page: Page, survey: LiveSurvey, sound_page: Callable[..., None]
) -> None:
    sign_in(page)
    sound_page(page)
    page.get_by_role("button", name="Next customer").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#script")).to_contain_text("Добрий день")
    sound_page(page)
    # Two digits in one moment are one number, so the page's clock is set by hand.
    page.clock.set_fixed_time("2026-05-04T10:00:00Z")
    page.keyboard.press("Enter")  # into the first question
    page.keyboard.press("2")
    page.clock.set_fixed_time("2026-05-04T10:00:10Z")
    page.keyboard.press("1")
    page.keyboard.press("2")  # the twelfth
    assert page.evaluate(CHECKED) == ["competitor.product", "company.dishonesty"]
    page.clock.set_fixed_time("2026-05-04T10:00:20Z")
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    assert page.evaluate(CHECKED)[-1] == "competitor.product"
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Sealed.")).to_be_visible()
    assert survey.waiting() == 1

    page.get_by_role("button", name="Next customer").focus()
    page.keyboard.press("Enter")
    page.locator("#script").wait_for()
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Refused")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Noted.")).to_be_visible()
    assert survey.waiting() == 1


def test_a_call_back_on_a_narrow_screen(
    narrow: Page, survey: LiveSurvey, sound_page: Callable[..., None]
) -> None:
    sign_in(narrow)
    narrow.goto("/staff/interviews/new")
    sound_page(narrow)
    narrow.goto("/staff/interviews")
    narrow.get_by_role("button", name="Next customer").click()
    sound_page(narrow)
    narrow.get_by_role("button", name="Call back").click()
    expect(narrow.get_by_text("The next call back is due")).to_be_visible()
    sound_page(narrow)
