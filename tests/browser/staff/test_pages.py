"""Staff pages as staff meet them: on a phone, in the dark, without a mouse, without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from feedback_app.staff import setup
from feedback_app.staff.rules import Role
from tests.browser.live_site import LiveSite, serving
from tests.factories.staff import PASSWORD, add_staff

PAGES = (
    "/",
    "/staff/accounts",
    "/staff/accounts/new",
    "/staff/audit",
    "/staff/account",
    "/staff/account/password",
    "/staff/account/second-factor",
)
SHAPES: dict[str, dict[str, Any]] = {
    "desktop": {},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "narrow dark": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
}


@pytest.fixture(scope="session")
def email(live_site: LiveSite) -> str:
    """An administrator of the live site, with a long address."""
    address = "administrator.with.a.rather.long.name@customers.example.com"
    with live_site.database() as database:
        add_staff(database, address, Role.ADMIN)
    return address


def sign_in(page: Page, email: str) -> None:
    page.goto("/staff/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What to do next")


@pytest.mark.parametrize("shape", SHAPES)
def test_every_page_is_sound(open_page, sound_page, email: str, shape: str) -> None:
    page = open_page(**SHAPES[shape])
    page.goto("/staff/sign-in")
    sound_page(page)
    sign_in(page, email)
    for path in PAGES:
        page.goto(path)
        sound_page(page)


@pytest.mark.parametrize("shape", ["desktop", "narrow dark"])
def test_an_error_page_is_sound(open_page, sound_page, expected_complaints, shape: str) -> None:
    expected_complaints.append("404")
    page = open_page(**SHAPES[shape])
    page.goto("/nothing")
    sound_page(page)
    expect(page.get_by_role("link", name="To the first page")).to_be_visible()


def test_refused_input_is_read_first_and_leads_to_its_field(phone, axe, email: str) -> None:
    sign_in(phone, email)
    phone.goto("/staff/accounts/new")
    phone.get_by_label("E-mail").fill("nobody")
    phone.get_by_role("button", name="Add").click()
    summary = phone.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(phone.get_by_label("E-mail")).to_have_value("nobody")
    axe(phone)
    summary.get_by_role("link").first.click()
    expect(phone.get_by_label("E-mail")).to_be_focused()
    summary.get_by_role("link", name="Roles").click()
    expect(phone.get_by_label("Administrator")).to_be_focused()


def test_the_phones_menu_works_without_scripts(plain: Page, email: str) -> None:
    sign_in(plain, email)
    plain.get_by_text("Menu", exact=True).click()
    plain.get_by_role("navigation").get_by_role("link", name="Audit log").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Audit log")
    plain.get_by_text("Menu", exact=True).click()
    plain.get_by_role("button", name="Sign out").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_colleague_is_added_and_closed_by_keyboard(page: Page, email: str, axe) -> None:
    sign_in(page, email)
    page.goto("/staff/accounts/new")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the way back in the breadcrumbs
    page.keyboard.press("Tab")
    page.keyboard.type("keyboard@example.com")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hand over this password")
    axe(page)
    page.get_by_role("link", name="Done").click()
    page.get_by_role("link", name="Change keyboard@example.com").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_role("status")).to_have_text(
        "keyboard@example.com can not sign in any more."
    )


def test_the_language_stays_and_the_page_too(page: Page, email: str) -> None:
    sign_in(page, email)
    page.goto("/staff/audit?act=staff.add")
    page.get_by_role("button", name="Українська").click()
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    assert page.url.endswith("/staff/audit?act=staff.add")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_dark_and_light_follow_the_system(page: Page) -> None:
    page.goto("/staff/sign-in")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


@pytest.mark.parametrize("shape", ["desktop", "narrow dark"])
def test_the_first_visit(browser, axe, tmp_path, shape: str) -> None:
    """A fresh installation of its own, from the printed link to the home page."""
    home = tmp_path / "fresh"
    home.mkdir(mode=0o700)
    with serving(home) as site:
        code = setup.find_code(site.settings)
        context = browser.new_context(base_url=site.url, locale="en", **SHAPES[shape])
        page = context.new_page()
        page.goto("/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Almost there")
        axe(page)
        page.goto(f"/welcome?code={code}")
        axe(page)
        page.get_by_role("link", name="Set up").click()
        page.get_by_label("Your e-mail").fill("anna@example.com")
        page.get_by_label("Password").fill("short")
        page.get_by_role("button", name="Make the account").click()
        expect(page.get_by_role("alert")).to_contain_text("At least 10 characters")
        axe(page)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Make the account").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("What to do next")
        axe(page)
        context.close()
