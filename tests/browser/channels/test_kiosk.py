"""A kiosk in real Chromium: through a network drop, from visitor to visitor, each answer once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import text

from tests.browser.conftest import OpenPage
from tests.browser.live_site import LiveSite
from tests.browser.respondent_page import LiveSurvey
from tests.factories.kiosks import PIN, set_up_kiosk

TABLET = {"width": 768, "height": 1024}
VISITORS = 200
LOST_REPLIES = 3
#: What a visitor does, fast: the page's own buttons and fields, one answer after the other.
ANSWER_ALL = """async ([first, last]) => {
  const seen = condition => new Promise(resolve => {
    const look = () => condition() ? resolve() : setTimeout(look, 1);
    look();
  });
  for (let n = first; n < last; n++) {
    document.getElementById("begin").click();
    document.querySelector("input[value='client.closed'][type=checkbox]").click();
    document.querySelector("textarea[name=more]").value = `visitor ${n}`;
    document.getElementById("form").requestSubmit();
    await seen(() => !document.getElementById("thanks").hidden);
    document.getElementById("again").click();
  }
}"""
KEPT = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.open(`kiosk ${document.getElementById("kiosk").dataset.base}`);
  asked.onerror = reject;
  asked.onsuccess = () => {
    const all = asked.result.transaction("answers").objectStore("answers").getAll();
    all.onsuccess = () => resolve(all.result);
  };
})"""


@pytest.fixture
def kiosk(live_site: LiveSite, survey: LiveSurvey) -> str:
    """The address of a fresh kiosk."""
    with live_site.database() as database:
        return set_up_kiosk(database, live_site.settings, survey.slug)


@pytest.fixture
def tablet(open_page: OpenPage, kiosk: str) -> Page:
    """An unlocked device that shows the kiosk."""
    page = open_page(viewport=TABLET, has_touch=True)
    page.goto(kiosk)
    page.get_by_label("Staff: the PIN of this kiosk").fill(PIN)
    page.get_by_role("button", name="Unlock this device").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    page.wait_for_function("() => navigator.serviceWorker.controller")
    return page


def test_two_hundred_visitors_through_a_network_drop(
    tablet: Page, survey: LiveSurvey, kiosk: str, expected_complaints: list[str]
) -> None:
    expected_complaints += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED"]
    tablet.context.set_offline(True)
    tablet.evaluate(ANSWER_ALL, [0, VISITORS // 2])
    # A reload while the line is down, and another language, lose nothing.
    tablet.reload()
    tablet.get_by_role("link", name="Русский").click()
    expect(tablet.get_by_role("button", name="Начать")).to_be_visible()
    tablet.evaluate(ANSWER_ALL, [VISITORS // 2, VISITORS])
    expect(tablet.locator("#waiting")).to_contain_text(str(VISITORS))
    kept = tablet.evaluate(KEPT)
    assert len({each["id"] for each in kept}) == VISITORS
    assert {len(each["sealed"]) for each in kept} == {len(kept[0]["sealed"])}
    assert {*kept[0]} == {"id", "sealed"}
    assert survey.waiting() == 0

    lost = iter(range(LOST_REPLIES))

    def lose_some_replies(route: Route) -> None:
        if next(lost, None) is None:
            route.continue_()
            return
        route.fetch()  # it arrives, and nobody hears the answer
        route.abort("failed")

    tablet.route("**/answers", lose_some_replies)
    tablet.context.set_offline(False)
    tablet.wait_for_function(
        "() => { dispatchEvent(new Event('online'));"
        " return !document.querySelector('#waiting').textContent }",
        polling=300,
        timeout=60_000,
    )
    assert tablet.evaluate(KEPT) == []
    assert survey.waiting() == VISITORS
    survey.site.command("worker", "--once")
    assert told_visitors(survey) == list(range(VISITORS))


def told_visitors(survey: LiveSurvey) -> list[int]:
    """The numbers that opened answers of the kiosk carry, in order."""
    query = text(
        "SELECT document FROM answer JOIN survey ON survey.id = answer.survey_id "
        "WHERE slug = :slug AND channel = 'kiosk'"
    )
    with survey.site.database() as database, database.reading() as session:
        documents = [str(row[0]) for row in session.execute(query, {"slug": survey.slug})]
    return sorted(int(it.rpartition("visitor ")[2].partition('"')[0]) for it in documents)


def test_one_visitor_after_the_other(
    tablet: Page, survey: LiveSurvey, sound_page: Callable[..., None]
) -> None:
    sound_page(tablet)
    tablet.get_by_role("button", name="Start").click()
    sound_page(tablet)
    tablet.get_by_role("button", name="Send my answer").click()
    expect(tablet.get_by_role("alert")).to_contain_text("This question needs an answer.")
    sound_page(tablet)
    tablet.get_by_role("checkbox", name="No longer needed").check()
    tablet.get_by_role("button", name="Send my answer").click()
    expect(tablet.get_by_role("heading", level=1)).to_contain_text("Thank you")
    sound_page(tablet)
    tablet.get_by_role("button", name="Next visitor").click()
    tablet.get_by_role("button", name="Start").click()
    expect(tablet.get_by_role("checkbox", name="No longer needed")).not_to_be_checked()
    tablet.get_by_role("checkbox", name="Moved to another area").check()
    # Back and forth again: nobody's answers are there.
    tablet.goto(f"{tablet.url}/what-we-store")
    tablet.go_back()
    expect(tablet.get_by_role("button", name="Start")).to_be_visible()
    assert tablet.locator(":checked[type=checkbox]").count() == 0
    assert survey.waiting() == 1
    tablet.get_by_role("link", name="For staff").click()
    sound_page(tablet)


def test_nobody_there_for_half_a_minute(
    open_page: OpenPage, kiosk: str, axe: Callable[[Page], None]
) -> None:
    page = open_page(viewport=TABLET)
    page.clock.install()
    page.goto(kiosk)
    page.get_by_label("Staff: the PIN of this kiosk").fill(PIN)
    page.get_by_role("button", name="Unlock this device").click()
    page.get_by_role("button", name="Start").click()
    page.get_by_role("checkbox", name="No longer needed").check()
    page.clock.run_for(21_000)
    expect(page.get_by_role("dialog")).to_contain_text("Are you still there?")
    axe(page)
    page.get_by_role("button", name="Yes, go on").click()
    expect(page.get_by_role("checkbox", name="No longer needed")).to_be_checked()
    page.clock.run_for(31_000)
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert page.locator(":checked[type=checkbox]").count() == 0


def test_without_a_script_it_is_an_ordinary_form(
    plain: Page, kiosk: str, survey: LiveSurvey
) -> None:
    plain.goto(kiosk)
    plain.get_by_label("Staff: the PIN of this kiosk").fill(PIN)
    plain.get_by_role("button", name="Unlock this device").click()
    plain.get_by_role("checkbox", name="No longer needed").check()
    plain.get_by_role("button", name="Send my answer").click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("Thank you")
    assert survey.waiting() == 1
