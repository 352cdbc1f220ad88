"""Ways through the respondent's page: follow-ups, errors, keyboard, no script, twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.live_site import LiveSite
from tests.browser.respondent_page import LiveSurvey, card, open_survey, press, tick

FOLLOW_UPS = ("Which one decided it?", "What did you compare the price with?")


@pytest.fixture
def survey(live_site: LiveSite) -> LiveSurvey:
    """A fresh open survey of this test alone."""
    return open_survey(live_site)


def test_follow_ups_appear_only_under_what_they_depend_on(survey: LiveSurvey, phone: Page) -> None:
    phone.goto(survey.path)
    decided = card(phone, "Which one decided it?")
    for question in (*FOLLOW_UPS, "Which provider did you go to?"):
        expect(card(phone, question)).to_be_hidden()
    tick(phone, "Hard to use")
    expect(decided).to_be_hidden()  # one reason decides by itself
    tick(phone, "Rude or dismissive staff")
    expect(decided.locator("input:visible")).to_have_count(2)
    tick(phone, "Better price elsewhere")
    expect(decided.locator("input:visible")).to_have_count(3)
    for question in (*FOLLOW_UPS, "Which provider did you go to?"):
        expect(card(phone, question)).to_be_visible()
    decided.get_by_label("Hard to use").check()
    expect(decided.get_by_label("No answer")).to_be_visible()
    phone.get_by_role("checkbox", name="Better price elsewhere").uncheck()
    for question in ("What did you compare the price with?", "Which provider did you go to?"):
        expect(card(phone, question)).to_be_hidden()
    other = card(phone, "Which of these played a part?").get_by_label("Another reason")
    phone.get_by_role("checkbox", name="Rude or dismissive staff").uncheck()
    expect(decided).to_be_hidden()
    other.fill("and something of my own")
    expect(decided).to_be_visible()


def test_a_decision_whose_tick_was_taken_back_is_asked_about(
    survey: LiveSurvey, phone: Page, expected_complaints: list[str], sound_page: Callable[..., None]
) -> None:
    expected_complaints.append("422")
    phone.goto(survey.path)
    tick(phone, "Hard to use", "Rude or dismissive staff")
    decided = card(phone, "Which one decided it?")
    decided.get_by_label("Hard to use").check()
    phone.get_by_role("checkbox", name="Hard to use").uncheck()
    source = press(phone, "Send my answer")
    sound_page(phone, source)
    assert survey.waiting() == 0
    expect(decided.get_by_label("Hard to use")).to_be_checked()
    expect(decided.get_by_label("Hard to use")).to_be_visible()
    decided.get_by_label("Rude or dismissive staff").check()
    press(phone, "Send my answer")
    assert survey.waiting() == 1


def test_an_error_is_summarised_and_leads_to_its_field(
    survey: LiveSurvey,
    narrow: Page,
    expected_complaints: list[str],
    sound_page: Callable[..., None],
    screenshot: Callable[[Page, str], Path],
) -> None:
    expected_complaints.append("422")
    narrow.goto(survey.path)
    typed = "Слишком длинно. " * 70
    narrow.get_by_label("Would you like to add anything?").fill(typed)
    source = press(narrow, "Send my answer")
    sound_page(narrow, source)
    screenshot(narrow, "errors")
    expect(narrow).to_have_title(re.compile("^Error: "))
    summary = narrow.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(narrow.get_by_label("Would you like to add anything?")).to_have_value(typed)
    summary.get_by_role("link").nth(1).click()
    expect(narrow.get_by_label("Would you like to add anything?")).to_be_focused()
    narrow.get_by_label("Would you like to add anything?").fill("Short.")
    summary.get_by_role("link").first.click()
    expect(narrow.get_by_role("checkbox").first).to_be_focused()
    narrow.keyboard.press("Space")
    press(narrow, "Send my answer")
    assert survey.waiting() == 1


def test_keyboard_alone(survey: LiveSurvey, page: Page) -> None:
    page.goto(survey.path)
    seen: list[str] = []

    def focused() -> str:
        return str(
            page.evaluate(
                "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
            )
        )

    def tab_to(label: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            seen.append(focused())
            assert is_ringed(page), f"no visible focus on {seen[-1]!r}"
            if seen[-1] == label:
                return
        raise AssertionError(f"{label} can not be reached by Tab: {seen}")

    tab_to("Better price elsewhere")
    page.keyboard.press("Space")
    tab_to("Hard to use")
    page.keyboard.press("Space")
    tab_to("Better price elsewhere")  # the decider, which has just appeared
    page.keyboard.press("ArrowDown")
    assert focused() == "Hard to use"
    tab_to("Name of the provider")
    page.keyboard.type("Northwind")
    # Enter in a line never sends: it shows the record.
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert survey.waiting() == 0
    expect(page.get_by_role("region", name="Exactly this would be stored")).to_be_focused()
    tab_to("Send my answer")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Thank you"))
    assert survey.waiting() == 1


def is_ringed(page: Page) -> bool:
    """True when the focused element, or the label drawn in its place, has an outline."""
    return bool(
        page.evaluate(
            """() => [document.activeElement, document.activeElement.nextElementSibling]
                .some(it => it && getComputedStyle(it).outlineStyle !== "none"
                      && parseFloat(getComputedStyle(it).outlineWidth) >= 2)"""
        )
    )


def test_without_script(survey: LiveSurvey, plain: Page) -> None:
    plain.goto(survey.path)
    expect(card(plain, "Which one decided it?")).to_be_hidden()
    tick(plain, "Hard to use", "Better price elsewhere")
    expect(card(plain, "Which provider did you go to?")).to_be_visible()
    plain.get_by_role("button", name="Send my answer").click()
    expect(plain).to_have_title(re.compile("^Thank you"))
    assert survey.waiting() == 1


def test_another_language_after_an_error_keeps_the_words(
    survey: LiveSurvey, phone: Page, expected_complaints: list[str]
) -> None:
    expected_complaints.append("422")
    phone.goto(survey.path)
    phone.get_by_label("Would you like to add anything?").fill("My words")
    press(phone, "Send my answer")
    press(phone, "Українська")
    expect(phone.get_by_label("Хочете щось додати?")).to_have_value("My words")
    assert phone.locator("html").get_attribute("lang") == "uk"


def test_too_long_to_send_keeps_the_words(
    survey: LiveSurvey, phone: Page, expected_complaints: list[str]
) -> None:
    expected_complaints.append("413")
    phone.goto(survey.path)
    more = phone.get_by_label("Would you like to add anything?")
    typed = "Very long. " * 60_000
    more.fill(typed)
    press(phone, "Send my answer")
    expect(phone.get_by_role("heading", level=1)).to_have_text("That is too long to send")
    phone.go_back()
    expect(more).to_have_value(typed)


def test_a_double_click_sends_once(survey: LiveSurvey, phone: Page) -> None:
    phone.goto(survey.path)
    tick(phone, "No longer needed")
    phone.get_by_role("button", name="Send my answer").dblclick()
    expect(phone).to_have_title(re.compile("^Thank you"))
    assert survey.waiting() == 1
