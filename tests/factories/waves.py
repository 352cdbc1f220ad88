"""Customers and waves for tests and benches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from config import Settings, load_settings
from feedback_app.customers.models import Customer
from feedback_app.customers.rules import RecipientFilter
from feedback_app.foundation.db import Database, utc_today
from feedback_app.invitations import actions, jobs, queries
from feedback_app.invitations.models import Invitation, Outbox
from feedback_app.invitations.queries import Progress, WaveRow
from feedback_app.invitations.rules import WaveKind
from feedback_app.invitations.sending import SendingDesk
from tests.factories.respondents import BY, OpenedSurvey
from tests.smtp_server import SmtpServer

LANGUAGES = ("en", "ru", "uk")
LINK = re.compile(r"/i/([A-Za-z0-9_-]{43})")
UNSUBSCRIBE = re.compile(r"/u/([A-Za-z0-9_-]{43})")


def add_customers(
    session: Session,
    number: int,
    *,
    prefix: str = "c",
    departed_on: date | None = None,
    **same: Any,
) -> list[UUID]:
    """Departed customers `prefix`0@example.com, …; plans and regions in turn."""
    day = departed_on or utc_today() - timedelta(days=3)
    rows = [
        {
            "id": uuid4(),
            "reference": f"{prefix}-{place}",
            "name": f"Person {place}",
            "email": f"{prefix}{place}@example.com",
            "language": LANGUAGES[place % 3],
            "status": "departed",
            "departed_on": day,
            "plan": ("basic", "pro")[place % 2],
            "region": ("north", "south", "west")[place % 3],
            "created_on": utc_today(),
            "updated_on": utc_today(),
            **same,
        }
        for place in range(number)
    ]
    for start in range(0, number, 5000):
        session.execute(insert(Customer), rows[start : start + 5000])
    return [cast(UUID, row["id"]) for row in rows]


@dataclass
class Mailing:
    """A wave of a survey, its database and a worker's desk."""

    survey: OpenedSurvey
    settings: Settings
    wave_id: UUID

    @property
    def database(self) -> Database:
        """Where it is stored."""
        return self.survey.database

    def prepare(self) -> int:
        """Let the worker make the invitations."""
        return jobs.prepare_waves(self.database, self.settings)

    def desk(self, **wishes: Any) -> SendingDesk:
        """A worker's desk."""
        return SendingDesk(self.settings, **wishes)

    def send(self, **wishes: Any) -> int:
        """Send all that is due with a fresh desk; how many mails were dealt with."""
        desk, dealt_with = self.desk(**wishes), 0
        while some := desk.run(self.database):
            dealt_with += some
        desk.close()
        return dealt_with

    def wave(self) -> WaveRow:
        """As it stands."""
        with self.database.reading() as session:
            return queries.get_wave(session, self.wave_id)

    def progress(self) -> Progress:
        """How far it is."""
        with self.database.reading() as session:
            return queries.get_progress(session, self.wave_id)

    def states(self) -> dict[str, int]:
        """State -> how many mails of the wave."""
        with self.database.reading() as session:
            rows = session.execute(
                select(Outbox.state, func.count())
                .where(Outbox.wave_id == self.wave_id)
                .group_by(Outbox.state)
            )
            return {str(state): number for state, number in rows}

    def let_time_pass(self, days: int) -> None:
        """Move what was sent into the past, and what waits for a second try into the present."""
        with self.database.writing() as session:
            session.execute(update(Invitation).values(sent_on=utc_today() - timedelta(days=days)))

    def act(self, name: str, **wishes: Any) -> Any:
        """An action on this wave: `act("pause")`."""
        with self.database.writing() as session:
            return getattr(actions, name)(session, self.wave_id, by=BY, **wishes)


def settings_with(settings: Settings, environ: dict[str, str]) -> Settings:
    """The same installation with more settings."""
    return load_settings(
        {
            "FEEDBACK_HOME": str(settings.home),
            "FEEDBACK_DATABASE_URL": settings.database_url,
            "FEEDBACK_SECRET_KEY": settings.secret_key,
            "FEEDBACK_COMPANY": "Example Ltd",
            **environ,
        }
    )


def plan_mailing(
    survey: OpenedSurvey,
    server: SmtpServer | None = None,
    *,
    people: int = 5,
    prefix: str = "c",
    segments: Sequence[str] = (),
    wanted: RecipientFilter | None = None,
    kind: WaveKind = WaveKind.ONCE,
    environ: dict[str, str] | None = None,
    is_scheduled: bool = True,
    **rhythm: Any,
) -> Mailing:
    """A scheduled wave to `people` new customers."""
    more = {**(server.environ() if server else {}), **(environ or {})}
    settings = settings_with(survey.settings, more)
    with survey.database.writing() as session:
        add_customers(session, people, prefix=prefix)
        wave_id = actions.create_wave(session, survey_id=survey.id, name="Spring", kind=kind, by=BY)
        actions.choose_recipients(session, wave_id, wanted or RecipientFilter(), by=BY)
        if segments:
            actions.choose_segments_of(session, wave_id, segments, by=BY)
        if rhythm:
            actions.plan_wave(session, wave_id, by=BY, **{"reminder_after_days": None, **rhythm})
        if is_scheduled:
            actions.schedule(session, wave_id, by=BY)
    return Mailing(survey, settings, wave_id)


def read_mail(content: bytes) -> EmailMessage:
    """A mail as a mail program reads it."""
    return message_from_bytes(content, policy=default)


def text_of(content: bytes) -> str:
    """The plain text of a mail."""
    body = read_mail(content).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(content: bytes) -> str:
    """The HTML of a mail."""
    body = read_mail(content).get_body(("html",))
    assert body is not None
    return str(body.get_content())


def token_of(content: bytes) -> str:
    """The token of the link in a mail."""
    found = LINK.search(text_of(content))
    assert found is not None, "the mail has no link"
    return found[1]


def unsubscribe_of(content: bytes) -> str:
    """The secret of the unsubscribe link in a mail."""
    found = UNSUBSCRIBE.search(text_of(content))
    assert found is not None, "the mail can not be unsubscribed from"
    return found[1]
