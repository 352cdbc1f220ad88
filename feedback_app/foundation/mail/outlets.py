"""Where mails leave: an SMTP server over one connection, or a folder of .eml files.

An SMTP delivery has two halves with a promise between them. `may_leave` is asked while the
server looks at the recipient, and `text_begins` is told before the first byte of the text.
Until then a failure means "not sent"; from then on a lost connection means "nobody knows".
"""

from __future__ import annotations

import os
import re
import smtplib
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from config import MailSettings, Settings
from feedback_app.foundation.mail.connecting import (
    UnableToReachServer,
    UnableToSendMail,
    connect,
)
from feedback_app.foundation.mail.message import Mail

FOLDER = "mail"
IDLE_SECONDS = 10  # a connection that rested longer is asked whether it still lives
OK, START_TEXT, FIRST_PERMANENT = 250, 354, 500
_UNSPEAKABLE = re.compile(r"[\x00-\x20<>\x7f]")
_DOT = re.compile(rb"(?m)^\.")
_ENHANCED = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}")


def _do_nothing() -> None:
    """What happens at a turn that nobody cares for."""


@dataclass(frozen=True, slots=True)
class Turns:
    """What the sender does at the turns of a delivery.

    `may_leave` says whether the mail is still wanted; `text_begins` comes right before the
    text; `meanwhile` has work to do while the server takes the text, and raises nothing.
    """

    may_leave: Callable[[], bool]
    text_begins: Callable[[], None] = _do_nothing
    meanwhile: Callable[[], None] = _do_nothing


class Verdict(StrEnum):
    """What became of one mail."""

    SENT = "sent"
    REFUSED = "refused"  # 5xx: for good
    LATER = "later"  # 4xx, or the connection was lost before the text: try again
    UNKNOWN = "unknown"  # the connection was lost after the text began
    SKIPPED = "skipped"  # may_leave said no


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verdict and the server's code with its enhanced status, such as "550 5.1.1"."""

    verdict: Verdict
    reply: str = ""


class Outlet(Protocol):
    """A way out for mails."""

    def deliver(self, mail: Mail, turns: Turns) -> Delivery:
        """Hand one mail over. Raises UnableToReachServer when none can leave."""

    def close(self) -> None:
        """Let go of the connection; the next delivery opens another one."""


class FolderOutlet:
    """Writes .eml files: what is sent twice is written once, because its name is its key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, mail: Mail, turns: Turns) -> Delivery:
        """Write the mail; the file appears whole or not at all."""
        if not turns.may_leave():
            return Delivery(Verdict.SKIPPED)
        turns.text_begins()
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside = self.folder / f".{mail.key}.partial"
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(mail.content)
            aside.replace(self.folder / f"{mail.key}.eml")
        except OSError as error:
            raise UnableToReachServer(
                f"No mail can be written to {self.folder} ({error.strerror})."
            ) from error
        return Delivery(Verdict.SENT, "250 folder")

    def close(self) -> None:
        """Nothing is held."""


class SmtpOutlet:
    """One connection to the SMTP server, opened when needed and used for mail after mail."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self._server: smtplib.SMTP | None = None
        self._used_at = 0.0

    def deliver(self, mail: Mail, turns: Turns) -> Delivery:
        """Envelope, question, text. See the module about what a failure means where."""
        server = self._connected()
        self._used_at = time.monotonic()
        try:
            to, return_path = _spell_for_envelope(mail.to), _spell_for_envelope(mail.return_path)
        except UnicodeError:
            return Delivery(Verdict.REFUSED, "553 5.6.7")
        is_wanted = False

        def ask() -> None:
            nonlocal is_wanted
            is_wanted = turns.may_leave()

        refusal = self._offer(server, return_path, to, ask)
        if refusal is None and not is_wanted:
            self._reset()
            return Delivery(Verdict.SKIPPED)
        return refusal or self._announce(server) or self._send_text(server, mail.content, turns)

    def _offer(
        self, server: smtplib.SMTP, return_path: str, to: str, ask: Callable[[], None]
    ) -> Delivery | None:
        """Sender and recipient; None when both are welcome. `ask` has its turn meanwhile."""
        sender, recipient = f"MAIL FROM:<{return_path}>\r\n", f"RCPT TO:<{to}>\r\n"
        is_pipelining = server.has_extn("pipelining")  # RFC 2920: no need to wait in between
        try:
            server.send(sender + recipient if is_pipelining else sender)
            if not is_pipelining:
                refusal = self._judge_sender(server, *server.getreply())
                if refusal is not None:
                    return refusal
                server.send(recipient)
        except (OSError, smtplib.SMTPException):
            return self._lose()
        ask()  # outside of every `try`: a failure of the caller's is the caller's
        try:
            first = server.getreply() if is_pipelining else (OK, b"")
            code, said = server.getreply()
            refusal = self._judge_sender(server, *first)
            if refusal is None and code not in (OK, OK + 1):
                server.rset()
                refusal = _judge(code, said)
        except (OSError, smtplib.SMTPException):
            return self._lose()
        return refusal

    def _judge_sender(self, server: smtplib.SMTP, code: int, said: bytes) -> Delivery | None:
        if code == OK:
            return None
        server.rset()
        # Not the recipient's fault: it must not count as a bounce.
        return Delivery(Verdict.LATER, f"sender {_status(code, said)}")

    def _lose(self) -> Delivery:
        self.close()
        return Delivery(Verdict.LATER, "connection lost")

    def _announce(self, server: smtplib.SMTP) -> Delivery | None:
        """Say that the text comes; None when it may."""
        try:
            code, said = server.docmd("DATA")
        except (OSError, smtplib.SMTPException):
            return self._lose()
        if code == START_TEXT:
            return None
        self._reset()
        return _judge(code, said)

    def _send_text(self, server: smtplib.SMTP, content: bytes, turns: Turns) -> Delivery:
        """From the first byte of the text on, a lost connection leaves the mail in doubt."""
        text = (_DOT.sub(b"..", content) if b"\n." in content else content) + b".\r\n"
        turns.text_begins()
        try:
            server.send(text)
        except (OSError, smtplib.SMTPException):
            self.close()
            return Delivery(Verdict.UNKNOWN, "reply lost")
        turns.meanwhile()
        try:
            code, said = server.getreply()
        except (OSError, smtplib.SMTPException):
            self.close()
            return Delivery(Verdict.UNKNOWN, "reply lost")
        if code != OK:
            self._reset()
        return _judge(code, said)

    def close(self) -> None:
        """Hang up, politely if the server still listens."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                if server.sock is not None:
                    server.sock.settimeout(1)
                server.quit()
            server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None and time.monotonic() - self._used_at > IDLE_SECONDS:
            with suppress(OSError, smtplib.SMTPException):
                if self._server.noop()[0] == OK:
                    return self._server
            self.close()
        if self._server is None:
            self._server = connect(self.settings)
        return self._server

    def _reset(self) -> None:
        """Forget the mail that was begun, so that the next one starts afresh."""
        if self._server is None:
            return
        try:
            is_usable = self._server.rset()[0] == OK
        except (OSError, smtplib.SMTPException):
            is_usable = False
        if not is_usable:
            self.close()


def make_outlet(settings: Settings) -> Outlet:
    """The way out that the settings name."""
    if settings.mail.is_folder:
        return FolderOutlet(settings.home / FOLDER)
    return SmtpOutlet(settings.mail)


def send_now(settings: Settings, mail: Mail) -> str:
    """Send one mail at once; where it went, in words. Raises UnableToSendMail."""
    outlet = make_outlet(settings)
    try:
        delivery = outlet.deliver(mail, Turns(lambda: True))
    finally:
        outlet.close()
    if delivery.verdict is not Verdict.SENT:
        raise UnableToSendMail(
            f"{settings.mail.host} did not take the mail to {mail.to}: {delivery.reply}."
        )
    if settings.mail.is_folder:
        return str(settings.home / FOLDER / f"{mail.key}.eml")
    return f"{settings.mail.host}:{settings.mail.port}"


def _judge(code: int, said: bytes) -> Delivery:
    if code == OK:
        return Delivery(Verdict.SENT, _status(code, said))
    verdict = Verdict.REFUSED if code >= FIRST_PERMANENT else Verdict.LATER
    return Delivery(verdict, _status(code, said))


def _status(code: int, said: bytes) -> str:
    """The numbers alone: what a server says in words may name the recipient."""
    enhanced = _ENHANCED.match(said.decode("ascii", "replace"))
    return f"{code} {enhanced[0]}" if enhanced else str(code)


def _spell_for_envelope(address: str) -> str:
    """The address in ASCII; raises UnicodeError when it can not be said to a server."""
    local, at, domain = address.rpartition("@")
    local.encode("ascii")
    if _UNSPEAKABLE.search(address):
        raise UnicodeError("not an address")
    return f"{local}{at}{domain.encode('idna').decode('ascii')}" if at else domain
