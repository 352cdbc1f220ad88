"""The pages a mail's "no more such mails" leads to, as their reader sees them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert

from feedback_app.invitations.models import Invitation
from feedback_app.invitations.rules import hash_token, make_token
from tests.browser.live_site import LiveSite
from tests.factories.respondents import open_survey


@pytest.fixture(scope="session")
def secret(live_site: LiveSite) -> str:
    """The secret of an invitation whose customer was erased: other tests count customers."""
    made = make_token()
    with live_site.database() as database:
        survey = open_survey(database, live_site.settings, name="Unsubscribing")
        with database.writing() as session:
            session.execute(
                insert(Invitation).values(
                    id=uuid4(),
                    survey_id=survey.id,
                    token_hash=hash_token(make_token()),
                    unsubscribe_hash=hash_token(made),
                    segments=[],
                )
            )
    return made


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_unsubscribing_page_is_sound(
    language: str,
    open_page: Callable[..., Page],
    sound_at_both_ends: Callable[..., None],
    secret: str,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("/u/nobody")
    page = open_page()
    page.goto(f"/u/{secret}?lang={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    asked = page.locator("h1").inner_text()
    sound_at_both_ends(page)
    page.locator("form button[type=submit], form button:not([type])").last.click()
    expect(page.locator("h1")).not_to_have_text(asked)
    sound_at_both_ends(page)
    page.goto(f"/u/nobody?lang={language}")
    sound_at_both_ends(page)
