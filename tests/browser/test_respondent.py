"""The respondent's page in a real browser: sizes, languages, dark, print, links."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import NARROW, PHONE, OpenPage
from tests.browser.live_site import LiveSite
from tests.browser.respondent_page import LiveSurvey, card, open_survey, press, tick

TOUCH = 44  # CSS pixels


@pytest.fixture
def survey(live_site: LiveSite) -> LiveSurvey:
    """A fresh open survey of this test alone."""
    return open_survey(live_site)


@pytest.mark.parametrize("width", ["narrow", "page"])
def test_from_the_link_to_the_thanks(
    survey: LiveSurvey,
    width: str,
    request: pytest.FixtureRequest,
    sound_page: Callable[..., None],
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
    shown = press(page, "See what would be stored")
    sound_page(page, shown)
    record = page.get_by_role("region", name="Exactly this would be stored")
    expect(record).to_be_focused()
    expect(record).to_contain_text('"text": "a friend’s tariff"')
    expect(record).to_contain_text("This company: Price or fees too high (decided it)")
    assert survey.waiting() == 0
    expect(page.get_by_label("Name of the provider")).to_have_value("Northwind")
    page.get_by_role("button", name="Send my answer").first.click()
    expect(page).to_have_title(re.compile("^Thank you"))
    sound_page(page)
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


@pytest.mark.parametrize(("language", "scheme"), [("ru", "light"), ("uk", "dark")])
def test_languages_and_dark(
    survey: LiveSurvey,
    open_page: OpenPage,
    language: str,
    scheme: str,
    sound_page: Callable[..., None],
) -> None:
    page = open_page(viewport=NARROW, locale=language, color_scheme=scheme, has_touch=True)
    page.goto(survey.path)
    assert page.locator("html").get_attribute("lang") == language
    page.locator("input[type=checkbox]").nth(0).check()
    page.locator("input[type=checkbox]").nth(8).check()
    sound_page(page)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor").startswith("rgb(1")
    assert dark is (scheme == "dark")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What led you to leave?")
    for path in ("/thanks", "/what-we-store"):
        page.goto(survey.path + path)
        sound_page(page)


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
            .filter(it => it.checkVisibility() && !it.closest("[aria-hidden]"))  // not the trap
            .map(it => [it.textContent.trim().slice(0, 30), it.getBoundingClientRect()])
            .filter(([_, box]) => box.height < least || box.width < least)
            .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)""",
        TOUCH,
    )
    assert small == []


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
