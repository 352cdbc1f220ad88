"""No press is lost: neither a second answer to the same question, nor one during a redraw."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

STATIC = Path(__file__).parents[3] / "feedback_app" / "static"
QUESTION = """<!doctype html><title>t</title><dialog><form method="dialog">
<button value="yes">Go on</button></form></dialog>"""


def test_a_dialog_that_asks_again_at_once_takes_the_answer(browser: Browser) -> None:
    """The guard against double clicks on forms once swallowed the second answer."""
    page = browser.new_page()
    page.set_content(QUESTION)
    page.add_script_tag(path=STATIC / "staff.js")
    dialog = page.locator("dialog")
    for _ in range(2):
        dialog.evaluate("it => it.showModal()")
        page.get_by_role("button", name="Go on").click()
        expect(dialog).to_be_hidden()
        assert dialog.evaluate("it => it.returnValue") == "yes"
    page.close()
