"""A survey inside another site's page, in real Chromium: shown where it may be, else refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from feedback_app.channels import actions
from feedback_app.surveys import queries as surveys
from tests.browser.channels.conftest import sign_in
from tests.browser.live_site import LiveSite
from tests.browser.respondent_page import LiveSurvey

PAGE = """<!doctype html><html lang="en"><title>Shop</title><h1>We are sorry that you leave</h1>
<script src="{url}/e/embed.js" data-survey="{slug}" data-title="Why you leave" async></script>
</html>"""


class Shop(BaseHTTPRequestHandler):
    """Another site: every address answers with the page that its server holds."""

    def do_GET(self) -> None:
        body = self.server.page.encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def shop(live_site: LiveSite, survey: LiveSurvey) -> Iterator[str]:
    """The origin of a site whose page carries the script."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    server.page = PAGE.format(url=live_site.url, slug=survey.slug)  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def allow(survey: LiveSurvey, origin: str) -> None:
    with survey.site.database() as database, database.writing() as session:
        row = surveys.get_survey(session, survey.slug)
        folder = survey.site.settings.keys
        actions.allow_embedding(session, row, origins=origin, by="test", folder=folder)


def test_it_is_answered_inside_an_allowed_page(
    browser: Browser, shop: str, survey: LiveSurvey
) -> None:
    allow(survey, shop)
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.goto(shop)
    frame = page.frame_locator("iframe[title='Why you leave']")
    frame.get_by_role("checkbox", name="No longer needed").check()
    height = "document.querySelector('iframe').offsetHeight"
    page.wait_for_function(f"{height} > 1000")
    frame.locator("html").evaluate(
        "() => new Promise(done => { const look = () => document.forms.form.elements._proof.value"
        " ? done() : setTimeout(look, 20); look(); })"
    )
    frame.get_by_role("button", name="Send my answer").click()
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Thank you")
    page.wait_for_function(f"{height} < 1000")
    assert survey.waiting() == 1
    assert context.cookies() == []
    context.close()


def test_another_page_can_not_show_it(browser: Browser, shop: str, survey: LiveSurvey) -> None:
    allow(survey, "https://shop.example.com")
    context = browser.new_context(locale="en")
    page = context.new_page()
    refusals: list[str] = []
    page.on("console", lambda message: refusals.append(message.text))
    page.goto(shop)
    page.wait_for_function("document.querySelector('iframe')")
    expect(page.frame_locator("iframe").get_by_role("checkbox")).to_have_count(0)
    page.wait_for_timeout(300)
    assert any("frame-ancestors" in words or "403" in words for words in refusals), refusals
    context.close()


def test_staff_name_the_site_and_copy_the_script(
    page: Page, survey: LiveSurvey, sound_page: Callable[..., None]
) -> None:
    sign_in(page)
    page.goto(f"/staff/surveys/{survey.slug}/channels")
    page.get_by_label("Sites that may show it").fill("https://shop.example.com")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The cancel flow of your product").click()
    sound_page(page)
    expect(page.locator("#embed-script")).to_contain_text(f'data-survey="{survey.slug}"')
    page.set_viewport_size({"width": 320, "height": 640})
    sound_page(page)
