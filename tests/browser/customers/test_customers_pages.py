"""The customers' pages in a browser: every one sound, a list brought in from file to customer."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.live_site import LiveSite
from tests.factories.customers import write_list

EMAIL = "customers-researcher@example.org"
PASSWORD = "a quiet river 7"
HEADER = ("Номер клиента", "ФИО", "Почта", "Статус", "Тариф", "Источник")
ROWS = [
    ("B-1", "Олена Коваль", "olena@example.com", "ушла", "Pro", "сайт"),
    ("B-2", "Іван Бондар", "nobody", "ушел", "Pro", "сайт"),
    ("B-3", "John Smith", "john@example.org", "активен", "Max", "друг"),
    ("B-1", "", "", "ушла", "Basic", ""),
]


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


def send_list(page: Page, file: Path) -> None:
    page.goto("/staff/customers/import")
    page.set_input_files("#file", file)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/staff/customers/import/[0-9a-f]{32}$"))


@pytest.mark.parametrize("has_script", [True, False])
def test_a_list_becomes_customers_step_by_step(
    open_page: Callable[..., Page], tmp_path: Path, has_script: bool
) -> None:
    prefix = "S" if has_script else "P"
    rows = [(f"{prefix}{reference}", *rest) for reference, *rest in ROWS]
    page = sign_in(open_page(java_script_enabled=has_script))
    send_list(page, write_list(tmp_path / "список.csv", rows, header=HEADER, delimiter=";"))
    expect(page.get_by_label("Номер клиента")).to_have_value("reference")
    expect(page.get_by_label("Источник")).to_have_value("keep")
    expect(page.get_by_label("As the columns of status")).to_be_checked()
    page.get_by_role("button", name="Look through").click()
    expect(page.get_by_role("row", name=re.compile("nobody"))).to_contain_text("3")
    with page.expect_download() as rejected:
        page.get_by_role("link", name="All as CSV").click()
    assert "nobody" in rejected.value.path().read_text("utf-8-sig")
    page.get_by_role("button", name="Store 2 customers").click()
    expect(page.get_by_text("2 new, 0 updated, 0 unchanged")).to_be_visible()
    page.goto(f"/staff/customers?search={prefix}B-1")
    page.get_by_role("link", name="Олена Коваль").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Олена Коваль")
    expect(page.locator(".customer-facts")).to_contain_text("Basic")
    page.get_by_role("link", name="Erase…").click()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("The customer is erased.")).to_be_visible()
    page.goto(f"/staff/customers?search={prefix}B-1")
    expect(page.get_by_text("Nobody matches.")).to_be_visible()


def test_every_page_is_sound(
    open_page: Callable[..., Page],
    sound_at_both_ends: Callable[..., None],
    live_site: LiveSite,
    tmp_path: Path,
) -> None:
    file = write_list(tmp_path / "list.csv", ROWS, header=HEADER)
    live_site.command("import", "customers", str(file))
    page = sign_in(open_page(locale="ru"))
    page.goto("/staff/customers/suppression")
    page.fill("#address", "olena@example.com")
    page.locator("main form button.btn-primary").click()
    sound_at_both_ends(page)
    for query in ("", "?search=B-1"):
        page.goto(f"/staff/customers{query}")
        sound_at_both_ends(page)
    page.locator("tbody th a").first.click()
    shown = page.url
    sound_at_both_ends(page)
    for part in ("edit", "erase"):
        page.goto(f"{shown}/{part}")
        sound_at_both_ends(page)
    page.goto("/staff/customers/import")
    sound_at_both_ends(page)
    send_list(page, file)
    sound_at_both_ends(page)
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_url("**/preview")
    sound_at_both_ends(page)


def test_refusals_are_sound_and_read_first(
    page: Page, sound_page: Callable[..., None], expected_complaints: list[str], tmp_path: Path
) -> None:
    expected_complaints.append("status of 422")
    sign_in(page)
    page.goto("/staff/customers/import")
    broken = tmp_path / "old.xls"
    broken.write_bytes(b"\xd0\xcf\x11\xe0 an old workbook")
    page.set_input_files("#file", broken)
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.locator("main form button.btn-primary").click()
    assert sent.value.status == 422
    sound_page(page, sent.value.text())
    expect(page.get_by_role("alert")).to_contain_text("save it as .xlsx")
    expect(page.get_by_role("alert")).to_be_focused()
    page.goto("/staff/customers/suppression")
    page.fill("#address", "nobody")
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.get_by_role("button", name="Add", exact=True).click()
    sound_page(page, sent.value.text())
    expect(page.get_by_label("Add an address")).to_have_value("nobody")
