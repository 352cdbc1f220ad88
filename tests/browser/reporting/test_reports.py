"""A manager reads reports: on a desktop and a phone, in the dark, in Russian, without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from feedback_app.staff.rules import Role
from tests.browser.live_site import LiveSite
from tests.factories.answers import Told, invent_answers, make_survey, put_answers
from tests.factories.staff import PASSWORD, add_staff

EMAIL = "reports-manager@example.com"
NAME = "Why they went away"
REPORT = "/reports/why-they-went-away/causes"
COMMENTS = "/reports/why-they-went-away/comments?cause=company.price"
ANSWERS = "/reports/why-they-went-away/answers"
NARROW = f"{REPORT}?language=en&side=company"
REFUSED = f"{REPORT}?language=uk&segment_1=team&channel=invitation&from=2024-02&to=2024-02"
#: Each width, both schemes and languages of long and short words, in three visits.
SHAPES: tuple[dict[str, Any], ...] = (
    {"locale": "en"},
    {"locale": "uk", "color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
    {
        "locale": "ru",
        "viewport": {"width": 320, "height": 640},
        "is_mobile": True,
        "has_touch": True,
    },
)


@pytest.fixture(scope="module", autouse=True)
def _report(live_site: LiveSite) -> None:
    said = {"improve": "Tell me before the price goes up.", "more": "Averylongwordwithout" * 12}
    with live_site.database() as database:
        add_staff(database, EMAIL, Role.MANAGER)
        survey = make_survey(database, NAME, k=5, segments=("plan",), is_demo=True)
        put_answers(database, survey, invent_answers(500, seed=4))
        put_answers(
            database, survey, [(Told(("company.price",), "company.price", document=said), 30)]
        )


def sign_in(page: Page) -> None:
    page.goto("/staff/sign-in")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


@pytest.mark.parametrize("shape", SHAPES, ids=["desktop", "dark phone", "narrow"])
def test_every_page_is_sound(open_page, sound_page, shape: dict[str, Any]) -> None:
    page = open_page(**shape)
    sign_in(page)
    for path in ("/reports", "/reports/comments", NARROW, REFUSED, COMMENTS, ANSWERS, REPORT):
        page.goto(path)
        for details in page.locator("main details").all():
            details.evaluate("it => { it.open = true }")
        sound_page(page)


def test_a_manager_reads_the_answer(page: Page) -> None:
    sign_in(page)
    page.get_by_role("link", name="Reports").click()
    page.get_by_role("link", name=re.compile(f"Why they left.*{NAME}")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Why customers leave")
    expect(page.locator(".headline")).to_contain_text("respondents name most")
    expect(page.get_by_role("note")).to_contain_text("Demo data")
    for picture in page.locator("main img.chart").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("it => it.naturalWidth") > 0
        assert len(picture.get_attribute("alt") or "") > 40
    first = page.locator("table.ranking").first.locator("tbody tr").first
    expect(first.locator("td").first).to_have_text("1")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    assert download.value.suggested_filename == "why-they-went-away-causes.csv"


def test_filters_work_without_scripts(plain: Page) -> None:
    sign_in(plain)
    plain.goto(REPORT)
    plain.get_by_text("Filters").click()
    plain.get_by_label("Side", exact=True).select_option("client")
    plain.get_by_label("Language of the answer").select_option("en")
    plain.get_by_role("button", name="Show").click()
    assert "side=client" in plain.url
    assert "language=en" in plain.url
    expect(plain.locator(".filter-panel .tag")).to_have_count(2)
    sides = plain.locator("table.ranking .cause-side")
    assert sides.count() > 0
    assert {it.strip() for it in sides.all_text_contents()} == {"Client"}


def test_comments_of_a_cause(phone: Page) -> None:
    sign_in(phone)
    phone.goto("/reports/why-they-went-away/comments")
    phone.get_by_label("Cause").select_option("company.price")
    phone.get_by_role("button", name="Show").click()
    expect(phone.locator("blockquote", has_text="Tell me before")).to_have_count(20)
    phone.get_by_role("link", name="More").click()
    expect(phone.locator("blockquote", has_text="Tell me before")).to_have_count(10)


def test_print_shows_numbers_not_buttons(page: Page) -> None:
    sign_in(page)
    page.goto(REPORT)
    page.emulate_media(media="print")
    expect(page.locator(".headline")).to_be_visible()
    expect(page.locator(".filter-panel")).to_be_hidden()
    expect(page.get_by_role("link", name="Download CSV")).to_be_hidden()
