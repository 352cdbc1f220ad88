"""Reading bounces: reports by RFC 3464, nested ones, and what is none."""

from __future__ import annotations

from email.message import EmailMessage, Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_app.invitations.rules import read_bounce

OURS = UUID("11112222333344445555666677778888")
VERP = f"bounces+{OURS.hex}@example.com"


def report(
    *, action: str = "failed", status: str = "5.1.1", to: str = VERP, quoted_path: str = ""
) -> MIMEMultipart:
    """A delivery report as a mail server writes one."""
    mail = MIMEMultipart("report", report_type="delivery-status")
    mail["From"], mail["To"], mail["Subject"] = "MAILER-DAEMON@mx.example.org", to, "Undelivered"
    mail.attach(MIMEText("Your mail could not be delivered."))
    whole = Message()
    whole["Reporting-MTA"] = "dns; mx.example.org"
    recipient = Message()
    recipient["Final-Recipient"] = "rfc822; Person@Example.org"
    recipient["Action"], recipient["Status"] = action, status
    recipient["Diagnostic-Code"] = "smtp; 550 no such person"
    status_part = Message()
    status_part["Content-Type"] = "message/delivery-status"
    status_part.set_payload([whole, recipient])
    mail.attach(status_part)
    if quoted_path:
        quoted = EmailMessage()
        quoted["Return-Path"] = f"<{quoted_path}>"
        quoted["Subject"] = "What made you leave?"
        quoted.set_content("text")
        mail.attach(MIMEMessage(quoted))
    return mail


@pytest.mark.parametrize(
    ("action", "status", "is_hard"),
    [
        ("failed", "5.1.1", True),
        ("failed", "5.1.10", True),
        ("failed", "5.2.1", True),
        ("failed", "5.2.2", False),  # mailbox full
        ("failed", "5.7.1", False),  # our mail was disliked
        ("failed", "5.4.4", False),  # no route
        ("failed", "4.4.7", False),  # given up waiting
        ("delayed", "4.4.1", False),
    ],
)
def test_hard_and_soft(action: str, status: str, is_hard: bool) -> None:
    found = read_bounce(report(action=action, status=status).as_bytes())
    assert found is not None
    assert found.invitation_id == OURS
    assert found.status == status
    assert found.is_hard is is_hard
    assert found.recipient == "person@example.org"


def test_a_report_inside_forwards_is_found() -> None:
    inner = report(to="postmaster@example.com", quoted_path=VERP)
    for _ in range(4):
        outer = MIMEMultipart("mixed")
        outer["To"] = "somebody@example.com"
        outer.attach(MIMEText("forwarded"))
        outer.attach(MIMEMessage(inner))
        inner = outer
    found = read_bounce(inner.as_bytes())
    assert found is not None
    assert (found.invitation_id, found.is_hard) == (OURS, True)


def test_the_address_may_stand_in_a_trace_header() -> None:
    mail = report(to="bounces@example.com")
    assert read_bounce(mail.as_bytes()) is None
    mail["Delivered-To"] = VERP
    assert read_bounce(mail.as_bytes()) is not None


def test_success_and_vacations_are_no_bounces() -> None:
    assert read_bounce(report(action="delivered", status="2.0.0").as_bytes()) is None
    vacation = EmailMessage()
    vacation["To"], vacation["Subject"] = VERP, "I am away: 5.1.1"
    vacation.set_content("Action: failed\nStatus: 5.1.1\n")
    assert read_bounce(vacation.as_bytes()) is None


def test_endless_nesting_ends() -> None:
    deep = b"Content-Type: message/rfc822\r\n\r\n" * 3000
    assert read_bounce(b"To: " + VERP.encode() + b"\r\n" + deep) is None


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_rubbish_is_no_bounce(content: bytes) -> None:
    assert read_bounce(content) is None
    assert read_bounce(f"To: {VERP}\r\n".encode() + content) is None


@settings(deadline=None)
@given(st.integers(0, 1500))
def test_a_report_cut_short_breaks_nothing(length: int) -> None:
    whole = report(quoted_path=VERP).as_bytes()
    found = read_bounce(whole[:length])
    assert found is None or found.invitation_id == OURS
