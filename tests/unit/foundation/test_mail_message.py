"""A mail as bytes: what mail programs read, nothing smuggled in, signed when asked."""

from __future__ import annotations

import dataclasses
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from config import MailSettings
from feedback_app.foundation.mail import Addressee, Words, bounce_address, write_mail
from feedback_app.foundation.mail.signing import UnableToSign

SETTINGS = MailSettings(
    host="mail.example.com", sender="Приклад <feedback@example.com>", bounces="b@example.com"
)
HEADERS = [
    *("Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "MIME-Version"),
    *("Message-ID", "Subject", "To"),
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


def write(settings: MailSettings = SETTINGS, **wishes: str) -> bytes:
    words = {"subject": "Hello", "text": "One\n", "html": "<p>One</p>", "language": "uk"}
    addressee = {"key": "a1", "to": "p@example.org"}
    for name, value in wishes.items():
        (words if name in words else addressee)[name] = value
    return write_mail(settings, Addressee(**addressee), Words(**words)).content


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_nothing_is_smuggled_into_the_headers(subject: str, name: str) -> None:
    content = write(subject=subject, name=name)
    mail = message_from_bytes(content, policy=default)
    assert sorted(mail.keys()) == HEADERS
    assert [each.addr_spec for each in mail["To"].addresses] == ["p@example.org"]
    content.decode("ascii")
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


@settings(deadline=None)
@given(TEXTS)
def test_texts_arrive_as_they_were_written(text: str) -> None:
    mail = message_from_bytes(write(text=text), policy=default)
    body = mail.get_body(("plain",))
    assert body is not None
    plain = "\n".join(text.replace("\r\n", "\n").split("\n"))
    arrived = body.get_payload(decode=True)
    assert isinstance(arrived, bytes)
    # A lone carriage return is a line end to every mail server on the way.
    assert arrived.decode().replace("\r\n", "\n").rstrip("\n") == plain.rstrip("\n")


def test_a_file_for_people_keeps_links_whole_and_letters_readable() -> None:
    link = f"https://feedback.example.com/i/{'x' * 43}?lang=uk"
    text = f"Вітаємо!\n\n{link}\n\n" + "слово " * 300 + "\rкінець"
    content = write(dataclasses.replace(SETTINGS, host=""), text=text)
    assert f"\r\n{link}\r\n" in content.decode()
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    body = message_from_bytes(content, policy=default).get_body(("plain",))
    assert body is not None
    assert str(body.get_content()).split() == text.split()


def test_subject_and_name_in_any_letters() -> None:
    mail = message_from_bytes(
        write(subject="Чому ви пішли? " * 8, name="Олена «Ко»"), policy=default
    )
    assert mail["Subject"] == ("Чому ви пішли? " * 8).strip()
    assert mail["To"].addresses[0].display_name == "Олена «Ко»"
    assert mail["From"].addresses[0].display_name == "Приклад"


def test_the_return_path_names_the_mail() -> None:
    assert bounce_address(SETTINGS, "77") == "b+77@example.com"
    assert bounce_address(MailSettings(), "77") == ""


def test_dkim_signatures_hold_and_break(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    path = tmp_path / "dkim.pem"
    path.write_bytes(private)
    signing = dataclasses.replace(SETTINGS, dkim_selector="s1", dkim_key_file=path)
    content = write(signing, unsubscribe_url="https://f.example.com/u/x")
    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])

    def look_up(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"s1._domainkey.example.com."
        return record

    assert dkim.verify(content, dnsfunc=look_up)
    assert not dkim.verify(content.replace(b"One", b"Two"), dnsfunc=look_up)
    assert not dkim.verify(content.replace(b"/u/x", b"/u/y"), dnsfunc=look_up)


def test_a_key_that_is_none_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "dkim.pem"
    path.write_bytes(b"rubbish")
    signing = dataclasses.replace(SETTINGS, dkim_selector="s1", dkim_key_file=path)
    with pytest.raises(UnableToSign, match="FEEDBACK_MAIL_DKIM_KEY_FILE"):
        write(signing)
