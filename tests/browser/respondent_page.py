"""A survey of the live site, and what a respondent does on its page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from playwright.sync_api import Locator, Page
from sqlalchemy import text

from feedback_app.surveys import actions as surveys
from tests.browser.live_site import LiveSite

NAMES = count(1)


@dataclass(frozen=True)
class LiveSurvey:
    """An open survey of the live site."""

    site: LiveSite
    slug: str

    @property
    def path(self) -> str:
        """Where its open link leads."""
        return f"/s/{self.slug}"

    def waiting(self) -> int:
        """Sealed answers of this survey."""
        with self.site.database() as database, database.reading() as session:
            query = text(
                "SELECT count(*) FROM box JOIN batch ON batch.id = box.batch_id "
                "JOIN survey ON survey.id = batch.survey_id WHERE survey.slug = :slug"
            )
            return int(session.scalar(query, {"slug": self.slug}) or 0)


def open_survey(site: LiveSite) -> LiveSurvey:
    """A fresh open survey with k = 5 and one known competitor."""
    with site.database() as database, database.writing() as session:
        surveys.add_competitor(session, "Northwind", by="a test")
    name = f"Respondents {next(NAMES)}"
    made = site.command("survey", "create", "--name", name, "--k", "5", "--open")
    return LiveSurvey(site, made.split("/s/")[-1].strip())


def tick(page: Page, *labels: str) -> None:
    """Tick boxes by their labels."""
    for label in labels:
        page.get_by_role("checkbox", name=label).check()


def press(page: Page, name: str) -> str:
    """Press a button; the source of the page that answers."""
    with page.expect_navigation() as answered:
        page.get_by_role("button", name=name).last.click()
    return answered.value.text()


def card(page: Page, question: str) -> Locator:
    """The card of a question, by its heading."""
    return page.locator(".card", has=page.get_by_role("heading", name=question, exact=True))
