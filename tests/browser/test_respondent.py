"""The respondent's page in a real browser: phones, keyboard, languages, dark, no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect
from sqlalchemy import text

from feedback_app.surveys import actions as surveys
from tests.browser.conftest import NARROW, PHONE, OpenPage
from tests.browser.live_site import LiveSite

TOUCH = 44  # CSS pixels
FOLLOW_UPS = ("Which one decided it?", "What did you compare the price with?")
NAMES = count(1)


@dataclass(frozen=True)
class LiveSurvey:
    """An open survey of the live site."""

    site: LiveSite
    slug: str

    @property
    def path(self) -> str:
        return f"/s/{self.slug}"

    def waiting(self) -> int:
        """Sealed answers of this survey."""
        with self.site.database() as database, database.reading() as session:
            query = text(
                "SELECT count(*) FROM box JOIN batch ON batch.id = box.batch_id "
                "JOIN survey ON survey.id = batch.survey_id WHERE survey.slug = :slug"
            )
            return int(session.scalar(query, {"slug": self.slug}) or 0)


@pytest.fixture
def survey(live_site: LiveSite) -> LiveSurvey:
    """A fresh open survey with k = 5 and one known competitor."""
    with live_site.database() as database, database.writing() as session:
        surveys.add_competitor(session, "Northwind", by="a test")
    name = f"Respondents {next(NAMES)}"
    made = live_site.command("survey", "create", "--name", name, "--k", "5", "--open")
    return LiveSurvey(live_site, made.split("/s/")[-1].strip())


def tick(page: Page, *labels: str) -> None:
    for label in labels:
        page.get_by_role("checkbox", name=label).check()


def press(page: Page, name: str) -> str:
    """Press a button; the source of the page that answers."""
    with page.expect_navigation() as answered:
        page.get_by_role("button", name=name).last.click()
    return answered.value.text()


def card(page: Page, question: str):
    """The card of a question, by its heading."""
    return page.locator(".card", has=page.get_by_role("heading", name=question, exact=True))


@pytest.mark.parametrize("width", ["phone", "narrow", "page"])
def test_from_the_link_to_the_thanks(
    survey: LiveSurvey,
    width: str,
    request: pytest.FixtureRequest,
    sound_page: Callable[..., None],
    screenshot: Callable[[Page, str], Path],
) -> None:
    page: Page = request.getfixturevalue(width)
    page.goto(survey.path)
    sound_page(page)
    tick(page, "Price or fees too high", "Promotion or bonus elsewhere")
    decided = card(page, "Which one decided it?")
    decided.get_by_role("radio", name="Price or fees too high").check()
    card(page, "What did you compare the price with?").get_by_label("Something else").check()
    page.get_by_label("What was it?").first.fill("a friend’s tariff")
    page.get_by_label("Name of the provider").fill("Northwind")
    tick(page, "Someone I know")
    page.get_by_role("group", name="Customer service").get_by_label("4", exact=True).check()
    page.get_by_role("group", name="The product itself").get_by_label("Does not apply").check()
    page.get_by_label("What would you improve at this company?").fill("Answer the phone.")
    page.get_by_role("radio", name="7", exact=True).check()
    sound_page(page)
    screenshot(page, "filled")
    shown = press(page, "See what would be stored")
    sound_page(page, shown)
    screenshot(page, "preview")
    record = page.get_by_role("region", name="Exactly this would be stored")
    expect(record).to_be_focused()
    expect(record).to_contain_text('"text": "a friend’s tariff"')
    expect(record).to_contain_text("This company: Price or fees too high (decided it)")
    assert survey.waiting() == 0
    expect(page.get_by_label("Name of the provider")).to_have_value("Northwind")
    page.get_by_role("button", name="Send my answer").first.click()
    expect(page).to_have_title(re.compile("^Thank you"))
    sound_page(page)
    screenshot(page, "thanks")
    assert survey.waiting() == 1
    page.reload()
    assert survey.waiting() == 1
    assert page.context.cookies() == []


def test_one_small_request(survey: LiveSurvey, page: Page) -> None:
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    page.on("request", note)
    answer = page.goto(survey.path)
    assert answer is not None
    page.wait_for_load_state("networkidle")
    assert [it.url for it in asked if not it.url.startswith("data:")] == [page.url]
    sizes = asked[0].sizes()
    assert sizes["responseBodySize"] <= 14 * 1024
    assert answer.headers["content-encoding"] == "gzip"


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


@pytest.mark.parametrize("language", ["ru", "uk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_languages_and_dark(
    survey: LiveSurvey,
    open_page: OpenPage,
    language: str,
    scheme: str,
    sound_page: Callable[..., None],
    screenshot: Callable[[Page, str], Path],
) -> None:
    page = open_page(viewport=NARROW, locale=language, color_scheme=scheme, has_touch=True)
    page.goto(survey.path)
    assert page.locator("html").get_attribute("lang") == language
    page.locator("input[type=checkbox]").nth(0).check()
    page.locator("input[type=checkbox]").nth(8).check()
    sound_page(page)
    screenshot(page, f"{language}-{scheme}")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor").startswith("rgb(1")
    assert dark is (scheme == "dark")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What led you to leave?")
    for path in ("/thanks", "/what-we-store"):
        page.goto(survey.path + path)
        sound_page(page)


def test_without_script(survey: LiveSurvey, plain: Page) -> None:
    plain.goto(survey.path)
    expect(card(plain, "Which one decided it?")).to_be_hidden()
    tick(plain, "Hard to use", "Better price elsewhere")
    expect(card(plain, "Which provider did you go to?")).to_be_visible()
    plain.get_by_role("button", name="Send my answer").click()
    expect(plain).to_have_title(re.compile("^Thank you"))
    assert survey.waiting() == 1


@pytest.mark.parametrize("viewport", [NARROW, PHONE])
def test_targets_are_big_enough(
    survey: LiveSurvey, open_page: OpenPage, viewport: dict[str, int]
) -> None:
    page = open_page(viewport=viewport, has_touch=True, is_mobile=True)
    page.goto(survey.path)
    tick(page, "Price or fees too high", "Better price elsewhere")
    small = page.evaluate(
        """least => [...document.querySelectorAll(
                "form label:not(.line label, h2 label), form button, textarea, input[type=text]")]
            .filter(it => it.checkVisibility())
            .map(it => [it.textContent.trim().slice(0, 30), it.getBoundingClientRect()])
            .filter(([_, box]) => box.height < least || box.width < least)
            .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)""",
        TOUCH,
    )
    assert small == []


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


def test_what_we_store_opens_beside_the_form(survey: LiveSurvey, phone: Page) -> None:
    phone.goto(survey.path)
    phone.get_by_label("Would you like to add anything?").fill("My words")
    with phone.context.expect_page() as opened:
        phone.get_by_role("link", name="What we store").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("What we store")
    expect(phone.get_by_label("Would you like to add anything?")).to_have_value("My words")


def test_an_invitation_in_the_browser(
    survey: LiveSurvey,
    live_site: LiveSite,
    phone: Page,
    sound_page: Callable[..., None],
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("410")
    (link,) = live_site.command("survey", "invite", survey.slug, "--count", "1").split()
    phone.goto(link)
    sound_page(phone)
    tick(phone, "No longer needed")
    press(phone, "Send my answer")
    expect(phone.get_by_text("Your link works once.")).to_be_visible()
    phone.goto(link)
    expect(phone.get_by_role("heading", level=1)).to_have_text("This link has been used")


@pytest.fixture
def printed(open_page: OpenPage) -> Page:
    """A page as a printer gets it."""
    page = open_page()
    page.emulate_media(media="print")
    return page


def test_prints_without_buttons(survey: LiveSurvey, printed: Page) -> None:
    printed.goto(survey.path)
    expect(printed.get_by_role("button", name="Send my answer")).to_be_hidden()
    expect(printed.get_by_role("navigation")).to_be_hidden()
    expect(card(printed, "Which of these played a part?")).to_be_visible()


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
