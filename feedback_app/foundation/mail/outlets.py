"""Where mails leave: an SMTP server over one connection, or a folder of .eml files.

An SMTP delivery has two halves with a promise between them. Before the text is sent,
`before_text` is asked: whoever calls marks the mail "in doubt" there. Until then a failure
means "not sent"; from then on a lost connection means "nobody knows".
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from config import MailSettings, Settings
from feedback_app.foundation.mail.message import Mail
from feedback_app.foundation.rules import Unable

FOLDER = "mail"
IDLE_SECONDS = 10  # a connection that rested longer is asked whether it still lives
OK, START_TEXT, FIRST_PERMANENT = 250, 354, 500
_DOT = re.compile(rb"(?m)^\.")
_ENHANCED = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}")

BeforeText = Callable[[], bool]


class UnableToSendMail(Unable):
    """A mail could not be sent; the message says which step failed and what to look at."""


class UnableToReachServer(UnableToSendMail):
    """The SMTP server can not be used at all: no mail is to blame."""


class Verdict(StrEnum):
    """What became of one mail."""

    SENT = "sent"
    REFUSED = "refused"  # 5xx: for good
    LATER = "later"  # 4xx, or the connection was lost before the text: try again
    UNKNOWN = "unknown"  # the connection was lost after the text began
    SKIPPED = "skipped"  # before_text said no


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verdict and the server's code with its enhanced status, such as "550 5.1.1"."""

    verdict: Verdict
    reply: str = ""


class Outlet(Protocol):
    """A way out for mails."""

    def deliver(self, mail: Mail, before_text: BeforeText) -> Delivery:
        """Hand one mail over. Raises UnableToReachServer when none can leave."""

    def close(self) -> None:
        """Let go of the connection; the next delivery opens another one."""


class FolderOutlet:
    """Writes .eml files: what is sent twice is written once, because its name is its key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, mail: Mail, before_text: BeforeText) -> Delivery:
        """Write the mail; the file appears whole or not at all."""
        if not before_text():
            return Delivery(Verdict.SKIPPED)
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

    def deliver(self, mail: Mail, before_text: BeforeText) -> Delivery:
        """Envelope, question, text. See the module about what a failure means where."""
        server = self._connected()
        self._used_at = time.monotonic()
        refusal = self._offer(server, mail)
        if refusal is not None:
            return refusal
        # Outside of every `try`: a failure of the caller's is the caller's.
        if not before_text():
            self._reset()
            return Delivery(Verdict.SKIPPED)
        return self._announce(server) or self._send_text(server, mail.content)

    def _offer(self, server: smtplib.SMTP, mail: Mail) -> Delivery | None:
        """Sender and recipient; None when both are welcome."""
        try:
            to, return_path = _spell_for_envelope(mail.to), _spell_for_envelope(mail.return_path)
        except UnicodeError:
            return Delivery(Verdict.REFUSED, "553 5.6.7")
        try:
            code, said = server.mail(return_path)
            if code != OK:
                server.rset()
                # Not the recipient's fault: it must not count as a bounce.
                return Delivery(Verdict.LATER, f"sender {_status(code, said)}")
            code, said = server.rcpt(to)
            if code not in (OK, OK + 1):
                server.rset()
                return _judge(code, said)
        except (OSError, smtplib.SMTPException):
            self.close()
            return Delivery(Verdict.LATER, "connection lost")
        return None

    def _announce(self, server: smtplib.SMTP) -> Delivery | None:
        """Say that the text comes; None when it may."""
        try:
            code, said = server.docmd("DATA")
        except (OSError, smtplib.SMTPException):
            self.close()
            return Delivery(Verdict.LATER, "connection lost")
        if code == START_TEXT:
            return None
        self._reset()
        return _judge(code, said)

    def _send_text(self, server: smtplib.SMTP, content: bytes) -> Delivery:
        """From the first byte of the text on, a lost connection leaves the mail in doubt."""
        try:
            server.send(_DOT.sub(b"..", content) + b".\r\n")
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


def connect(settings: MailSettings) -> smtplib.SMTP:
    """A connection that is ready for mails. Raises UnableToReachServer saying which step failed."""
    place = f"{settings.host}:{settings.port}"
    trust = ssl.create_default_context()
    try:
        server: smtplib.SMTP = (
            smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout, context=trust)
            if settings.security == "tls"
            else smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
        )
    except ssl.SSLError as error:
        raise UnableToReachServer(
            f"{place} and we do not agree on TLS ({error.reason})."
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise UnableToReachServer(
            f"{place} can not be reached ({_reason(error)}): check FEEDBACK_MAIL_HOST and "
            "FEEDBACK_MAIL_PORT, and that the server answers from here."
        ) from error
    try:
        _greet(server, settings, trust)
    except BaseException:
        server.close()
        raise
    return server


def _greet(server: smtplib.SMTP, settings: MailSettings, trust: ssl.SSLContext) -> None:
    place = f"{settings.host}:{settings.port}"
    try:
        server.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            if not server.has_extn("starttls"):
                raise UnableToReachServer(
                    f"{place} offers no STARTTLS: set FEEDBACK_MAIL_SECURITY to tls or none."
                )
            server.starttls(context=trust)
            server.ehlo()
    except ssl.SSLError as error:
        raise UnableToReachServer(
            f"The certificate of {place} is not trusted ({error.reason})."
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise UnableToReachServer(f"{place} ends the greeting ({_reason(error)}).") from error
    if settings.user:
        assert settings.password_file is not None
        password = settings.password_file.read_text("utf-8").partition("\n")[0].strip()
        try:
            server.login(settings.user, password)
        except (OSError, smtplib.SMTPException) as error:
            raise UnableToReachServer(
                f"{place} does not let {settings.user} in ({_reason(error)}): check "
                "FEEDBACK_MAIL_USER and the file of FEEDBACK_MAIL_PASSWORD_FILE."
            ) from error


def make_outlet(settings: Settings) -> Outlet:
    """The way out that the settings name."""
    if settings.mail.is_folder:
        return FolderOutlet(settings.home / FOLDER)
    return SmtpOutlet(settings.mail)


def send_now(settings: Settings, mail: Mail) -> str:
    """Send one mail at once; where it went, in words. Raises UnableToSendMail."""
    outlet = make_outlet(settings)
    try:
        delivery = outlet.deliver(mail, lambda: True)
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
    """The address in ASCII; raises UnicodeError when its local part has other letters."""
    local, at, domain = address.rpartition("@")
    local.encode("ascii")
    return f"{local}{at}{domain.encode('idna').decode('ascii')}" if at else domain


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it says {error.smtp_code}"
    strerror = getattr(error, "strerror", None)
    return str(strerror or type(error).__name__)
