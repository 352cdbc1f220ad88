"""The wave pages in a browser: every one sound; counts, previews and progress that follow."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from feedback_app.foundation.db import utc_now
from feedback_app.invitations import actions
from feedback_app.invitations.models import Outbox
from feedback_app.invitations.rules import MailState, WaveKind
from tests.browser.invitations.conftest import sign_in
from tests.browser.live_site import LiveSite
from tests.factories.respondents import BY, OpenedSurvey, open_survey
from tests.factories.waves import Mailing, add_customers

LONG = "Everybody who left in the spring of a rather long and eventful year"


@pytest.fixture(scope="session")
def survey(live_site: LiveSite) -> OpenedSurvey:
    """An open survey and twelve customers, among them one with a long address."""
    with live_site.database() as database:
        opened = open_survey(database, live_site.settings, name="Browser waves")
        with database.writing() as session:
            add_customers(session, 12, region="a region with quite a long name")
            add_customers(session, 1, prefix="a.very.long.name.of.a.customer.who.left.us.")
        return opened


@pytest.fixture
def wave_id(live_site: LiveSite, survey: OpenedSurvey) -> UUID:
    """A fresh draft."""
    return make_draft(live_site, survey)


def make_draft(site: LiveSite, survey: OpenedSurvey, kind: WaveKind = WaveKind.ONCE) -> UUID:
    with site.database() as database, database.writing() as session:
        made = actions.create_wave(session, survey_id=survey.id, name=LONG, kind=kind, by=BY)
        actions.plan_wave(
            session,
            made,
            reminder_after_days=5,
            throttle_days=0,
            invite_after_days=3 if kind is WaveKind.ALWAYS else None,
            by=BY,
        )
        return made


def start(site: LiveSite, survey: OpenedSurvey, wave_id: UUID) -> Mailing:
    """The wave with its invitations made and one mail in doubt."""
    mailing = Mailing(survey, site.settings, wave_id)
    mailing.act("schedule")
    mailing.prepare()
    with mailing.database.writing() as session:
        mail = session.scalars(select(Outbox.id).where(Outbox.wave_id == wave_id).limit(1)).one()
        session.execute(
            update(Outbox)
            .where(Outbox.id == mail)
            .values(state=MailState.IN_DOUBT, lease_until=utc_now() - timedelta(minutes=9))
        )
    return mailing


def test_every_page_is_sound(
    open_page: Callable[..., Page],
    sound_at_both_ends: Callable[..., None],
    live_site: LiveSite,
    survey: OpenedSurvey,
    wave_id: UUID,
) -> None:
    page = sign_in(open_page())
    always = make_draft(live_site, survey, WaveKind.ALWAYS)
    steps = [f"/{wave_id}/{step}" for step in ("recipients", "segments", "texts", "rhythm")]
    paths = ["/new", "/split", *steps, f"/{always}/confirm", f"/{wave_id}/confirm"]
    for path in paths:
        page.goto(f"/staff/waves{path}")
        for details in page.locator("main details").all():
            details.evaluate("it => { it.open = true }")
        sound_at_both_ends(page)
    start(live_site, survey, wave_id)
    for path in ("", f"/{wave_id}", f"/{wave_id}/end", "/in-doubt"):
        page.goto(f"/staff/waves{path}")
        sound_at_both_ends(page)


def test_counts_follow_what_is_ticked(page: Page, wave_id: UUID) -> None:
    sign_in(page).goto(f"/staff/waves/{wave_id}/recipients")
    will_get_it = page.locator("#counts .is-main dd")
    expect(will_get_it).to_have_text("13")
    page.get_by_label("basic").check()
    expect(will_get_it).to_have_text("7")
    page.get_by_label("Current customers").check()
    expect(will_get_it).to_have_text("0")
    expect(page.locator("#counts")).to_contain_text("No customer matches")


def test_no_more_than_three_segments_can_be_ticked(phone: Page, live_site: LiveSite) -> None:
    with live_site.database() as database:
        fresh = open_survey(database, live_site.settings, name="Nobody was invited to it")
    sign_in(phone).goto(f"/staff/waves/{make_draft(live_site, fresh)}/segments")
    for name in ("Plan", "Region", "Language"):
        phone.get_by_role("checkbox", name=name).check()
    expect(phone.get_by_label("Value class")).to_be_disabled()
    phone.get_by_label("Region").uncheck()
    expect(phone.get_by_label("Value class")).to_be_enabled()


@pytest.mark.parametrize("has_script", [True, False])
def test_the_preview_shows_what_is_typed(
    open_page: Callable[..., Page],
    wave_id: UUID,
    has_script: bool,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("422")
    page = sign_in(open_page(java_script_enabled=has_script))
    page.goto(f"/staff/waves/{wave_id}/texts")
    section = page.get_by_role("region", name="English")
    frame = page.frame_locator("#letter-en")
    mail = frame.frame_locator("iframe").first
    expect(mail.locator("body")).to_contain_text("Hello Anna Example")
    expect(mail.get_by_role("link", name="Answer the survey")).to_be_visible()
    section.get_by_label("Text", exact=True).fill("Dear {name},\n\n{link}\n\nSee you")
    if not has_script:
        section.get_by_role("button", name="Show what I typed").click()
    expect(mail.locator("body")).to_contain_text("Dear Anna Example")
    frame.get_by_text("Reminder as text").click()
    expect(frame.locator("#pane-4")).to_contain_text("a few days ago we asked")
    section.get_by_label("Text", exact=True).fill("Dear {nam}, {link}")
    if not has_script:
        section.get_by_role("button", name="Show what I typed").click()
    expect(frame.locator("body")).to_contain_text("There is no field {nam} here")
    expect(section.get_by_label("Text", exact=True)).to_have_value("Dear {nam}, {link}")
    section.get_by_label("Subject", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("There is no field {nam} here")


def test_progress_follows_by_itself(
    page: Page, live_site: LiveSite, survey: OpenedSurvey, wave_id: UUID
) -> None:
    mailing = start(live_site, survey, wave_id)
    sign_in(page)
    page.clock.install()
    page.goto(f"/staff/waves/{wave_id}")
    queued = page.locator("#progress div", has=page.get_by_text("Queued", exact=True))
    expect(queued).to_contain_text("12")
    assert mailing.send() >= 12  # other tests' waves as well
    page.clock.run_for(6000)
    expect(queued).to_contain_text("0")
    page.get_by_role("button", name="Treat as sent").click()
    expect(page.get_by_text("It counts as sent.")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("in doubt"))).to_have_count(0)


def test_links_are_downloaded_without_scripts(plain: Page, survey: OpenedSurvey) -> None:
    sign_in(plain).goto("/staff/waves/split")
    plain.get_by_label("Survey").select_option(label="Browser waves")
    plain.get_by_label("Name that staff see").fill("Newsletter of March")
    plain.get_by_label("How many links").fill("25")
    with plain.expect_download() as download:
        plain.get_by_role("button", name="Make and download").click()
    assert len(download.value.path().read_text().splitlines()) == 26
    plain.goto("/staff/waves")
    expect(plain.get_by_role("article", name="Newsletter of March")).to_contain_text("25")
