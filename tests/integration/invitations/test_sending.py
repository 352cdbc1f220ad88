"""A wave by a real SMTP server: what arrives, what a misbehaving server causes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from feedback_app.customers import actions as customers
from feedback_app.customers.models import Customer
from feedback_app.customers.queries import is_suppressed
from feedback_app.customers.rules import Reason
from feedback_app.foundation.db import utc_now, utc_today
from feedback_app.invitations import actions, queries
from feedback_app.invitations.models import Invitation, Outbox
from feedback_app.invitations.rules import MOST_ATTEMPTS, hash_token
from tests.factories.respondents import BY, OpenedSurvey
from tests.factories.waves import Mailing, plan_mailing, read_mail, token_of, unsubscribe_of
from tests.smtp_server import Act, SmtpServer, running_smtp

#: What the database does here is the same on both, and asked on both elsewhere.
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """A server in good health until a test gives it a script."""
    with running_smtp() as running:
        yield running


def let_retries_come(mailing: Mailing) -> None:
    with mailing.database.writing() as session:
        session.execute(update(Outbox).values(due_at=utc_now() - timedelta(seconds=1)))


def test_everybody_gets_one_mail_over_one_connection(
    survey: OpenedSurvey, server: SmtpServer
) -> None:
    mailing = plan_mailing(survey, server, people=30, segments=("plan",))
    assert mailing.prepare() == 30
    assert mailing.send() == 30
    assert set(server.counts().values()) == {1}
    assert len(server.received) == 30
    assert server.connections == 1
    progress = mailing.progress()
    assert (progress.invited, progress.sent, progress.queued, progress.in_doubt) == (30, 30, 0, 0)
    with mailing.database.reading() as session:
        hashes = set(session.scalars(select(Invitation.token_hash)))
        assert set(session.scalars(select(Customer.last_invited_on))) == {utc_today()}
    assert {hash_token(token_of(each.content)) for each in server.received} == hashes
    assert mailing.prepare() == mailing.send() == 0


@SQLITE
def test_headers_of_a_mail(survey: OpenedSurvey, server: SmtpServer) -> None:
    mailing = plan_mailing(
        survey, server, people=1, environ={"FEEDBACK_MAIL_REPLY_TO": "help@example.com"}
    )
    mailing.prepare()
    mailing.send()
    (received,) = server.received
    mail = read_mail(received.content)
    with mailing.database.reading() as session:
        mail_id, invitation_id = session.execute(select(Outbox.id, Outbox.invitation_id)).one()
    assert mail["Message-ID"] == f"<{mail_id.hex}@example.com>"
    assert received.sender == f"bounces+{invitation_id.hex}@example.com"
    assert mail["From"] == "Example Ltd <feedback@example.com>"
    assert mail["Reply-To"] == "help@example.com"
    assert mail["To"] == "Person 0 <c0@example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    secret = unsubscribe_of(received.content)
    assert mail["List-Unsubscribe"] == f"<{mailing.settings.base_url}/u/{secret}>"
    assert secret != token_of(received.content)


def test_a_4xx_is_tried_again_and_a_5xx_is_not(survey: OpenedSurvey, server: SmtpServer) -> None:
    acts = {
        "c0@example.com": Act.RECIPIENT_LATER,
        "c1@example.com": Act.TEXT_LATER,
        "c2@example.com": Act.RECIPIENT_REFUSED,
        "c3@example.com": Act.TEXT_REFUSED,
    }
    server.script = lambda who, attempt: acts.get(who, Act.TAKE) if attempt == 1 else Act.TAKE
    mailing = plan_mailing(survey, server, people=6)
    mailing.prepare()
    mailing.send()
    assert mailing.states() == {"queued": 2, "bounced": 2, "sent": 2}
    assert mailing.send() == 0, "a retry waits"
    let_retries_come(mailing)
    mailing.send()
    assert mailing.states() == {"bounced": 2, "sent": 4}
    assert set(server.counts().values()) == {1}
    with mailing.database.reading() as session:
        replies = set(session.scalars(select(Outbox.reply).where(Outbox.state == "bounced")))
        assert is_suppressed(session, "c2@example.com"), "the address is no good"
        assert not is_suppressed(session, "c3@example.com"), "the text was disliked"
    assert replies == {"550 5.1.1", "554 5.7.1"}, "codes alone, no words of the server's"


@SQLITE
def test_tries_come_to_an_end(survey: OpenedSurvey, server: SmtpServer) -> None:
    server.script = lambda _who, _attempt: Act.RECIPIENT_LATER
    mailing = plan_mailing(survey, server, people=1)
    mailing.prepare()
    for _ in range(MOST_ATTEMPTS):
        assert mailing.states() == {"queued": 1}
        let_retries_come(mailing)
        mailing.send()
    assert mailing.states() == {"failed": 1}


@SQLITE
def test_a_connection_lost_before_the_text_is_tried_again(
    survey: OpenedSurvey, server: SmtpServer
) -> None:
    server.script = lambda _who, attempt: Act.HANG_UP_BEFORE_TEXT if attempt == 1 else Act.TAKE
    mailing = plan_mailing(survey, server, people=2)
    mailing.prepare()
    mailing.send()
    let_retries_come(mailing)
    mailing.send()
    assert mailing.states() == {"sent": 2}
    assert set(server.counts().values()) == {1}


@pytest.mark.parametrize(
    ("database_url", "act"),
    [
        ("sqlite", Act.LOSE_REPLY),
        ("postgresql", Act.LOSE_REPLY),
        ("sqlite", Act.LOSE_TEXT),
        ("sqlite", Act.BE_SLOW),
    ],
    indirect=["database_url"],
)
def test_a_lost_reply_leaves_a_mail_in_doubt_until_a_person_settles_it(
    survey: OpenedSurvey, server: SmtpServer, act: Act
) -> None:
    server.slowness = 1.5
    server.script = lambda who, _attempt: act if who == "c1@example.com" else Act.TAKE
    mailing = plan_mailing(survey, server, people=3, environ={"FEEDBACK_MAIL_TIMEOUT": "1"})
    mailing.prepare()
    mailing.send()
    assert mailing.states() == {"sent": 2, "in-doubt": 1}
    let_retries_come(mailing)
    assert mailing.send() == 0, "nothing in doubt is sent by itself"
    with mailing.database.reading() as session:
        (row,) = queries.list_doubtful(session)
    assert row.address == "c1@example.com"
    server.script = lambda _who, _attempt: Act.TAKE
    with mailing.database.writing() as session:
        actions.send_again(session, row.id, by=BY)
    mailing.send()
    assert mailing.states() == {"sent": 3}
    assert server.counts()["c1@example.com"] == (1 if act is Act.LOSE_TEXT else 2)
    ids = [read_mail(it.content)["Message-ID"] for it in server.received if "c1@" in it.recipient]
    assert len(set(ids)) == 1, "a mail program shows the second copy as the first one"


@SQLITE
def test_a_poisoned_row_does_not_stop_the_others(survey: OpenedSurvey, server: SmtpServer) -> None:
    mailing = plan_mailing(survey, server, people=4)
    mailing.prepare()
    with mailing.database.writing() as session:
        session.execute(
            update(Customer)
            .where(Customer.reference == "c-0")
            .values(email="пошта@example.com", name="a\r\nBcc: all@example.com")
        )
        session.execute(
            update(Customer)
            .where(Customer.reference == "c-1")
            .values(name="b\r\nBcc: x@example.com")
        )
    mailing.send()
    assert mailing.states() == {"sent": 3, "failed": 1}
    assert not any(read_mail(each.content)["Bcc"] for each in server.received)


@SQLITE
def test_a_server_that_is_away_costs_no_mail_a_try(survey: OpenedSurvey) -> None:
    with running_smtp() as server:
        mailing = plan_mailing(survey, server, people=3)
    mailing.prepare()
    assert mailing.send() == 0
    assert mailing.states() == {"queued": 3}
    with mailing.database.reading() as session:
        assert set(session.scalars(select(Outbox.attempts))) == {0}


def test_who_is_suppressed_mid_wave_gets_nothing(survey: OpenedSurvey, server: SmtpServer) -> None:
    mailing = plan_mailing(survey, server, people=3)
    mailing.prepare()
    with mailing.database.writing() as session:
        customers.suppress(session, "c1@example.com", reason=Reason.BY_HAND, by=BY)
        gone = session.scalar(select(Customer.id).where(Customer.reference == "c-2"))
        assert gone is not None
        customers.erase(session, gone, by=BY)
    mailing.send()
    assert dict(server.counts()) == {"c0@example.com": 1}
    assert mailing.states() == {"sent": 1, "dropped": 2}


def test_who_unsubscribes_while_his_handful_is_being_sent_gets_nothing(
    survey: OpenedSurvey, server: SmtpServer
) -> None:
    """All 30 are marked at once; two of them say no when the fifth mail is under way."""
    mailing = plan_mailing(survey, server, people=30)
    mailing.prepare()
    seen: list[str] = []
    gone: set[str] = set()

    def unsubscribe_two(who: str, _attempt: int) -> Act:
        seen.append(who)
        if len(seen) == 5:
            left = {f"c{number}@example.com" for number in range(30)} - set(seen)
            gone.update(sorted(left)[-2:])
            with mailing.database.writing() as session:
                for address in gone:
                    customers.suppress(session, address, reason=Reason.UNSUBSCRIBED, by=BY)
        return Act.TAKE

    server.script = unsubscribe_two
    mailing.send()
    assert len(gone) == 2
    assert not gone & set(server.counts())
    assert mailing.states() == {"sent": 28, "dropped": 2}
    with mailing.database.reading() as session:
        rows = session.execute(
            select(Customer.email, Customer.last_invited_on, Invitation.sent_on).join(
                Invitation, Invitation.customer_id == Customer.id
            )
        )
        assert {who for who, invited_on, sent_on in rows if not (invited_on or sent_on)} == gone


def test_paused_waves_rest_and_cancelled_ones_end(survey: OpenedSurvey, server: SmtpServer) -> None:
    mailing = plan_mailing(survey, server, people=3)
    mailing.prepare()
    mailing.act("pause")
    assert mailing.send() == 0
    mailing.act("resume")
    assert mailing.send() == 3
    second = plan_mailing(survey, server, people=0, throttle_days=0)
    second.prepare()
    second.act("cancel")
    assert second.send() == 0
    assert second.states() == {"dropped": 3}
    assert len(server.received) == 3


def test_one_person_is_left_in_peace_over_all_surveys(
    survey: OpenedSurvey, server: SmtpServer
) -> None:
    """Of two waves decided at the same time the second is held back when it would send."""
    mailing = plan_mailing(survey, server, people=2)
    second = plan_mailing(survey, server, people=0)
    assert mailing.prepare() == 4
    mailing.send()
    assert len(server.received) == 2
    assert mailing.progress().sent + second.progress().sent == 2
    assert mailing.progress().dropped + second.progress().dropped == 2


@SQLITE
def test_without_a_server_mails_are_written_to_a_folder(survey: OpenedSurvey) -> None:
    mailing = plan_mailing(survey, people=2)
    assert mailing.settings.mail.is_folder
    mailing.prepare()
    mailing.send()
    files = sorted((mailing.settings.home / "mail").iterdir())
    assert [each.suffix for each in files] == [".eml", ".eml"]
    assert {read_mail(each.read_bytes())["To"] for each in files} == {
        "Person 0 <c0@example.com>",
        "Person 1 <c1@example.com>",
    }


def test_a_survey_that_closes_ends_its_waves(survey: OpenedSurvey, server: SmtpServer) -> None:
    from feedback_app.invitations import jobs

    mailing = plan_mailing(survey, server, people=2)
    mailing.prepare()
    survey.close()
    assert mailing.send() == 0
    assert jobs.end_waves(mailing.database, mailing.settings) == 1
    assert mailing.wave().state == "finished"
    assert mailing.states() == {"dropped": 2}
