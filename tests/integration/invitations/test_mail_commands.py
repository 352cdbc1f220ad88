"""`feedback mail` and `feedback wave`: a test mail, bounces from three places, mails in doubt."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from feedback_app.cli import feedback
from feedback_app.customers.models import Customer
from feedback_app.customers.queries import is_suppressed
from feedback_app.foundation.rules import Unable
from feedback_app.invitations.models import Invitation
from tests.factories.respondents import OpenedSurvey
from tests.factories.waves import Mailing, plan_mailing
from tests.smtp_server import Act, running_smtp
from tests.unit.invitations.test_bounces import report

Run = Callable[..., Result]
#: What the database does here is the same on both, and asked on both elsewhere.
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def run(survey: OpenedSurvey, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A function that runs a command on the survey's installation: `run("mail", "test", …)`."""
    monkeypatch.setenv("FEEDBACK_HOME", str(survey.settings.home))
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", survey.settings.database_url)

    def invoke(
        *arguments: str, typed: bytes = b"", environ: dict[str, str] | None = None
    ) -> Result:
        return CliRunner().invoke(feedback, list(arguments), input=typed, env=environ)

    return invoke


def bounced(mailing: Mailing, number: int, **wishes: str) -> bytes:
    """A report about the mail to c`number`@example.com."""
    with mailing.database.reading() as session:
        invitation = session.scalar(
            select(Invitation.id)
            .join(Customer, Customer.id == Invitation.customer_id)
            .where(Customer.reference == f"c-{number}")
        )
    assert invitation is not None
    content = report(to=f"bounces+{invitation.hex}@example.com", **wishes).as_bytes()
    return content.replace(b"Person@Example.org", f"c{number}@example.com".encode())


@pytest.fixture
def mailing(survey: OpenedSurvey) -> Mailing:
    """A wave to four people that was sent."""
    made = plan_mailing(survey, people=4)
    made.prepare()
    made.send()
    return made


def suppressed(mailing: Mailing) -> list[int]:
    with mailing.database.reading() as session:
        return [n for n in range(4) if is_suppressed(session, f"c{n}@example.com")]


@SQLITE
def test_a_test_mail_says_where_it_went(run: Run) -> None:
    with running_smtp() as server:
        told = run("mail", "test", "me@example.com", environ=server.environ())
        assert told.exit_code == 0, told.output
        assert f"127.0.0.1:{server.port} took the mail to me@example.com" in told.output
        assert dict(server.counts()) == {"me@example.com": 1}
    told = run("mail", "test", "me@example.com")
    assert "nothing was sent" in told.output


@SQLITE
def test_a_test_mail_says_in_words_what_is_wrong(run: Run, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("wrong\n")
    with running_smtp(lambda _who, _attempt: Act.RECIPIENT_REFUSED) as server:
        good = server.environ()
        login = {"FEEDBACK_MAIL_USER": "us", "FEEDBACK_MAIL_PASSWORD_FILE": str(password)}
        cases = [
            (good, "did not take the mail to me@example.com: 550 5.1.1"),
            ({**good, "FEEDBACK_MAIL_SECURITY": "starttls"}, "offers no STARTTLS"),
            ({**good, "FEEDBACK_MAIL_SECURITY": "tls"}, "do not agree on TLS"),
            ({**good, **login}, "does not let us in"),
            ({**good, "FEEDBACK_MAIL_HOST": "no-such-host.invalid"}, "can not be reached"),
        ]
        for environ, words in cases:
            told = run("mail", "test", "me@example.com", environ=environ)
            assert isinstance(told.exception, Unable), told.output
            assert words in str(told.exception)
    told = run("mail", "test", "me@example.com", environ=good)
    assert "can not be reached" in str(told.exception)


def test_bounces_from_a_pipe(run: Run, mailing: Mailing) -> None:
    told = run("mail", "bounces", "--pipe", typed=bounced(mailing, 1))
    assert told.output.strip() == "hard: 1, soft: 0, other: 0"
    assert suppressed(mailing) == [1]
    assert mailing.states() == {"sent": 3, "bounced": 1}
    told = run("mail", "bounces", "--pipe", typed=bounced(mailing, 2, status="4.2.2"))
    assert told.output.strip() == "hard: 0, soft: 1, other: 0"
    assert suppressed(mailing) == [1]
    with mailing.database.reading() as session:
        assert sorted(session.scalars(select(Invitation.soft_bounces))) == [0, 0, 0, 1]
    assert run("mail", "bounces", "--pipe", typed=b"spam").output.strip().endswith("other: 1")


@SQLITE
def test_a_bounce_that_blames_somebody_else_suppresses_nobody(run: Run, mailing: Mailing) -> None:
    forged = bounced(mailing, 1).replace(b"c1@example.com", b"victim@example.com")
    run("mail", "bounces", "--pipe", typed=forged)
    assert suppressed(mailing) == []
    with mailing.database.reading() as session:
        assert not is_suppressed(session, "victim@example.com")


@SQLITE
def test_bounces_from_a_maildir_are_read_once(run: Run, mailing: Mailing, tmp_path: Path) -> None:
    folder = tmp_path / "maildir"
    (folder / "new").mkdir(parents=True)
    for number in (0, 3):
        (folder / "new" / f"{number}.mx").write_bytes(bounced(mailing, number))
    told = run("mail", "bounces", "--maildir", str(folder))
    assert told.output.strip() == "hard: 2, soft: 0, other: 0"
    assert suppressed(mailing) == [0, 3]
    assert sorted(each.name for each in (folder / "cur").iterdir()) == ["0.mx:2,S", "3.mx:2,S"]
    told = run("mail", "bounces", environ={"FEEDBACK_MAIL_BOUNCES_INBOX": str(folder)})
    assert told.output.strip() == "hard: 0, soft: 0, other: 0"
    assert "--maildir" in str(run("mail", "bounces").exception)


@SQLITE
def test_bounces_from_an_imap_mailbox(run: Run, mailing: Mailing, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("open sesame\n")
    with running_imap([bounced(mailing, 2)]) as (port, seen):
        environ = {
            "FEEDBACK_MAIL_BOUNCES_INBOX": f"imap://us%40example.com@127.0.0.1:{port}/Bounces",
            "FEEDBACK_MAIL_BOUNCES_PASSWORD_FILE": str(password),
        }
        told = run("mail", "bounces", environ=environ)
        assert told.output.strip() == "hard: 1, soft: 0, other: 0"
        assert seen == {1}
        told = run("mail", "bounces", environ=environ)
        assert told.output.strip() == "hard: 0, soft: 0, other: 0"
    assert suppressed(mailing) == [2]


@SQLITE
def test_mails_in_doubt_are_listed_and_settled(run: Run, survey: OpenedSurvey) -> None:
    with running_smtp(lambda _who, _attempt: Act.LOSE_REPLY) as server:
        made = plan_mailing(survey, server, people=2)
        made.prepare()
        made.send()
    first, second = (
        line.split("\t")[0] for line in run("mail", "doubtful", "list").output.splitlines()
    )
    assert run("mail", "doubtful", "send-again", first).exit_code == 0
    assert run("mail", "doubtful", "treat-as-sent", second).exit_code == 0
    assert made.states() == {"queued": 1, "sent": 1}, "treated as sent, it is sent no more"
    assert isinstance(run("mail", "doubtful", "send-again", first).exception, Unable)


@SQLITE
def test_split_links_as_a_file(run: Run, survey: OpenedSurvey, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    told = run("wave", "split", "--survey", survey.slug, "--count", "5", "--csv", str(file))
    assert told.exit_code == 0, told.output
    lines = file.read_text("utf-8").splitlines()
    assert lines[0] == "link"
    assert len(set(lines[1:])) == 5
    assert all(line.startswith(f"{survey.settings.base_url}/i/") for line in lines[1:])
    assert "finished" in run("wave", "list").output


@SQLITE
def test_waves_are_held_and_ended(run: Run, mailing: Mailing) -> None:
    for act, state in (("pause", "paused"), ("resume", "sending"), ("cancel", "cancelled")):
        assert run("wave", act, "Spring").output.strip() == f"Spring: {state}"
    assert isinstance(run("wave", "pause", "Spring").exception, Unable)
    assert "no wave" in str(run("wave", "pause", "nothing").exception)


@contextmanager
def running_imap(mails: list[bytes]) -> Iterator[tuple[int, set[int]]]:
    """As much IMAP as reading unseen mails takes: its port, and which mails were seen."""
    seen: set[int] = set()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, _, rest = line.strip().partition(b" ")
                self._answer(rest.upper())
                self.wfile.write(tag + b" OK done\r\n")

        def _answer(self, asked: bytes) -> None:
            unseen = [number for number in range(1, len(mails) + 1) if number not in seen]
            if asked == b"CAPABILITY":
                self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
            elif asked.startswith(b"SELECT"):
                self.wfile.write(b"* %d EXISTS\r\n" % len(mails))
            elif asked.startswith(b"UID SEARCH"):
                self.wfile.write(b"* SEARCH %s\r\n" % " ".join(map(str, unseen)).encode())
            elif asked.startswith(b"UID FETCH"):
                number = int(asked.split()[2])
                mail = mails[number - 1]
                self.wfile.write(
                    b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n" % (number, number, len(mail))
                )
                self.wfile.write(mail + b")\r\n")
            elif asked.startswith(b"UID STORE"):
                seen.add(int(asked.split()[2]))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1], seen
        finally:
            server.shutdown()
            thread.join()
