"""One mail as bytes: multipart text and HTML, headers that scanners and clients expect.

Written with the parts of the standard library that are quick. email.message's modern policy
parses every header it is given, which costs more than the whole way through SMTP.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.header import Header
from email.utils import formatdate, parseaddr
from functools import lru_cache
from textwrap import TextWrapper

from config import MailSettings

#: A subject of ASCII letters that is shorter stands in its header as it is.
LONGEST_LINE = 60
QUOTED = "quoted-printable"
LONGEST_READABLE = 240  # letters of a line, of up to four bytes each
_FOLDER = TextWrapper(LONGEST_READABLE, break_long_words=False, break_on_hyphens=False)
SHORT = 42  # bytes that fit into one encoded word of 75 letters
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_SPECIAL = re.compile(r'[()<>@,:;".\[\]\\]')
#: Signed by DKIM, so that nobody on the way can change the sender or the way to unsubscribe.
_SIGNED = (
    *(b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type"),
    *(b"reply-to", b"list-unsubscribe", b"list-unsubscribe-post", b"auto-submitted"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says: one line of subject, the text, the same as HTML."""

    subject: str
    text: str
    html: str
    language: str


@dataclass(frozen=True, slots=True)
class QuotedWords:
    """The same with text and HTML in quoted-printable already, as FormLetter fills them in.

    Unless `is_text_readable`: then the text is as `keep_readable` leaves it.
    """

    subject: str
    text: bytes
    html: bytes
    language: str
    is_text_readable: bool = False


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a mail goes. `key` is unique to the mail; `return_path` "" is the sender's own."""

    key: str
    to: str
    name: str = ""
    unsubscribe_url: str = ""
    return_path: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is ready to leave. `message_id` without angle brackets; `key` is unique.

    `return_path` is the envelope's sender, where bounces go. `content` is CRLF-ended bytes.
    """

    key: str
    return_path: str
    to: str
    content: bytes = field(repr=False)


def write_mail(
    settings: MailSettings,
    addressee: Addressee,
    words: Words | QuotedWords,
) -> Mail:
    """Put a mail together. The same key gives the same Message-ID, however often it is sent.

    Line ends and control letters in the subject and the name become spaces, so no header can be
    smuggled in through them.
    """
    sender = _address_of(settings.sender)
    boundary = f"=_{addressee.key}"
    headers = [
        ("From", _same_mailbox(settings.sender)),
        ("To", _mailbox(addressee.name, addressee.to)),
        ("Subject", _encode(words.subject)),
        ("Date", formatdate()),
        ("Message-ID", f"<{addressee.key}@{domain_of(sender)}>"),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
        ("Content-Language", words.language),
        ("Auto-Submitted", "auto-generated"),
    ]
    if settings.reply_to:
        headers.append(("Reply-To", _same_mailbox(settings.reply_to)))
    if addressee.unsubscribe_url:
        headers += [
            ("List-Unsubscribe", f"<{addressee.unsubscribe_url}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
    if isinstance(words, Words):
        words = quote_words(words, is_text_readable=settings.is_folder)
    encoding = "8bit" if words.is_text_readable else QUOTED
    head = "".join(f"{field_name}: {value}\r\n" for field_name, value in headers).encode("ascii")
    start = f"--{boundary}\r\n".encode()
    content = b"".join(
        (
            *(head, b"\r\n", start, _part("plain", words.text, encoding)),
            *(start, _part("html", words.html, QUOTED), f"--{boundary}--\r\n".encode()),
        )
    )
    if settings.dkim_selector:
        content = _sign(settings, content, domain_of(sender)) + content
    return Mail(addressee.key, addressee.return_path or sender, addressee.to, content)


def domain_of(address: str) -> str:
    """What stands behind the @, in small letters; "localhost" when nothing does."""
    return address.rpartition("@")[2].rstrip(">").lower() or "localhost"


def bounce_address(settings: MailSettings, key: str) -> str:
    """The return path that names the mail `key` (VERP); "" when no bounce mailbox is set."""
    if not settings.bounces:
        return ""
    local, _, domain = _address_of(settings.bounces).rpartition("@")
    return f"{local}+{key}@{domain}"


class FormLetter:
    """A text for many mails: in quoted-printable once and for all, but for the places in it.

    `places` finds them; its one group is a place's name.
    """

    def __init__(self, text: str, places: re.Pattern[str]) -> None:
        pieces = places.split(text)
        self._pieces: list[bytes | str] = [
            name if number % 2 else quote(name)
            for number, name in enumerate(pieces)
            if number % 2 or name
        ]

    def fill(self, values: Mapping[str, bytes]) -> bytes:
        """The text with the quoted `values` in its places; each piece ends with a soft break."""
        return b"=\r\n".join(
            values[each] if isinstance(each, str) else each for each in self._pieces
        )


def quote(text: str) -> bytes:
    """Quoted-printable with CRLF."""
    # Line feeds throughout, then CRLF throughout: b2a_qp guesses line ends from the first one.
    plain = text.replace("\r\n", "\n").encode()
    return binascii.b2a_qp(plain, istext=True, header=False).replace(b"\n", b"\r\n")


def quote_words(words: Words, *, is_text_readable: bool) -> QuotedWords:
    """The words as they stand in a mail."""
    return QuotedWords(
        words.subject,
        keep_readable(words.text) if is_text_readable else quote(words.text),
        quote(words.html),
        words.language,
        is_text_readable,
    )


def keep_readable(text: str) -> bytes:
    """The text in UTF-8 with every link whole, for files that people open to copy one.

    What goes to a server is quoted instead: on its way a mail may meet one that knows no eight
    bits, and a signature would break. Lines are folded between words; a mail's may have 998
    bytes.
    """
    lines = (
        folded
        for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for folded in (_FOLDER.wrap(line) if len(line) > LONGEST_READABLE else [line])
    )
    return "\r\n".join(lines).encode()


def _part(kind: str, content: bytes, encoding: str) -> bytes:
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n"


@lru_cache(256)
def _encode(text: str) -> str:
    plain = _UNSAFE.sub(" ", text).strip()
    if plain.isascii() and len(plain) < LONGEST_LINE and "=?" not in plain:
        return plain
    return _as_words(plain)


def _as_words(plain: str) -> str:
    octets = plain.encode()
    if len(octets) <= SHORT:  # one encoded word, which needs no folding
        return f"=?utf-8?b?{base64.b64encode(octets).decode()}?="
    return Header(plain, "utf-8", maxlinelen=72).encode(linesep="\r\n")


@lru_cache(16)
def _address_of(mailbox: str) -> str:
    return parseaddr(mailbox)[1]


@lru_cache(16)
def _same_mailbox(mailbox: str) -> str:
    """A mailbox that every mail names: read once, for reading one costs much."""
    return _mailbox(*parseaddr(mailbox))


def _mailbox(name: str, address: str) -> str:
    plain = _UNSAFE.sub(" ", name).strip()
    if not plain:
        return _UNSAFE.sub("", address)
    if plain.isascii() and "=?" not in plain:
        safe = plain.replace("\\", "\\\\").replace('"', '\\"')
        words = f'"{safe}"' if _SPECIAL.search(plain) else plain
    else:
        words = _as_words(plain)
    return f"{words} <{_UNSAFE.sub('', address)}>"


def _sign(settings: MailSettings, content: bytes, domain: str) -> bytes:
    from feedback_app.foundation.mail.signing import sign

    return sign(settings, content, domain, headers=_SIGNED)
