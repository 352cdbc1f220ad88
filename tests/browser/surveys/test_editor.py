"""The survey editor in a browser: by keyboard, by drag, live preview, sound at every size."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from feedback_app.surveys import actions, queries
from tests.browser.live_site import LiveSite
from tests.factories.scores import make_ready_survey

EMAIL = "editor-researcher@example.org"
PASSWORD = "a quiet river 8"
NAMES = count(1)


@pytest.fixture(scope="module", autouse=True)
def _account(live_site: LiveSite) -> None:
    live_site.command("staff", "add", "--email", EMAIL, "--role", "researcher", typed=PASSWORD)


@pytest.fixture
def slug(live_site: LiveSite) -> str:
    """A fresh draft of the current customers' survey."""
    name = f"Edited {next(NAMES)}"
    with live_site.database() as database, database.writing() as session:
        return actions.create(
            session, by="a test", template="current", name=name, language="en"
        ).slug


def sign_in(page: Page) -> Page:
    page.goto("/staff/sign-in")
    page.fill("input[name=email]", EMAIL)
    page.fill("input[name=password]", PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def document(live_site: LiveSite, slug: str) -> dict[str, Any]:
    with live_site.database() as database, database.reading() as session:
        row = queries.get_survey(session, slug)
        return dict(queries.list_versions(session, row.id)[0].document)


def codes(live_site: LiveSite, slug: str) -> list[str]:
    return [each["code"] for each in document(live_site, slug)["question"]]


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_every_page_is_sound(
    open_page: Callable[..., Page],
    sound_page: Callable[..., None],
    slug: str,
    width: int,
    scheme: str,
) -> None:
    page = sign_in(
        open_page(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            locale="ru" if width == 320 else "uk",
        )
    )
    base = f"/staff/surveys/{slug}"
    paths = [
        "/staff/surveys/new",
        "/staff/surveys/import",
        base,
        f"{base}/edit",
        f"{base}/edit/texts",
        *(f"{base}/edit/questions/{code}" for code in ("could_leave", "ratings", "competitor")),
        f"{base}/preview",
    ]
    for path in paths:
        page.goto(path)
        sound_page(page)


LANGUAGES = ("English", "Русский", "Українська")


def write_question(page: Page) -> None:
    for language, word in zip(LANGUAGES, ("Tea?", "Чай?", "Чай?"), strict=True):
        page.get_by_role("group", name="Question", exact=True).get_by_label(language).fill(word)


def write_option(page: Page, number: int, words: str) -> None:
    for language in LANGUAGES:
        page.get_by_role("group", name=f"Option {number}").get_by_label(language).fill(words)


@pytest.mark.parametrize("has_script", [True, False])
def test_a_survey_is_built_by_keyboard(
    open_page: Callable[..., Page],
    sound_page: Callable[..., None],
    live_site: LiveSite,
    slug: str,
    has_script: bool,
) -> None:
    page = sign_in(open_page(java_script_enabled=has_script))
    page.goto(f"/staff/surveys/{slug}/edit")
    page.get_by_role("button", name="Single choice").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    write_question(page)
    page.get_by_role("button", name="Add an option").focus()
    with page.expect_navigation() as answered:
        page.keyboard.press("Enter")
    if has_script:  # what looks the page through is a script itself
        sound_page(page, answered.value.text())
    fifth = page.get_by_role("group", name="Option 4").get_by_label("English")
    expect(fifth).to_be_focused()
    for number, words in ((1, "Green"), (2, "Black"), (4, "None")):
        write_option(page, number, words)
    # Enter in a field saves; it never adds or removes.
    fifth.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    question = document(live_site, slug)["question"][-1]
    assert question["text"]["en"] == "Tea?"
    assert [each["code"] for each in question["option"]] == ["first", "second", "other", "none"]
    code = question["code"]
    up = page.locator(f"#q-{code}").get_by_role("button", name="Move up")
    up.focus()
    for _ in range(2):
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(up).to_be_focused()
    assert codes(live_site, slug)[-3] == code
    with page.expect_navigation():
        page.locator(f"#q-{code}").get_by_role("button", name="Take out").press("Enter")
    assert code not in codes(live_site, slug)


def test_a_question_is_dragged(
    open_page: Callable[..., Page], live_site: LiveSite, slug: str
) -> None:
    page = sign_in(open_page(viewport={"width": 1280, "height": 2400}))
    page.goto(f"/staff/surveys/{slug}/edit")
    before = codes(live_site, slug)
    drag(page, "more", "csat")
    assert codes(live_site, slug) == ["more", *before[:-1]]
    # One that would stand before what it depends on goes back, and the page says why.
    drag(page, "competitor", "csat")
    expect(page.get_by_text("must stand before it")).to_be_visible()
    assert codes(live_site, slug) == ["more", *before[:-1]]


def drag(page: Page, code: str, above: str) -> None:
    """Drag a question above another one by its handle, as a hand does."""
    handle = page.locator(f"#q-{code} [data-handle]")
    start, end = handle.bounding_box(), page.locator(f"#q-{above}").bounding_box()
    assert start is not None
    assert end is not None
    with page.expect_navigation():
        page.mouse.move(start["x"] + 8, start["y"] + 12)
        page.mouse.down()
        page.mouse.move(end["x"] + 20, start["y"] - 30, steps=4)
        page.mouse.move(end["x"] + 20, end["y"] + 4, steps=12)
        page.mouse.up()


def test_what_is_typed_shows_in_the_preview(
    open_page: Callable[..., Page], live_site: LiveSite, slug: str
) -> None:
    page = sign_in(open_page())
    page.goto(f"/staff/surveys/{slug}/edit/questions/more")
    before = document(live_site, slug)
    shown = page.frame_locator("iframe[name=preview]")
    expect(shown.get_by_text("What should we improve first?")).to_be_visible()
    page.get_by_role("group", name="Question", exact=True).get_by_label("English").fill("Typed?")
    expect(shown.get_by_text("Typed?")).to_be_visible()
    assert document(live_site, slug) == before
    frame = page.locator("iframe[name=preview]")
    phone = frame.bounding_box()
    page.get_by_text("Desk", exact=True).click()
    desk = frame.bounding_box()
    assert phone is not None
    assert desk is not None
    assert (phone["width"] <= 392, desk["width"] > 700) == (True, True)
    with page.expect_navigation():
        page.get_by_role("button", name="Save").last.click()
    assert document(live_site, slug)["question"][-1]["text"]["en"] == "Typed?"


def test_without_a_script_the_preview_is_refreshed_by_a_button(
    open_page: Callable[..., Page], slug: str
) -> None:
    page = sign_in(open_page(java_script_enabled=False))
    page.goto(f"/staff/surveys/{slug}/edit/questions/more")
    page.get_by_role("group", name="Question", exact=True).get_by_label("English").fill("Typed?")
    page.get_by_role("button", name="Refresh the preview").click()
    shown = page.frame_locator("iframe[name=preview]")
    expect(shown.get_by_text("Typed?")).to_be_visible()
    typed = page.get_by_role("group", name="Question", exact=True).get_by_label("English")
    expect(typed).to_have_value("Typed?")


def test_ready_surveys_are_sound_on_the_narrowest_page(
    narrow: Page, sound_page: Callable[..., None], live_site: LiveSite
) -> None:
    opened = {}
    with live_site.database() as database:
        for template in ("current", "staff", "pulse-nps", "pulse-csat"):
            opened[template] = make_ready_survey(database, template, f"Ready {template}").slug
    visits = [("current", "ru"), ("pulse-nps", "uk"), ("pulse-csat", "en"), ("staff", "uk")]
    for template, language in visits:
        narrow.goto(f"/s/{opened[template]}?lang={language}")
        if template == "staff":
            tick_and_rank(narrow)
        sound_page(narrow)


def tick_and_rank(page: Page) -> None:
    """Follow-ups show the ticked causes and no others."""
    page.locator("input[value='company.price'][type=checkbox]").check()
    expect(page.locator("input[value='company.price'][name='believed.1']")).to_be_hidden()
    expect(page.locator("input[name='predicted.company.price']")).to_be_visible()
    page.locator("input[value='client.budget'][type=checkbox]").check()
    page.locator("input[value='client.budget'][name='believed.1']").check()
    page.locator("input[name='predicted.client.budget']").fill("20")
    expect(page.locator("input[name='predicted.client.closed']")).to_be_hidden()
