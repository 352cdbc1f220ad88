"""A respondent asks to be called, with and without a copy of the answer."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from feedback_app.contacts import actions, jobs
from feedback_app.surveys.queries import get_survey
from tests.browser.conftest import OpenPage
from tests.browser.live_site import LiveSite
from tests.browser.respondent_page import LiveSurvey, open_survey, press, tick


def asking(site: LiveSite) -> LiveSurvey:
    survey = open_survey(site)
    with site.database() as database:
        with database.writing() as session:
            row = get_survey(session, survey.slug)
            actions.offer(session, row, is_offered=True, by="a test")
        jobs.open_slips(database, site.settings)
    return survey


def test_a_slip_is_left_from_the_thanks_and_mended_on_the_way(
    live_site: LiveSite,
    phone: Page,
    sound_page: Callable[..., None],
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("422")
    survey = asking(live_site)
    phone.goto(survey.path)
    tick(phone, "Hard to use")
    press(phone, "Send my answer")
    phone.get_by_role("link", name="Leave contact details").click()
    expect(phone.get_by_label("attach a copy")).to_have_count(0)
    phone.get_by_label("Your name").fill("Anna")
    source = press(phone, "Leave my contact details")
    sound_page(phone, source)
    phone.get_by_label("Telephone number").fill("+380 44 000 00 00")
    press(phone, "Leave my contact details")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your contact details are received")


def test_a_slip_needs_no_script(live_site: LiveSite, plain: Page) -> None:
    survey = asking(live_site)
    plain.goto(f"{survey.path}/contact?lang=uk")
    plain.get_by_label("Телефон").fill("+380 44 000 00 00")
    press(plain, "Залишити мої контакти")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Ваші контакти отримано")


def test_a_copy_is_offered_after_the_record_was_seen(
    live_site: LiveSite, open_page: OpenPage, axe: Callable[[Page], None]
) -> None:
    survey = asking(live_site)
    page = open_page(viewport={"width": 320, "height": 640}, color_scheme="dark")
    page.goto(survey.path)
    tick(page, "Hard to use")
    press(page, "See what would be stored")
    axe(page)
    press(page, "Send it, then leave contact details")
    axe(page)
    expect(page.get_by_role("checkbox", name="attach a copy")).not_to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_role("link", name="No, thank you").click()
    axe(page)
    assert survey.waiting() == 1
