"""A meeting of six browsers in front of one session."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

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
        self.phone = self._type_the_code(open_page(**SMALL_PHONE), "Ihor")
        self.keys = self._join(open_page(), "Maryna")
        self.flaky = self._join(self._without_streams(open_page()), "Petro")
        self.fourth = self._join(open_page(color_scheme="dark"), "Svitlana")
        self.guest = self._join(open_page(), "Zlata", self._guests_code())
        self.seats = [self.phone, self.keys, self.flaky, self.fourth, self.guest]

    @property
    def pages(self) -> list[Page]:
        return [self.desk, *self.seats]

    def _plan(self) -> str:
        self.desk.goto("/staff/brainstorms/new", wait_until="load")
        self.check(self.desk)
        self.desk.get_by_label("Title").fill("Why do small customers leave?")
        self.desk.locator("textarea[lang=en]").fill("Why do they leave within a year?")
        self.desk.get_by_label("Guests (loyal customers) may join").check()
        self.desk.get_by_label("Compare with").select_option(index=1)
        self.desk.get_by_role("button", name="Make the session").click()
        return str(self.desk.url.rsplit("/", 1)[1])

    def _without_streams(self, page: Page) -> Page:
        """For this page polling alone must do."""
        page.add_init_script("delete window.EventSource")
        return page

    def _type_the_code(self, page: Page, name: str) -> Page:
        page.goto("/brainstorms")
        page.get_by_label("Code of the session").fill(f"{self.code[:4].lower()} {self.code[4:]}")
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_label("Your name in this session")).to_be_visible()
        self.check(page)
        return self._sit_down(page, name)

    def _guests_code(self) -> str:
        told = self.desk.locator(".join-code")
        expect(told).to_have_count(2)
        return told.last.inner_text().replace(" ", "")

    def _join(self, page: Page, name: str, code: str = "") -> Page:
        """By the link that the QR code carries."""
        page.goto(f"/brainstorms/{code or self.code}")
        return self._sit_down(page, name)

    def _sit_down(self, page: Page, name: str) -> Page:
        page.set_default_timeout(PATIENCE)
        page.get_by_label("Your name in this session").fill(name)
        page.get_by_role("button", name="Join").click()
        expect(page.locator(".stage")).to_be_visible()
        return page

    def go(self, phase: str, *, asks: bool = False, may_wait: bool = True) -> None:
        """The facilitator goes on; everybody's page follows by itself.

        `may_wait`: also the one without streams, for whom it takes a poll's one to two seconds.
        """
        for page in self.seats:
            page.wait_for_function("!Session.waits().length")
        self.desk.get_by_role("button", name="Next:").click()
        if asks:
            self.desk.get_by_role("dialog").get_by_role("button", name="Go on").click()
        if not may_wait:
            self.flaky.evaluate("Session.poll()")
        for page in (*self.pages, self.screen):
            expect(page.locator(f".stage-{phase}")).to_be_visible(timeout=PATIENCE)

    def sound(self, *, has_wall: bool = True, has_desk: bool = True) -> None:
        """Pages of each kind are accessible, valid and fit their windows."""
        desk, wall = [self.desk] * has_desk, [self.screen] * has_wall
        for page in (self.phone, *desk, *wall):
            self.check(page)

    def converged(self) -> dict[str, Any]:
        """Wait until everybody has read the whole log; their boards are the server's."""
        with self.site.database() as database, database.reading() as session:
            row = queries.get_brainstorm(session, self.code)
            board = fold(queries.list_events(session, row.id))
        expected = json.loads(json.dumps(board.document()))
        for page in self.pages:
            page.wait_for_function("n => Session.last === n", arg=row.last_event)
            assert page.evaluate("Session.board") == expected
        found: dict[str, Any] = expected
        return found
