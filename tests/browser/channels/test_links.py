"""The open link under load in a real browser; the page of channels and its posters."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.channels.conftest import sign_in
from tests.browser.respondent_page import LiveSurvey, press, tick


def test_the_browser_proves_its_work_while_one_answers(
    phone: Page, survey: LiveSurvey, sound_page: Callable[..., None]
) -> None:
    phone.goto(survey.path)
    sound_page(phone)
    phone.wait_for_function("() => document.getElementById('form').elements._proof.value")
    tick(phone, "No longer needed")
    press(phone, "Send my answer")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Thank you")
    assert survey.waiting() == 1


def test_without_a_script_one_is_asked_to_wait(
    plain: Page, survey: LiveSurvey, expected_complaints: list[str]
) -> None:
    expected_complaints.append("422")
    plain.goto(survey.path)
    tick(plain, "No longer needed")
    press(plain, "Send my answer")
    expect(plain.get_by_role("alert")).to_contain_text("Please wait")
    expect(plain.get_by_role("checkbox", name="No longer needed")).to_be_checked()
    assert survey.waiting() == 0


def test_the_page_of_channels_and_a_poster_that_fits_one_sheet(
    page: Page, survey: LiveSurvey, sound_page: Callable[..., None]
) -> None:
    sign_in(page)
    page.goto(f"/staff/surveys/{survey.slug}/channels")
    sound_page(page)
    page.get_by_role("link", name="Українська").click()
    page.wait_for_url("**/poster?in=uk")
    sound_page(page)
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page/") == 1
    page.set_viewport_size({"width": 320, "height": 640})
    sound_page(page)
