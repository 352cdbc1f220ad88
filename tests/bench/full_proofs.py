"""Three proofs at their full size, which take too long for every run of the tests.

By hand: `python -m tests.bench.full_proofs [--tokens 1000] [--threads 50] [--people 10000]`,
on both databases. Every token is used by all threads at once; every person of a wave is
written to by a real server that misbehaves; every address in a mail is fetched a hundred times.
"""

from __future__ import annotations

import argparse
import secrets
import tempfile
import threading
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from config import Settings, load_settings
from feedback_app import create_app
from feedback_app.answers.actions import FormToken
from feedback_app.answers.rules import Envelope
from feedback_app.ballots.models import Box
from feedback_app.cli.setting import prepare
from feedback_app.foundation.db import Database, utc_now
from feedback_app.invitations import actions
from feedback_app.invitations.models import Invitation, Outbox
from feedback_app.invitations.queries import find_invitation
from feedback_app.invitations.rules import hash_token
from feedback_app.surveys import queries as surveys
from feedback_app.tagging.rules import chosen_tags
from tests import databases
from tests.factories.respondents import BY, OpenedSurvey, open_survey
from tests.factories.waves import plan_mailing
from tests.integration.invitations.test_thousand import misbehave
from tests.security.test_mail_scanners import FETCHES, addresses_in, mailed, whole
from tests.smtp_server import Act, running_smtp

PURGE_ON = date(2100, 1, 1)
ROUNDS = 4  # of tries: what is refused for a while is tried again


def press_all(survey: OpenedSurvey, tokens: list[str], threads: int) -> Counter[str]:
    """Token -> how many answers were taken; all threads use one token at the same moment."""
    taken: Counter[str] = Counter()
    lock, gate = threading.Lock(), threading.Barrier(threads)
    with survey.database.reading() as session:
        row = surveys.get_survey(session, str(survey.id))
        opened = surveys.find_for_respondent(session, survey_id=survey.id)
        found = [find_invitation(session, hash_token(each)) for each in tokens]
    assert opened is not None
    values = {"reasons": {"ticked": ["client.closed"], "decided": ""}}

    def press() -> None:
        for token, invitation in zip(tokens, found, strict=True):
            assert invitation is not None
            gate.wait()
            with survey.database.writing() as session:
                is_taken = actions.submit(
                    session,
                    row,
                    invitation,
                    Envelope(opened.version_id, "en", values),
                    token=FormToken(secrets.token_bytes(32), PURGE_ON),
                    respondent="",
                    tagger=chosen_tags,
                )
            with lock:
                taken[token] += is_taken

    crew = [threading.Thread(target=press) for _ in range(threads)]
    for each in crew:
        each.start()
    for each in crew:
        each.join()
    return taken


def prove_once(name: str, database: Database, settings: Settings, count: int, threads: int) -> None:
    """One answer for each invitation."""
    survey = open_survey(database, settings, name="Once")
    with database.writing() as session:
        tokens = actions.issue(
            session, survey_id=survey.id, count=count, by=BY, folder=settings.keys
        )
    start = time.perf_counter()
    taken = press_all(survey, tokens, threads)
    with database.reading() as session:
        boxes = session.scalar(select(func.count()).select_from(Box))
        used = session.scalar(select(func.count()).where(Invitation.is_used))
    say(
        f"{name}: {threads} threads x {count} tokens in {time.perf_counter() - start:.0f} s: "
        f"answers per token {dict(Counter(taken[each] for each in tokens))}, "
        f"{boxes} boxes, {used} used"
    )


def prove_wave(name: str, database: Database, settings: Settings, people: int) -> None:
    """Everybody gets one mail, whatever the server does meanwhile."""
    with running_smtp(misbehave) as server:
        survey = open_survey(database, settings, name="Everybody")
        start = time.perf_counter()
        mailing = plan_mailing(
            survey, server, people=people, prefix="w", segments=("plan", "region")
        )
        mailing.prepare()
        for _ in range(ROUNDS):
            mailing.send()
            with database.writing() as session:
                session.execute(
                    update(Outbox)
                    .where(Outbox.state == "queued")
                    .values(due_at=utc_now() - timedelta(seconds=1))
                )
        seconds = time.perf_counter() - start
        addresses = {f"w{number}@example.com" for number in range(people)}
        refused = {who for who in addresses if misbehave(who, 1) is Act.RECIPIENT_REFUSED}
        counts = server.counts()
    say(
        f"{name}: {people} invited in {seconds:.0f} s: {mailing.states()}; arrived {len(counts)}, "
        f"twice {sum(number > 1 for number in counts.values())}, "
        f"missing {len(addresses - refused - set(counts))}"
    )


def prove_untouched(name: str, settings: Settings) -> None:
    """Machines that fetch what stands in a mail change nothing."""
    app = create_app(settings)
    mailing, mails = mailed(app, people=2)
    before, client = whole(mailing.database), app.test_client()
    paths = sorted(
        {path for each in mails for path in addresses_in(each, mailing.settings.base_url)}
    )
    statuses: Counter[int] = Counter()
    for path in paths:
        for number in range(FETCHES):
            statuses[client.open(path, method="HEAD" if number % 2 else "GET").status_code] += 1
    is_same = whole(mailing.database) == before
    app.extensions["feedback_database"].dispose()
    say(
        f"{name}: {len(paths)} addresses of two mails fetched {FETCHES} times each, by GET and "
        f"HEAD in turn: statuses {dict(statuses)}, database "
        f"{'unchanged' if is_same else 'CHANGED'}"
    )


def say(text: str) -> None:
    """One line at once."""
    print(text, flush=True)


def main() -> None:
    """All proofs on both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=50)
    parser.add_argument("--people", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, databases.running_postgres() as postgres:
        template = databases.make_sqlite_template(Path(name))
        for kind in ("sqlite", "postgresql"):
            home = Path(name) / kind
            home.mkdir(mode=0o700)
            is_sqlite = kind == "sqlite"
            url = (
                databases.copy_sqlite(template, home)
                if is_sqlite
                else postgres.url(postgres.create())
            )
            settings = load_settings({"FEEDBACK_HOME": str(home), "FEEDBACK_DATABASE_URL": url})
            database = Database(url)
            prepare(settings, database)
            prove_untouched(kind, settings)
            prove_once(kind, database, settings, asked.tokens, asked.threads)
            prove_wave(kind, database, settings, asked.people)
            database.dispose()


if __name__ == "__main__":
    main()
