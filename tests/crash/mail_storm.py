"""Kill -9 of mail workers at random moments, again and again, and what it did to the mails.

By hand: `python -m tests.crash.mail_storm --kills 200 [--workers 2]` (on both databases).
A worker is forked from a process that has loaded everything, so that a kill costs
milliseconds and hits work instead of imports.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update

from config import Settings, load_settings
from feedback_app.cli.setting import prepare
from feedback_app.customers.models import Customer
from feedback_app.foundation.db import Database, utc_now
from feedback_app.invitations.models import Invitation, Outbox
from tests import databases
from tests.crash.nursery import Nursery
from tests.factories.respondents import open_survey
from tests.factories.waves import Mailing, plan_mailing
from tests.smtp_server import Act, SmtpServer, running_smtp

LEASE_SECONDS = 0.5
PATIENCE = 120.0  # seconds without an end in sight

#: What a worker does, and what it needs for that.
WORK = f"""
import os, time
from config import load_settings
from feedback_app.foundation.db import Database
from feedback_app.invitations import actions, queries
from feedback_app.invitations.sending import SendingDesk
from feedback_app.invitations.letters import preview_letter
from feedback_app.invitations.rules import default_text
import email.header, smtplib, ssl, sqlite3, psycopg
settings = load_settings(os.environ)
for language in ("en", "ru", "uk"):  # templates are read once, before the workers part
    preview_letter(settings, text=default_text(language), language=language, survey_name="")
def work():
    database = Database(settings.database_url)
    desk = SendingDesk(settings, lease_seconds={LEASE_SECONDS})
    while True:
        if not desk.run(database):
            time.sleep(0.02)
"""


@dataclass(frozen=True)
class Damage:
    """What the kills did. `lost`: mails that count as sent and never arrived."""

    kills: int
    workers: int
    people: int
    lost_replies: int
    duplicates: int
    lost: int
    unsettled: int
    in_doubt: int
    in_doubt_but_arrived: int

    @property
    def is_as_promised(self) -> bool:
        """No duplicate, nothing lost, in doubt no more than a kill and a reply can explain."""
        most = self.kills * self.workers + self.lost_replies
        return not (self.duplicates or self.lost or self.unsettled) and self.in_doubt <= most


def make_nursery(settings: Settings, server: SmtpServer) -> Nursery:
    """Workers of this installation that send to `server`."""
    environ = {
        "FEEDBACK_HOME": str(settings.home),
        "FEEDBACK_DATABASE_URL": settings.database_url,
        **server.environ(),
    }
    return Nursery(WORK, environ)


def storm(
    database: Database,
    settings: Settings,
    *,
    kills: int,
    people: int,
    workers: int = 1,
    seed: int = 1,
    longest: float = 0.1,
) -> Damage:
    """Send a wave while its workers are killed `kills` times, then let it come to its end.

    A worker is killed up to `longest` seconds after the first mail of its crew.
    """
    chance = random.Random(seed)
    lost_replies: set[str] = set()

    def script(who: str, _attempt: int) -> Act:
        roll = chance.random()
        if roll < 0.01:
            lost_replies.add(who)
            return Act.LOSE_REPLY
        return Act.RECIPIENT_LATER if roll < 0.02 else Act.TAKE

    with running_smtp(script) as server:
        survey = open_survey(database, settings, name=f"Storm {seed}")
        mailing = plan_mailing(survey, server, people=people)
        mailing.prepare()
        nursery = make_nursery(mailing.settings, server)
        try:
            for _ in range(kills):
                before = len(server.received)
                running = [nursery.start() for _ in range(workers)]
                _await_mail(server, before)
                time.sleep(chance.uniform(0, longest))
                for process in running:
                    os.kill(process, signal.SIGKILL)
        finally:
            nursery.end()
        server.script = lambda _who, _attempt: Act.TAKE
        _finish(mailing)
        return _assess(mailing, server, kills, workers, people, len(lost_replies))


def _await_mail(server: SmtpServer, before: int) -> None:
    """A worker that has sent nothing yet can not be hit while it sends."""
    give_up_at = time.monotonic() + PATIENCE
    while len(server.received) == before:
        assert time.monotonic() < give_up_at, "no worker sends: are there mails left?"
        time.sleep(0.002)


def _finish(mailing: Mailing) -> None:
    """A worker in good health sends the rest, once leases have run out and retries are due."""
    give_up_at = time.monotonic() + PATIENCE
    time.sleep(LEASE_SECONDS)
    while mailing.states().keys() & {"queued", "leased"}:
        assert time.monotonic() < give_up_at, "the wave does not come to its end"
        with mailing.database.writing() as session:
            session.execute(update(Outbox).where(Outbox.state == "queued").values(due_at=utc_now()))
        mailing.send()


def _assess(
    mailing: Mailing, server: SmtpServer, kills: int, workers: int, people: int, lost_replies: int
) -> Damage:
    counts = server.counts()
    with mailing.database.reading() as session:
        rows = session.execute(
            select(Customer.email, Outbox.state)
            .join(Invitation, Invitation.customer_id == Customer.id)
            .join(Outbox, Outbox.invitation_id == Invitation.id)
            .where(Outbox.wave_id == mailing.wave_id)
        )
        states = {str(state): number for state, number in rows}
    in_doubt = {who for who, state in states.items() if state == "in-doubt"}
    return Damage(
        kills=kills,
        workers=workers,
        people=people,
        lost_replies=lost_replies,
        duplicates=sum(number - 1 for number in counts.values()),
        lost=sum(1 for who, state in states.items() if state == "sent" and not counts[who]),
        unsettled=sum(1 for state in states.values() if state not in ("sent", "in-doubt"))
        + people
        - len(states),
        in_doubt=len(in_doubt),
        in_doubt_but_arrived=sum(1 for who in in_doubt if counts[who]),
    )


@contextmanager
def _installations(folder: Path) -> Iterator[list[tuple[str, Settings]]]:
    template = databases.make_sqlite_template(folder)
    with databases.running_postgres() as postgres:
        found = []
        for name in ("sqlite", "postgresql"):
            home = folder / name
            home.mkdir(mode=0o700)
            url = (
                databases.copy_sqlite(template, home)
                if name == "sqlite"
                else postgres.url(postgres.create())
            )
            environ = {"FEEDBACK_HOME": str(home), "FEEDBACK_DATABASE_URL": url}
            found.append((name, load_settings(environ)))
        yield found


def main() -> None:
    """Run the storm on both databases and print what it did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--people", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--longest", type=float, default=0.1, help="seconds until a kill")
    asked = parser.parse_args()
    is_good = True
    with tempfile.TemporaryDirectory() as folder, _installations(Path(folder)) as installations:
        for name, settings in installations:
            database = Database(settings.database_url)
            prepare(settings, database)
            damage = storm(
                database,
                settings,
                kills=asked.kills,
                people=asked.people,
                workers=asked.workers,
                longest=asked.longest,
            )
            database.dispose()
            is_good = is_good and damage.is_as_promised
            sys.stdout.write(
                f"{name}: {json.dumps(damage.__dict__)} "
                f"{'as promised' if damage.is_as_promised else 'BROKEN'}\n"
            )
            sys.stdout.flush()
    sys.exit(not is_good)


if __name__ == "__main__":
    main()
