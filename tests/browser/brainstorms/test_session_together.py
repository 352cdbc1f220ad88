"""A whole session in six browsers: a facilitator, four colleagues and a guest.

One sits on a phone of 360 px, one uses the keyboard alone, one loses the network twice.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from feedback_app.brainstorms import queries
from feedback_app.brainstorms.rules.fold import fold
from tests.browser.brainstorms.conftest import sign_in
from tests.browser.conftest import OpenPage
from tests.browser.live_site import LiveSite

SMALL_PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
PATIENCE = 20_000
PROVOKED = ("ERR_INTERNET_DISCONNECTED", "409 (Conflict)")


class Meeting:
    """Everybody's page, and what they do in turn."""

    def __init__(self, open_page: OpenPage, site: LiveSite, check: Callable[..., None]) -> None:
        self.site, self.check = site, check
        self.desk = sign_in(open_page())
        self.desk.set_default_timeout(PATIENCE)
        self.code = self._plan()
        self.screen = self.desk.context.new_page()
        self.screen.set_viewport_size({"width": 1920, "height": 1080})
        self.screen.goto(f"/staff/brainstorms/{self.code}/screen")
        self.phone = self._join(open_page(**SMALL_PHONE), "Ihor")
        self.keys = self._join(open_page(), "Maryna")
        self.flaky = self._join(open_page(), "Petro")
        self.fourth = self._join(open_page(color_scheme="dark"), "Svitlana")
        self.guest = self._join(open_page(), "Zlata", is_guest=True)
        self.seats = [self.phone, self.keys, self.flaky, self.fourth, self.guest]

    @property
    def pages(self) -> list[Page]:
        return [self.desk, *self.seats]

    def _plan(self) -> str:
        self.desk.goto("/staff/brainstorms/new")
        self.check(self.desk)
        self.desk.get_by_label("Title").fill("Why do small customers leave?")
        self.desk.locator("textarea[lang=en]").fill("Why do they leave within a year?")
        self.desk.get_by_label("Guests (loyal customers) may join").check()
        self.desk.get_by_label("Compare with").select_option(index=1)
        self.desk.get_by_role("button", name="Make the session").click()
        return str(self.desk.url.rsplit("/", 1)[1])

    def _join(self, page: Page, name: str, *, is_guest: bool = False) -> Page:
        page.set_default_timeout(PATIENCE)
        page.goto("/brainstorms")
        page.get_by_label("Code of the session").fill(f"{self.code[:4].lower()} {self.code[4:]}")
        page.get_by_role("button", name="Join").click()
        self.check(page)
        page.get_by_label("Your name in this session").fill(name)
        if is_guest:
            page.get_by_label("a guest: a customer").check()
        page.get_by_role("button", name="Join").click()
        expect(page.locator(".stage")).to_be_visible()
        return page

    def go(self, phase: str, *, asks: bool = False) -> None:
        """The facilitator goes on; everybody's page follows by itself."""
        self.desk.get_by_role("button", name="Next:").click()
        if asks:
            self.desk.get_by_role("dialog").get_by_role("button", name="Go on").click()
        for page in (*self.pages, self.screen):
            expect(page.locator(f".stage-{phase}")).to_be_visible(timeout=PATIENCE)

    def sound(self) -> None:
        """Two pages of different kinds are accessible, valid and fit their windows."""
        for page in (self.phone, self.desk, self.screen):
            self.check(page)

    def converged(self) -> dict[str, Any]:
        """Wait until everybody has read the whole log; their boards are the server's."""
        with self.site.database() as database, database.reading() as session:
            row = queries.get_brainstorm(session, self.code)
            board = fold(queries.list_events(session, row.id))
        expected = json.loads(json.dumps(board.document()))
        for page in self.pages:
            page.wait_for_function(f"Session.last === {row.last_event}", timeout=PATIENCE)
            assert page.evaluate("Session.board") == expected
        found: dict[str, Any] = expected
        return found


def write(page: Page, *texts: str, side: str = "") -> None:
    for text in texts:
        if side:
            page.locator(f"#side-{side}").check()
        page.locator("#reason").fill(text)
        page.keyboard.press("Enter")


def unit(page: Page, text: str) -> Any:
    return page.locator(".units > li", has_text=text)


@pytest.fixture
def meeting(
    open_page: OpenPage,
    live_site: LiveSite,
    sound_page: Callable[..., None],
    expected_complaints: list[str],
) -> Meeting:
    expected_complaints.extend(PROVOKED)
    return Meeting(open_page, live_site, sound_page)


def test_a_session_from_the_code_to_the_exported_result(meeting: Meeting) -> None:
    expect(meeting.desk.locator("#people li")).to_have_count(5)
    expect(meeting.screen.locator(".to-join-code")).to_contain_text(meeting.code[:4])
    meeting.phone.reload()
    expect(meeting.phone.locator(".stage-lobby")).to_be_visible()
    meeting.sound()
    _predict(meeting)
    _write(meeting)
    _group(meeting)
    _tag(meeting)
    _vote(meeting)
    _compare_and_decide(meeting)
    _take_along(meeting)


def _predict(meeting: Meeting) -> None:
    meeting.go("predict")
    for page in meeting.seats:
        for cause in ("company-price", "company-quality", "client-closed"):
            page.locator(f"#predict-{cause}").check()
    meeting.keys.locator("[data-filter]").fill("ціна")
    expect(meeting.keys.locator("[data-words]:visible", has_text="Price")).not_to_have_count(0)
    meeting.sound()


def _write(meeting: Meeting) -> None:
    meeting.go("write", asks=True)
    write(meeting.phone, "Support answers too late", "Late answers of the support", side="company")
    write(meeting.keys, "They are cheaper", side="competitor")
    write(meeting.fourth, "Shop closed")
    write(meeting.guest, "Bilds are unclear", "To be deleted")
    meeting.flaky.context.set_offline(True)
    write(meeting.flaky, "Written without a network", "And one more")
    expect(meeting.flaky.locator("#offline")).to_be_visible(timeout=PATIENCE)
    expect(meeting.flaky.locator(".card-state").first).to_have_text("waits to be sent")
    meeting.flaky.context.set_offline(False)
    expect(meeting.flaky.locator("#offline")).to_be_hidden(timeout=PATIENCE)
    expect(meeting.flaky.locator(".card-state").first).to_have_text("", timeout=PATIENCE)
    meeting.guest.get_by_role("button", name="Delete: To be deleted").click()
    meeting.guest.get_by_role("button", name="Edit: Bilds are unclear").click()
    meeting.guest.locator(".card-edit textarea").fill("Bills are unclear")
    meeting.guest.keyboard.press("Enter")
    meeting.sound()
    meeting.phone.get_by_role("button", name="I am done").click()
    meeting.desk.get_by_role("button", name="Round of others’ cards").click()
    meeting.desk.get_by_role("dialog").get_by_role("button", name="Go on").click()
    expect(meeting.phone.locator(".handful li")).not_to_have_count(0, timeout=PATIENCE)
    assert "Support answers" not in meeting.phone.locator(".handful").inner_text()
    meeting.go("reveal", asks=True)
    expect(meeting.guest.locator(".wall li")).to_have_count(7)
    texts = {page.locator(".wall").inner_text() for page in meeting.seats}
    assert len(texts) == 1
    assert "Bills are unclear" in texts.pop()
    meeting.sound()


def _group(meeting: Meeting) -> None:
    meeting.go("group")
    # By the suggestion, by touch, by keyboard alone and by dragging.
    meeting.fourth.get_by_role("button", name="Put together").first.click()
    expect(unit(meeting.phone, "Late answers")).to_contain_text("Support answers too late")
    meeting.phone.get_by_role("button", name="Pick: They are cheaper").tap()
    meeting.phone.get_by_role("button", name="Put here: Bills are unclear").tap()
    expect(unit(meeting.desk, "Bills are unclear")).to_contain_text("They are cheaper")
    pick = meeting.keys.get_by_role("button", name="Pick: Shop closed")
    pick.focus()
    meeting.keys.keyboard.press("Enter")
    meeting.keys.get_by_role("button", name="Put here: Written without a network").focus()
    meeting.keys.keyboard.press("Enter")
    expect(unit(meeting.keys, "Shop closed")).to_contain_text("Written without a network")
    meeting.keys.keyboard.press("Control+z")
    expect(unit(meeting.keys, "Shop closed")).not_to_contain_text("Written without a network")
    # The second loss of the network: a move made meanwhile is sent later.
    meeting.flaky.context.set_offline(True)
    unit(meeting.flaky, "And one more").drag_to(unit(meeting.flaky, "Written without a network"))
    expect(meeting.flaky.locator("#offline")).to_be_visible(timeout=PATIENCE)
    meeting.flaky.context.set_offline(False)
    expect(unit(meeting.guest, "And one more")).to_contain_text(
        "Written without a network", timeout=PATIENCE
    )
    name = unit(meeting.guest, "Late answers").get_by_label("Name of the group")
    name.fill("Answers come late")
    name.press("Enter")
    meeting.guest.get_by_role("button", name="Take out: They are cheaper").click()
    expect(unit(meeting.phone, "Bills are unclear")).not_to_contain_text("They are cheaper")
    board = meeting.converged()
    assert len(board["cards"]) == 7
    assert len(board["units"]) == 5
    meeting.sound()


def _tag(meeting: Meeting) -> None:
    meeting.go("tag")
    late = unit(meeting.phone, "Answers come late")
    late.get_by_role("button", name="Long waits for help or an answer").click()
    late.locator("summary", has_text="Ask why").click()
    late.get_by_label("Why? (1)").fill("Tickets have no owner")
    late.get_by_label("Why? (1)").press("Enter")
    expect(late.get_by_label("Why? (2)")).to_be_visible()
    search = unit(meeting.keys, "They are cheaper").get_by_role("searchbox")
    search.fill("цена")
    unit(meeting.keys, "They are cheaper").get_by_role("button", name="Better price").last.click()
    closed = unit(meeting.fourth, "Shop closed")
    closed.get_by_role("button", name="Business or organisation closed").click()
    bills = unit(meeting.guest, "Bills are unclear")
    bills.locator("summary", has_text="Propose a new cause").click()
    bills.get_by_label("Side").select_option("company")
    bills.get_by_label("What it should be called").fill("Unclear bills")
    bills.get_by_role("button", name="Propose").click()
    expect(bills).to_contain_text("proposed")
    board = meeting.converged()
    assert sorted(tag["cause"] for tag in board["tags"].values()) == [
        *("", "client.closed", "company.slow_response", "competitor.price"),
    ]
    meeting.sound()


def _vote(meeting: Meeting) -> None:
    meeting.go("vote")
    for page in meeting.seats:
        page.get_by_label("Bills are unclear").check()
        expect(page.locator(".vote-choice input:disabled")).to_have_count(4)
    assert meeting.desk.evaluate("Session.board.votes") is None
    meeting.sound()


def _compare_and_decide(meeting: Meeting) -> None:
    meeting.go("compare", asks=True)
    expect(meeting.guest.locator("#blind-heading")).to_be_visible()
    ours = meeting.screen.locator(".two-rankings .ranking").first
    expect(ours.locator("li").first).to_contain_text("Bills are unclear")
    expect(ours.locator("li")).to_have_count(5)
    expect(meeting.phone.locator(".gauge-row")).to_have_count(2)
    expect(meeting.phone.locator(".unsaid")).to_contain_text("at least 20 people")
    meeting.sound()
    meeting.go("decide")
    bills = unit(meeting.keys, "Bills are unclear")
    for label, value in (
        ("Idea", "=One page, plain words"),
        ("Who does it", "Olha"),
        ("Until", "2027-03-01"),
        ("How we shall know", "Fewer questions"),
    ):
        bills.get_by_label(label).fill(value)
        bills.get_by_label(label).press("Tab")
    expect(unit(meeting.phone, "Bills are unclear").get_by_label("Until")).to_have_value(
        "2027-03-01"
    )
    meeting.converged()
    meeting.sound()


def _take_along(meeting: Meeting) -> None:
    meeting.desk.once("dialog", lambda dialog: dialog.accept())
    meeting.go("over")
    meeting.sound()
    files = {
        ending: meeting.desk.request.get(f"/staff/brainstorms/{meeting.code}/result.{ending}")
        for ending in ("csv", "xlsx", "json", "pdf")
    }
    assert {ending: answer.status for ending, answer in files.items()} == dict.fromkeys(files, 200)
    result = json.loads(files["json"].text())
    first = result["groups"][0]
    assert (first["group"], first["votes"], first["owner"]) == ("Bills are unclear", 5, "Olha")
    assert first["proposed_cause"] == "Unclear bills"
    rows = list(csv.DictReader(io.StringIO(files["csv"].body().decode("utf-8-sig"))))
    assert rows[0]["idea"] == "'=One page, plain words"
    sheet = load_workbook(io.BytesIO(files["xlsx"].body())).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value]
    assert any(cell.value == "=One page, plain words" for cell in cells)
    assert not any(cell.data_type == "f" for cell in cells)
    assert files["pdf"].body().startswith(b"%PDF")
    meeting.desk.goto("/staff/brainstorms/proposals")
    meeting.check(meeting.desk)
    meeting.desk.get_by_role("button", name="Make it a cause").click()
    expect(meeting.desk.locator("main")).to_contain_text("company.unclear_bills")
    meeting.desk.goto("/staff/brainstorms/habits")
    meeting.check(meeting.desk)
    meeting.desk.goto("/staff/brainstorms")
    meeting.check(meeting.desk)
