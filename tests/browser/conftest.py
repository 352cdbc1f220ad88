"""A browser in front of a real installation.

Every context watches what it shows: an error in the console, a script that fails, a violated
content policy or a request to another host fails the test, unless it says which is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.live_site import LiveSite, serving
from tests.markup import assert_valid
from tests.provision import find_chromium

PATIENCE = 10_000  # milliseconds until a missing element fails the test
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}

OpenPage = Callable[..., Page]


#: Everything that decides an element's colours: what it and what surrounds it are, in which
#: state, in which style sheets, and whether the window is dark or narrow.
LOOKS = """() => {
    const STATES = ["class", "type", "role", "style", "lang", "disabled", "open", "hidden",
        "aria-current", "aria-pressed", "aria-selected", "aria-disabled", "aria-invalid"];
    const sheets = [...document.querySelectorAll("style, link[rel=stylesheet]")]
        .map(it => it.href || it.textContent.length).join(" ");
    const window_ = ["(prefers-color-scheme: dark)", "(max-width: 500px)"]
        .map(it => matchMedia(it).matches);
    const look = it => it.localName + it.matches(":checked") + STATES
        .map(name => name + "=" + it.getAttribute(name)).join();
    const whole = it => it === document.body
        ? sheets + window_ : whole(it.parentElement) + ">" + look(it);
    const digest = text => {
        let sum = 0;
        for (let at = 0; at < text.length; at += 1) sum = (sum * 31 + text.charCodeAt(at)) | 0;
        return `${sum} ${text.length}`;
    };
    return [...new Set([...document.body.querySelectorAll("*")].map(it => digest(whole(it))))];
}"""


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """An installation without demo data behind a real page server, shared by all tests."""
    with serving(tmp_path_factory.mktemp("live-site")) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium: the machine's, else the one Playwright downloaded."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(CHROMIUM_ARGUMENTS)
        )
        yield launched
        launched.close()


@pytest.fixture
def expected_complaints() -> list[str]:
    """Parts of console messages that the test provokes on purpose; append to it."""
    return []


@pytest.fixture
def open_page(
    browser: Browser, live_site: LiveSite, expected_complaints: list[str]
) -> Iterator[OpenPage]:
    """A function that opens an empty page of its own context.

    Takes what Playwright's `new_context` takes: viewport, color_scheme, locale,
    java_script_enabled, reduced_motion ... Relative addresses mean the live site.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(**options: Any) -> Page:
        context = browser.new_context(
            **{"base_url": live_site.url, "viewport": DESKTOP, "locale": "en", **options}
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        _watch(page, live_site.url, complaints)
        return page

    yield open_one
    for context in contexts:
        context.close()
    unexpected = [
        line for line in complaints if not any(part in line for part in expected_complaints)
    ]
    assert not unexpected, "The browser complained:\n" + "\n".join(unexpected)


def _watch(page: Page, url: str, complaints: list[str]) -> None:
    page.on(
        "console",
        lambda message: (
            complaints.append(f"console: {message.text} {message.location.get('url', '')}")
            if message.type == "error"
            else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((url, "data:", "blob:", "about:"))
            else complaints.append(f"request to another host: {request.url}")
        ),
    )


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A desktop page, 1280 x 800."""
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """A phone's page, 390 x 844, with touch."""
    return open_page(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture
def narrow(open_page: OpenPage) -> Page:
    """The narrowest page that must work, 320 x 640, with touch."""
    return open_page(viewport=NARROW, has_touch=True, is_mobile=True)


@pytest.fixture
def plain(open_page: OpenPage) -> Page:
    """A phone's page without JavaScript."""
    return open_page(viewport=PHONE, java_script_enabled=False)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """A function that fails, saying where and why, when axe-core finds anything on the page.

    Contrast, which takes ten times as long as all other rules together, is looked at where
    the page shows something that no page before has shown in the same colours.
    """
    engine = Axe()
    seen: set[str] = set()

    def check(page: Page) -> None:
        shown = set(page.evaluate(LOOKS))
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if shown <= seen:
            options["rules"] = {"color-contrast": {"enabled": False}}
        found = engine.run(page, options=options).response["violations"]
        assert not found, f"{page.url} is not accessible:\n" + "\n".join(map(_describe, found))
        seen.update(shown)

    return check


def _describe(violation: dict[str, Any]) -> str:
    lines = [f"- {violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"]:
        lines.append(f"    at {' '.join(map(str, node['target']))}: {node['html'][:160]}")
        lines += [f"       {line}" for line in node["failureSummary"].splitlines()[1:]]
    return "\n".join(lines)


@pytest.fixture
def screenshot(tmp_path: Path) -> Callable[[Page, str], Path]:
    """A function that pictures the whole page into the test's folder; returns the file."""

    def take(page: Page, name: str) -> Path:
        path = tmp_path / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take


@pytest.fixture
def sound_at_both_ends(
    sound_page: Callable[..., None], axe: Callable[[Page], None]
) -> Callable[..., None]:
    """`sound_page` for a desktop in the light and then, of the same visit, for the narrowest
    window in the dark. The page is given back as it was.
    """

    def check(page: Page, text: str | None = None) -> None:
        sound_page(page, text)
        page.set_viewport_size({"width": 320, "height": 640})
        # No colour may still be on its way when it is measured.
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert _overflow(page) <= 0, f"{page.url} is wider than a narrow window"
        axe(page)
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        page.set_viewport_size({"width": 1280, "height": 800})

    return check


@pytest.fixture
def sound_page(axe: Callable[[Page], None]) -> Callable[..., None]:
    """A function that fails unless the page is accessible, valid HTML and never wider than
    its window. A page that answers a POST is given with its source: `sound_page(page, text)`.
    """

    def check(page: Page, text: str | None = None) -> None:
        overflow = _overflow(page)
        assert overflow <= 0, f"{page.url} is {overflow} px wider than its window"
        axe(page)
        assert_valid(page.request.get(page.url).text() if text is None else text)

    return check


def _overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )
