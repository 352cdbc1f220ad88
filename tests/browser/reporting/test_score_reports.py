"""A manager reads how current customers are doing and what staff believe, on any screen."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from feedback_app.staff.rules import Role
from tests.browser.live_site import LiveSite
from tests.factories.answers import Told, make_survey, put_answers
from tests.factories.scores import invent_current, invent_staff, make_ready_survey, put_values
from tests.factories.staff import PASSWORD, add_staff

EMAIL = "scores-manager@example.com"
CURRENT = "/reports/content-customers/current"
STAFF = "/reports/colleagues/staff"
SHAPES: dict[str, dict[str, Any]] = {
    "desktop": {"locale": "uk"},
    "dark narrow": {
        "locale": "ru",
        "color_scheme": "dark",
        "viewport": {"width": 320, "height": 640},
        "is_mobile": True,
        "has_touch": True,
    },
}


@pytest.fixture(scope="module", autouse=True)
def _reports(live_site: LiveSite) -> None:
    with live_site.database() as database:
        add_staff(database, EMAIL, Role.MANAGER)
        for name in ("Left in spring", "Left in autumn"):
            gone = make_survey(database, name, k=5)
            put_answers(
                database,
                gone,
                [
                    (Told(("company.price",), "company.price"), 40),
                    (Told(("company.slow_response",), "company.slow_response"), 25),
                    (Told(("client.budget",), "client.budget"), 12),
                ],
            )
        current = make_ready_survey(database, "current", "Content customers", segments=("region",))
        for month in (3, 4, 5):
            for region in ("Northern and north-eastern district", "south"):
                made = invent_current(70, seed=month + len(region))
                put_values(database, current, made, on=date(2024, month, 15), segments=(region,))
        poll = make_ready_survey(database, "staff", "Colleagues")
        put_values(database, poll, invent_staff(90))


def sign_in(page: Page) -> None:
    # The first view starts the analyst, which a busy machine takes its time for.
    page.set_default_navigation_timeout(60_000)
    page.goto("/staff/sign-in")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


@pytest.mark.parametrize("shape", SHAPES)
def test_both_reports_are_sound_pages(open_page, sound_page, shape: str) -> None:
    page = open_page(**SHAPES[shape])
    sign_in(page)
    for path in (CURRENT, STAFF):
        page.goto(path)
        for details in page.locator("main details").all():
            details.evaluate("it => { it.open = true }")
        sound_page(page)


def test_a_manager_reads_scores_and_chooses_whom_to_compare_with(page: Page) -> None:
    sign_in(page)
    page.goto("/reports")
    page.get_by_role("link", name=re.compile("How they are doing.*Content customers")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How customers are doing")
    expect(page.locator(".headline")).to_contain_text("The Net Promoter Score is")
    expect(page.get_by_text("This is association, not proof of cause")).to_be_visible()
    picture = page.locator("main img.chart").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("it => it.naturalWidth") > 0
    assert len(picture.get_attribute("alt") or "") > 40
    page.get_by_label("Departed customers of").select_option(label="Left in spring")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_label("Departed customers of")).to_have_value("left-in-spring")
    warning = page.get_by_role("region", name="Early warning")
    expect(warning.get_by_role("row", name="Price or fees too high")).to_contain_text("%")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    assert download.value.suggested_filename == "content-customers-current.csv"
    assert "departed=left-in-spring" in download.value.url


def test_a_manager_sees_whom_staff_blame(page: Page) -> None:
    sign_in(page)
    page.goto(STAFF)
    expect(page.locator(".headline")).to_contain_text("Staff put it down to the customers")
    gauge = page.get_by_role("region", name="Blame gauge")
    expect(gauge.get_by_role("row").last).to_contain_text("staff say so more often")
    blind = page.get_by_role("region", name="Blind spots")
    expect(blind.get_by_role("listitem").first).to_be_visible()
