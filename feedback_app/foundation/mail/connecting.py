"""A connection to the SMTP server that is ready for mails, or in words why there is none."""

from __future__ import annotations

import smtplib
import ssl

from config import MailSettings
from feedback_app.foundation.rules import Unable


class UnableToSendMail(Unable):
    """A mail could not be sent; the message says which step failed and what to look at."""


class UnableToReachServer(UnableToSendMail):
    """The SMTP server can not be used at all: no mail is to blame."""


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


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it says {error.smtp_code}"
    strerror = getattr(error, "strerror", None)
    return str(strerror or type(error).__name__)
