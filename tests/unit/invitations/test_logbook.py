"""What a killed worker's logbook says of the mails in its hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from feedback_app.invitations.actions import LeftMail, Outcome
from feedback_app.invitations.logbook import Logbook, UnableToKeepLogbook, read_boot
from feedback_app.invitations.orphans import read_log
from feedback_app.invitations.queries import DueMail
from feedback_app.invitations.rules import MailState

LEASE = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def make_mail() -> DueMail:
    id_: UUID = uuid4()
    return DueMail(
        id_, uuid4(), uuid4(), 0, 0, LEASE, uuid4(), "a@example.com", "", "en", False, 90
    )


def left_by(folder: Path, *, boot: str | None = None) -> list[LeftMail]:
    (file,) = folder.glob("*.log")
    return read_log(file.read_text("ascii"), boot=boot or read_boot())


def test_mails_of_a_hand_are_told_apart(tmp_path: Path) -> None:
    book = Logbook(tmp_path)
    kept, sent, refused, begun, waiting = mails = [make_mail() for _ in range(5)]
    book.mark(mails)
    for each in (kept, sent, refused):
        book.begin(each)
    book.end(Outcome(kept, MailState.SENT, "250 2.0.0"))
    book.keep([Outcome(kept, MailState.SENT, "250 2.0.0")])
    book.end(Outcome(sent, MailState.SENT, "250 2.0.0"))
    book.end(Outcome(refused, MailState.QUEUED, "451 4.3.0", retry=True))
    book.begin(begun)
    assert left_by(tmp_path) == [
        LeftMail(sent.id, LEASE, may_have_left=True, state=MailState.SENT, reply="250 2.0.0"),
        LeftMail(
            refused.id,
            LEASE,
            may_have_left=True,
            state=MailState.QUEUED,
            reply="451 4.3.0",
            retry=True,
        ),
        LeftMail(begun.id, LEASE, may_have_left=True),
        LeftMail(waiting.id, LEASE, may_have_left=False),
    ]
    book.close()
    assert not list(tmp_path.iterdir())


def test_after_a_power_cut_what_is_not_told_is_unknown(tmp_path: Path) -> None:
    book = Logbook(tmp_path)
    sent, waiting = make_mail(), make_mail()
    book.mark([sent, waiting])
    book.begin(sent)
    book.end(Outcome(sent, MailState.SENT))
    told = left_by(tmp_path, boot="another")
    assert [(each.state, each.may_have_left) for each in told] == [
        (MailState.SENT, True),
        (None, True),
    ]
    book.close()


def test_a_line_that_was_cut_off_did_not_happen(tmp_path: Path) -> None:
    book = Logbook(tmp_path)
    mail = make_mail()
    book.mark([mail])
    book.begin(mail)
    (file,) = tmp_path.glob("*.log")
    text = file.read_text("ascii")
    for end in range(text.index("begun"), len(text)):
        (told,) = read_log(text[:end], boot=read_boot())
        assert not told.may_have_left
    book.close()


def test_without_a_logbook_no_mail_may_leave(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnableToKeepLogbook):
        Logbook(tmp_path / "file").mark([make_mail()])
