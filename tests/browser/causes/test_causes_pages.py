"""The causes pages in a browser: sound at every size, usable by keyboard and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from feedback_app.causes import queries
from feedback_app.causes.rules import Side
from tests.browser.live_site import LiveSite

EMAIL = "causes-researcher@example.org"
PASSWORD = "a quiet river 7"
PAGES = (
    "/staff/causes?at=company.price",
    "/staff/causes/new",
    "/staff/causes/company.price/rename",
    "/staff/causes/company.price/merge",
    "/staff/causes/company.price/merge?into=company.plans",
    "/staff/causes/history",
    "/staff/causes/history/1",
)


@pytest.fixture(scope="module", autouse=True)
def _account(live_site: LiveSite) -> None:
    live_site.command("staff", "add", "--email", EMAIL, "--role", "researcher", typed=PASSWORD)


def sign_in(page: Page) -> Page:
    page.goto("/staff/sign-in")
    page.fill("input[name=email]", EMAIL)
    page.fill("input[name=password]", PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def order(live_site: LiveSite) -> list[str]:
    with live_site.database() as database, database.reading() as session:
        return [cause.code for cause in queries.get_catalogue(session).standing(Side.COMPANY)]


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(320, "dark", "uk"), (390, "light", "en"), (1280, "dark", "en"), (1280, "light", "ru")],
)
def test_every_page_is_sound(open_page, sound_page, width, scheme, language) -> None:
    page = sign_in(
        open_page(viewport={"width": width, "height": 800}, color_scheme=scheme, locale=language)
    )
    for path in PAGES:
        page.goto(path)
        sound_page(page)


@pytest.mark.parametrize("has_script", [True, False])
def test_a_cause_is_moved_by_keyboard_and_the_focus_stays(
    open_page: Callable[..., Page], live_site: LiveSite, has_script: bool
) -> None:
    before = order(live_site)
    code = before[2]
    page = sign_in(open_page(java_script_enabled=has_script))
    page.goto("/staff/causes")
    place = page.locator(f"[id='{code}']")
    place.locator("summary").focus()
    page.keyboard.press("Enter")
    down = place.get_by_role("button", name="Down")
    down.focus()
    for _ in range(2):
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(down).to_be_focused()
    assert order(live_site).index(code) == 4
    up = place.get_by_role("button", name="Up")
    up.focus()
    for _ in range(2):
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(up).to_be_focused()
    assert order(live_site) == before


def test_a_refused_form_is_sound_and_leads_to_the_field(
    page: Page, sound_page, expected_complaints: list[str]
) -> None:
    expected_complaints.append("status of 422")
    sign_in(page).goto("/staff/causes/new?side=client")
    page.get_by_label("Explanation in one line").nth(1).fill("Без названия.")
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.get_by_role("button", name="Add the cause").click()
    assert sent.value.status == 422
    sound_page(page, sent.value.text())
    page.get_by_role("link", name="give a label too").click()
    expect(page.locator("#label_ru")).to_be_focused()
    expect(page.get_by_label("Explanation in one line").nth(1)).to_have_value("Без названия.")
