"""From a customer list to a report, all in a browser and through a real mail server."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.invitations.conftest import sign_in
from tests.browser.live_site import LiveSite
from tests.factories.customers import write_list
from tests.factories.waves import html_of, read_mail, text_of
from tests.smtp_server import Received, SmtpServer

PEOPLE = 10
HEADER = ("Customer ID", "Full name", "E-mail", "Language", "Cancelled at", "Plan")
ROWS = [
    *(
        (f"E-{place}", f"Person {place}", f"e{place}@example.net", "en", "2019-05-04", "Pro")
        for place in range(PEOPLE)
    ),
    ("E-90", "Still here", "here@example.net", "en", "", "Pro"),
    ("E-91", "No Address", "", "en", "2019-05-04", "Pro"),
]
PRICE, FRIEND = "Price or fees too high", "Promotion or bonus elsewhere"
DEARER = 5  # of ten name the price; fewer than k would be withheld


def test_from_a_list_to_the_report(
    page: Page,
    phone: Page,
    live_site: LiveSite,
    smtp: SmtpServer,
    tmp_path: Path,
    expected_complaints: list[str],
) -> None:
    live_site.command("survey", "create", "--name", "From end to end", "--k", "5", "--open")
    sign_in(page)
    bring_in(page, write_list(tmp_path / "customers.csv", ROWS, header=HEADER))
    plan_wave(page)
    live_site.command("worker", "--once", "--no-tagger")
    mails = [each for each in smtp.received if each.recipient.endswith("@example.net")]
    assert sorted(each.recipient for each in mails) == sorted(row[2] for row in ROWS[:PEOPLE])
    for place, mail in enumerate(mails):
        answer(phone, link_in(mail), PRICE if place < DEARER else FRIEND)
    expect_counts(page, sent=PEOPLE, answered=PEOPLE)
    live_site.command("worker", "--once", "--no-tagger")
    read_report(page)
    expected_complaints.append("410")
    phone.goto(link_in(mails[0]))
    expect(phone.get_by_role("heading", level=1)).to_have_text("This link has been used")


def bring_in(page: Page, file: Path) -> None:
    page.goto("/staff/customers/import")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Look through").click()
    page.get_by_role("button", name="Store 12 customers").click()
    expect(page.get_by_text("12 new, 0 updated, 0 unchanged")).to_be_visible()


def plan_wave(page: Page) -> None:
    page.get_by_role("link", name="Waves").click()
    page.get_by_role("link", name="New wave").click()
    page.get_by_label("Survey").select_option(label="From end to end")
    page.get_by_label("Name that staff see").fill("Left in May")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Departed from").fill("2019-05-01")
    page.get_by_label("Departed until").fill("2019-05-31")
    expect(page.locator("#counts .is-main dd")).to_have_text("10")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Plan").check()
    page.get_by_role("button", name="Show the sizes").click()
    expect(page.get_by_role("row", name=re.compile("Pro 10"))).to_be_visible()
    page.get_by_role("button", name="Save and continue").click()
    english = page.get_by_role("region", name="English")
    english.get_by_label("Subject", exact=True).fill("{company} would like to know, {name}")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Remind those who have not answered").check()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator(".big-number")).to_have_text("10 people will get it")
    expect(page.locator(".left-out")).to_contain_text("1 has no e-mail address")
    expect(page.get_by_text("written to a folder")).to_have_count(0)
    page.get_by_role("button", name="Send to 10 people").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Left in May")


def link_in(mail: Received) -> str:
    """The address behind the button of the HTML part; the text part has the same."""
    message = read_mail(mail.content)
    person = mail.recipient.removeprefix("e").partition("@")[0]
    assert str(message["Subject"]).endswith(f"would like to know, Person {person}")
    found = re.search(r'href="([^"]+/i/[^"&]+)"', html_of(mail.content))
    assert found is not None
    assert found[1] in text_of(mail.content)
    return found[1]


def answer(page: Page, link: str, cause: str) -> None:
    page.goto(link)
    page.get_by_role("checkbox", name=cause).check()
    page.get_by_role("button", name="Send my answer").first.click()
    expect(page).to_have_title(re.compile("^Thank you"))
    assert page.context.cookies() == []


def expect_counts(page: Page, *, sent: int, answered: int) -> None:
    page.goto("/staff/waves")
    region = page.get_by_role("article", name="Left in May")
    for name, number in (("Sent", sent), ("Answered", answered), ("Response rate", "100%")):
        fact = region.locator(".wave-facts > div", has=page.get_by_text(name, exact=True))
        expect(fact.locator("dd")).to_have_text(str(number))


def read_report(page: Page) -> None:
    # The first report waits for its libraries.
    page.goto("/reports/from-end-to-end/causes", timeout=60_000)
    expect(page.locator(".lead-text")).to_contain_text("10 respondents")
    row = page.locator("table.ranking tbody tr", has_text=PRICE).first
    expect(row).to_contain_text("50")
