"""Where bounces lie: a maildir or an IMAP mailbox. Reading moves a mail out of the way."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from config import MailSettings
from feedback_app.foundation.rules import Unable
from feedback_app.invitations.rules.bounces import LARGEST_BOUNCE

LARGEST = LARGEST_BOUNCE  # bytes read of one mail
IMAP_TLS_PORT, IMAP_PORT = 993, 143


class UnableToReadInbox(Unable):
    """The mailbox of bounces can not be read; the message says why."""


def read_inbox(settings: MailSettings) -> Iterator[bytes]:
    """Every unread mail of FEEDBACK_MAIL_BOUNCES_INBOX."""
    if urlsplit(settings.bounces_inbox).scheme in ("imaps", "imap"):
        return read_imap(settings)
    return read_maildir(settings.bounces_inbox)


def read_maildir(name: str) -> Iterator[bytes]:
    """New mails of a maildir. Each moves to `cur` once what it said is written down."""
    folder = Path(name).expanduser()
    if not (folder / "new").is_dir():
        raise UnableToReadInbox(f"{folder} is no maildir: it has no folder `new`.")
    return _read_files(folder)


def _read_files(folder: Path) -> Iterator[bytes]:
    for path in sorted((folder / "new").iterdir()):
        if not path.is_file():
            continue
        with path.open("rb") as file:
            content = file.read(LARGEST)
        yield content  # comes back here only after the caller has stored it
        (folder / "cur").mkdir(exist_ok=True)
        path.rename(folder / "cur" / f"{path.name.partition(':')[0]}:2,S")


def read_imap(settings: MailSettings) -> Iterator[bytes]:
    """Unseen mails of an IMAP folder. Each is marked as seen once it is written down."""
    parts = urlsplit(settings.bounces_inbox)
    host, user = parts.hostname or "", unquote(parts.username or "")
    folder = unquote(parts.path.lstrip("/")) or "INBOX"
    try:
        server = _connect(parts.scheme, host, parts.port, timeout=settings.timeout)
        server.login(user, _password(settings))
        if server.select(f'"{folder}"')[0] != "OK":
            raise UnableToReadInbox(f"{host} has no folder {folder!r}.")
        yield from _read_unseen(server)
        server.close()
        server.logout()
    except (OSError, imaplib.IMAP4.error) as error:
        raise UnableToReadInbox(
            f"FEEDBACK_MAIL_BOUNCES_INBOX: {host} can not be read "
            f"({getattr(error, 'strerror', None) or type(error).__name__})."
        ) from error


def _connect(scheme: str, host: str, port: int | None, *, timeout: int) -> imaplib.IMAP4:
    if scheme == "imaps":
        trust = ssl.create_default_context()
        return imaplib.IMAP4_SSL(host, port or IMAP_TLS_PORT, ssl_context=trust, timeout=timeout)
    return imaplib.IMAP4(host, port or IMAP_PORT, timeout=timeout)


def _read_unseen(server: imaplib.IMAP4) -> Iterator[bytes]:
    _answer, found = server.uid("SEARCH", "UNSEEN")
    for number in (found[0] or b"").split():
        _answer, parts = server.uid("FETCH", number.decode(), f"(BODY.PEEK[]<0.{LARGEST}>)")
        for part in parts:
            if isinstance(part, tuple):
                yield bytes(part[1])
        server.uid("STORE", number.decode(), "+FLAGS", "(\\Seen)")


def _password(settings: MailSettings) -> str:
    if settings.bounces_password_file is None:
        raise UnableToReadInbox("FEEDBACK_MAIL_BOUNCES_PASSWORD_FILE: name the password's file.")
    return settings.bounces_password_file.read_text("utf-8").partition("\n")[0].strip()
