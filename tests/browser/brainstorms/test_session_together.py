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

from tests.browser.brainstorms.meeting import PATIENCE, PROVOKED, Meeting
from tests.browser.conftest import OpenPage
from tests.browser.live_site import LiveSite


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
    meeting.sound(has_wall=False, has_desk=False)  # as in Write


def _write(meeting: Meeting) -> None:
    meeting.go("write", asks=True)
    write(
        meeting.phone,
        "Support takes four days to answer",
        "Four days until support answers",
        side="company",
    )
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
    assert "Support takes" not in meeting.phone.locator(".handful").inner_text()
    meeting.go("reveal", asks=True)
    expect(meeting.guest.locator(".wall li")).to_have_count(7)
    texts = {page.locator(".wall").inner_text() for page in meeting.seats}
    assert len(texts) == 1
    assert "Bills are unclear" in texts.pop()


def _group(meeting: Meeting) -> None:
    meeting.go("group")
    # By the suggestion, by touch, by keyboard alone and by dragging.
    meeting.fourth.get_by_role("button", name="Put together").first.click()
    expect(unit(meeting.phone, "Four days until")).to_contain_text("Support takes four days")
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
    expect(unit(meeting.flaky, "Shop closed")).not_to_contain_text("Written without a network")
    meeting.flaky.context.set_offline(True)
    unit(meeting.flaky, "And one more").drag_to(unit(meeting.flaky, "Written without a network"))
    expect(meeting.flaky.locator("#offline")).to_be_visible(timeout=PATIENCE)
    meeting.flaky.context.set_offline(False)
    expect(unit(meeting.guest, "And one more")).to_contain_text(
        "Written without a network", timeout=PATIENCE
    )
    name = unit(meeting.guest, "Four days until").get_by_label("Name of the group")
    name.fill("Answers come late")
    name.press("Enter")
    meeting.guest.get_by_role("button", name="Take out: They are cheaper").click()
    expect(unit(meeting.phone, "Bills are unclear")).not_to_contain_text("They are cheaper")
    board = meeting.converged()
    assert len(board["cards"]) == 7
    assert len(board["units"]) == 5
    assert meeting.phone.evaluate("Session.nudges") > 0
    assert meeting.flaky.evaluate("Session.nudges") == 0
    meeting.sound()


def _tag(meeting: Meeting) -> None:
    meeting.go("tag", may_wait=False)
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
    meeting.sound(has_wall=False)


def _vote(meeting: Meeting) -> None:
    meeting.go("vote", may_wait=False)
    for page in meeting.seats:
        page.get_by_label("Bills are unclear").check()
        expect(page.locator(".vote-choice input:disabled")).to_have_count(4)
    assert meeting.desk.evaluate("Session.board.votes") is None
    meeting.sound(has_wall=False, has_desk=False)  # as in Write


def _compare_and_decide(meeting: Meeting) -> None:
    meeting.go("compare", asks=True, may_wait=False)
    expect(meeting.guest.locator("#blind-heading")).to_be_visible()
    ours = meeting.screen.locator(".two-rankings .ranking").first
    expect(ours.locator("li").first).to_contain_text("Bills are unclear")
    expect(ours.locator("li")).to_have_count(5)
    expect(meeting.phone.locator(".gauge-row")).to_have_count(2)
    expect(meeting.phone.locator(".unsaid")).to_contain_text("at least 20 people")
    meeting.sound()
    meeting.go("decide", may_wait=False)
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
    meeting.sound(has_wall=False)


def _take_along(meeting: Meeting) -> None:
    meeting.desk.once("dialog", lambda dialog: dialog.accept())
    meeting.go("over", may_wait=False)
    meeting.sound(has_wall=False)
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
