"""Twenty statements by keyboard alone; every page sound on a desk and, dark, on a narrow phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from feedback_app.staff.rules import Role
from feedback_app.surveys.queries import SurveyRow
from feedback_app.tagging import actions, queries
from feedback_app.tagging.models import Reading, Statement
from feedback_app.tagging.rules import Tag
from tests.browser.conftest import NARROW, PHONE
from tests.browser.live_site import LiveSite
from tests.factories.answers import make_survey
from tests.factories.staff import PASSWORD, add_staff
from tests.factories.statements import confirm, list_statements, put_statements, suggest

EMAIL, SECOND = "statements-reader@example.com", "statements-second@example.com"
SLUG = "what-they-wrote"
REVIEW = f"/staff/tagging/{SLUG}/review"
SHAPES: dict[str, dict[str, Any]] = {
    "desktop": {},
    "narrow": {
        "viewport": NARROW,
        "is_mobile": True,
        "has_touch": True,
        "color_scheme": "dark",
    },
}
#: A cause each in Ukrainian, Russian and English.
WORDS = ("переїзд", "дорого", "rude")
LONG = "Averylongwordwithout" * 8


@pytest.fixture(scope="module")
def survey(live_site: LiveSite) -> SurveyRow:
    with live_site.database() as database:
        add_staff(database, EMAIL, Role.RESEARCHER)
        add_staff(database, SECOND, Role.RESEARCHER)
        made = make_survey(database, "What they wrote", k=5)
        texts = [f"it is far too expensive for us, number {n}. {LONG}" for n in range(90)]
        rows = put_statements(database, made, texts)
        suggest(
            database,
            rows,
            "company.price",
            evidence=((6, 23),),
            others=("client.budget", "competitor.price", "company.plans"),
        )
        confirm(database, rows[:30], "company.price", by=SECOND)
        with database.writing() as session:
            sample = actions.draw_sample(
                session, made.id, readers=(EMAIL, SECOND), size=6, by=SECOND
            )
            found = queries.get_sample(session, sample)
            for reader, code in ((EMAIL, "company.price"), (SECOND, "company.plans")):
                while (row := queries.find_next_blind(session, found, reader)) is not None:
                    actions.read_blind(session, found, row, Tag(code), by=reader, codebook=1)
            session.execute(
                update(Statement)
                .where(Statement.survey_id == made.id, Statement.confirmed != "")
                .values(is_audit=True)
            )
            actions.tell_confirmed(session)
        return made


def sign_in(page: Page) -> None:
    page.goto("/staff/sign-in")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


@pytest.mark.parametrize(("shape", "language"), [("desktop", "en"), ("narrow", "ru")])
def test_every_page_is_sound(open_page, sound_page, survey, live_site, shape, language) -> None:
    page = open_page(**SHAPES[shape], locale=language)
    sign_in(page)
    with live_site.database() as database, database.reading() as session:
        (sample,) = queries.list_samples(session, survey.id)
    room = f"/staff/tagging/{SLUG}"
    statement = list_first(live_site, survey)
    for path in (
        *("/staff/tagging", REVIEW, "/staff/tagging/model", f"{room}/masked", f"{room}/samples"),
        f"{room}/move?source=company.price&target=company.plans&holding=far",
        f"{room}/samples/{sample.id}",
        f"{room}/statements/{statement}/new-cause",
        f"/reports/{SLUG}/words",
        f"/reports/{SLUG}/words/quotes?cause=company.price",
    ):
        page.goto(path)
        sound_page(page)


def list_first(live_site: LiveSite, survey: SurveyRow) -> str:
    with live_site.database() as database:
        return str(list_statements(database, survey)[0].id)


def test_twenty_statements_by_keyboard_alone(page: Page, survey, live_site: LiveSite) -> None:
    sign_in(page)
    page.goto(REVIEW)
    expected: list[str] = []
    for place in range(20):
        review = page.locator("#review")
        before = review.get_attribute("data-statement")
        is_audit = page.locator(".suggestion.is-first").count() == 0
        if place == 3:
            page.keyboard.press("0")
            expected.append("none")
        elif is_audit or place % 4 == 1:
            # Ukrainian, Russian and English words find the same causes, in an English page.
            page.keyboard.type(WORDS[place % 3])
            expect(page.locator("#found li[aria-selected=true]")).to_be_visible()
            expected.append(chosen(page))
            page.keyboard.press("Enter")
        elif place % 4 == 2:
            page.keyboard.press("2")
            expected.append("client.budget")
        else:
            page.keyboard.press("Enter")
            expected.append("company.price")
        expect(page.locator(f'#review[data-statement="{before}"]')).to_have_count(0)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+z")
    page.wait_for_url("**statement=**")
    page.wait_for_load_state("networkidle")
    with live_site.database() as database:
        mine = [
            row.confirmed.primary
            for row in list_statements(database, survey)
            if has_read(database, row.id)
        ]
    assert sorted(mine) == sorted(expected[:-1])


def chosen(page: Page) -> str:
    """The code of the cause that Enter would confirm."""
    label = page.locator("#found li[aria-selected=true] span").inner_text()
    option = page.locator("#cause option", has_text=label).first
    return option.get_attribute("value") or ""


def has_read(database: Any, statement_id: Any) -> bool:
    with database.reading() as session:
        return bool(
            session.scalar(
                select(Reading.id).where(
                    Reading.statement_id == statement_id,
                    Reading.reader == EMAIL,
                    Reading.sample_id.is_(None),
                )
            )
        )


def pass_the_audit(page: Page) -> str:
    """Put aside what is shown without a suggestion; the id of the statement after that."""
    review = page.locator("#review")
    while page.locator(".suggestion.is-first").count() == 0:
        before = review.get_attribute("data-statement")
        page.locator("button[value=skip]").click()
        expect(page.locator(f'#review[data-statement="{before}"]')).to_have_count(0)
    return review.get_attribute("data-statement") or ""


def test_a_further_cause_stands_beside_the_first(page: Page, survey) -> None:
    sign_in(page)
    page.goto(REVIEW)
    before = pass_the_audit(page)
    page.locator("#statement").click()  # keys count there too
    page.keyboard.type("rude")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Digit2")
    expect(page.locator("#tray .tag")).to_have_count(2)
    page.keyboard.press("Backspace")
    expect(page.locator("#tray .tag")).to_have_count(1)
    page.keyboard.type("refused refund")
    page.keyboard.press("Escape")
    page.keyboard.press("Backspace")
    expect(page.locator("#tray .tag")).to_have_count(0)
    page.keyboard.press("-")
    expect(page.locator(f'#review[data-statement="{before}"]')).to_have_count(0)


def test_on_a_phone_a_thumb_is_enough_and_without_script_a_form(
    open_page, plain: Page, sound_page, survey
) -> None:
    phone = open_page(viewport=PHONE, is_mobile=True, has_touch=True, locale="uk")
    sign_in(phone)
    phone.goto(REVIEW)
    sound_page(phone)
    before = pass_the_audit(phone)
    for button in phone.locator(".suggestion").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    phone.locator("#several").tap()
    for place in (0, 1):
        phone.locator(".suggestion").nth(place).tap()
    expect(phone.locator("#tray .tag")).to_have_count(2)
    sound_page(phone)
    phone.locator("#tray .tag").first.tap()
    expect(phone.locator("#tray .tag")).to_have_count(1)
    phone.locator("#confirm").tap()
    expect(phone.locator(f'#review[data-statement="{before}"]')).to_have_count(0)
    sign_in(plain)
    plain.goto(REVIEW)
    before = plain.locator("#review").get_attribute("data-statement") or ""
    plain.locator("#cause").select_option("company.rudeness")
    plain.locator("#confirm").click()
    expect(plain.locator(f'#review[data-statement="{before}"]')).to_have_count(0)
