"""The browser's own fixtures: they find what they are there to find."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

SOUND = """<!doctype html><html lang="en"><head><title>Sound</title></head>
<body><main><h1>Sound</h1><p>Nothing to find here.</p></main></body></html>"""
FAULTY = SOUND.replace("<p>", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><p>')
STRICT = "default-src 'none'; img-src data:"


def serve(page: Page, body: str) -> None:
    def answer(route: Route) -> None:
        route.fulfill(
            body=body, content_type="text/html", headers={"Content-Security-Policy": STRICT}
        )

    page.route("**/picture", answer)
    page.goto("/picture")


def test_health_is_served(page: Page, expected_complaints: list[str]) -> None:
    expected_complaints.append("favicon.ico")  # a monitor's page carries no icon
    answer = page.goto("/health")
    assert answer is not None
    assert answer.json() == {"status": "ok", "schema": "current"}


def test_axe_passes_a_sound_page(page: Page, axe: Callable[[Page], None]) -> None:
    serve(page, SOUND)
    axe(page)


def test_axe_finds_a_fault_under_a_strict_policy(page: Page, axe: Callable[[Page], None]) -> None:
    serve(page, FAULTY)
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_sizes(page: Page, phone: Page, narrow: Page, plain: Page) -> None:
    widths = [it.viewport_size["width"] for it in (page, phone, narrow, plain) if it.viewport_size]
    assert widths == [1280, 390, 320, 390]
