"""Settings: read from the environment once, checked whole, frozen.

A setting that nobody knows, or one that makes no sense, stops the start with one
plain line (`UnableToReadSettings`); nothing is guessed and nothing is ignored.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "FEEDBACK_"

#: Every setting with its one-line meaning: the documentation and the check for
#: unknown names both read this table.
SETTINGS: dict[str, str] = {
    "FEEDBACK_HOME": "folder of the embedded database, keys and secret (default: .feedback here)",
    "FEEDBACK_KEYS": "folder of the batch keys, readable by the worker only (default: HOME/keys)",
    "FEEDBACK_DATABASE_URL": "sqlite:///… or postgresql://… (default: embedded SQLite in HOME)",
    "FEEDBACK_REPORTS_DATABASE_URL": "a read replica that reports read (default: the database)",
    "FEEDBACK_BASE_URL": "public address that every link is built from",
    "FEEDBACK_SECRET_KEY": "signs forms and sessions (default: made and kept in HOME)",
    "FEEDBACK_TRUSTED_HOSTS": "host names that may be asked for, by commas (default: BASE_URL's)",
    "FEEDBACK_PROXIES": "how many reverse proxies stand in front (default: 0)",
    "FEEDBACK_COMPANY": "the company's name as respondents read it",
    "FEEDBACK_LANGUAGE": "language of pages when the reader names none: en, ru or uk",
    "FEEDBACK_BUSY_FROM": "answers a minute from which senders prove work (default: 120; 0 always)",
    "FEEDBACK_SESSION_STREAMS": "live streams one page server process holds (default: 16; 0: none)",
    "FEEDBACK_TAGGER_MODEL": "a sentence-transformers model beside the tagger (default: none)",
    "FEEDBACK_MAIL_HOST": "SMTP server; without one mails are written to HOME/mail",
    "FEEDBACK_MAIL_PORT": "its port (default: 587, 465 with tls, 25 with none)",
    "FEEDBACK_MAIL_SECURITY": "starttls (default), tls or none",
    "FEEDBACK_MAIL_USER": "name to sign in to the SMTP server with",
    "FEEDBACK_MAIL_PASSWORD_FILE": "file whose first line is that name's password",
    "FEEDBACK_MAIL_FROM": "sender that recipients read: address, or Name <address>",
    "FEEDBACK_MAIL_REPLY_TO": "address that replies go to (default: the sender)",
    "FEEDBACK_MAIL_BOUNCES": "mailbox address for bounces; name+id@… becomes the return path",
    "FEEDBACK_MAIL_BOUNCES_INBOX": "where they are read: a maildir or imaps://user@host/folder",
    "FEEDBACK_MAIL_BOUNCES_PASSWORD_FILE": "file whose first line is that mailbox's password",
    "FEEDBACK_MAIL_RATE": "most mails a minute from one worker (default: 0, no limit)",
    "FEEDBACK_MAIL_DOMAIN_RATE": "most mails a minute to one recipient domain (default: 0)",
    "FEEDBACK_MAIL_TIMEOUT": "seconds to wait for the SMTP server (default: 60)",
    "FEEDBACK_MAIL_DKIM_SELECTOR": "sign with DKIM under this selector (needs dkimpy)",
    "FEEDBACK_MAIL_DKIM_KEY_FILE": "private key of the DKIM signature, PEM",
}

MOST_PROXIES, LAST_PORT, MOST_MAILS_A_MINUTE = 10, 65535, 100_000
USUAL_BUSY_FROM = 120  # answers a minute
LONGEST_MAIL_TIMEOUT, SHORTEST_SECRET = 600, 32
LOCAL_SENDER = "feedback@localhost"
USUAL_MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}
#: English and every language with a compiled catalogue (docs/translations.md).
_CATALOGUES = Path(__file__).parent / "feedback_app" / "translations"
LANGUAGES = (
    "en",
    *sorted(path.parent.parent.name for path in _CATALOGUES.glob("*/LC_MESSAGES/messages.mo")),
)


class UnableToReadSettings(Exception):
    """A setting is unknown, malformed or missing; the message is one plain line."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail leaves. Rates are mails a minute of all workers, 0 for no limit; timeout in s."""

    host: str = ""
    port: int = 0
    security: str = "starttls"
    user: str = ""
    password_file: Path | None = None
    sender: str = LOCAL_SENDER
    reply_to: str = ""
    bounces: str = ""
    bounces_inbox: str = ""
    bounces_password_file: Path | None = None
    rate: int = 0
    domain_rate: int = 0
    timeout: int = 60
    dkim_selector: str = ""
    dkim_key_file: Path | None = None

    @property
    def is_folder(self) -> bool:
        """True when mails are written to HOME/mail instead of being sent."""
        return not self.host


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment decides. Paths are absolute; URLs are checked."""

    home: Path
    keys: Path
    database_url: str
    reports_database_url: str
    base_url: str
    secret_key: str = field(repr=False)
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    company: str = ""
    language: str = "en"
    tagger_model: str = ""
    busy_from: int = USUAL_BUSY_FROM
    session_streams: int = 0
    mail: MailSettings = field(default_factory=MailSettings)

    @property
    def is_embedded(self) -> bool:
        """True when the database is the SQLite file that needs no server."""
        return self.database_url.startswith("sqlite")

    @property
    def is_served_over_https(self) -> bool:
        """True when the public address is https, so cookies may insist on it."""
        return self.base_url.startswith("https://")


def load_settings(environ: Mapping[str, str], *, port: int = 8000) -> Settings:
    """Read and check all settings.

    `port` only shapes the default of FEEDBACK_BASE_URL. Creates the home folder and, where
    FEEDBACK_SECRET_KEY is absent, the secret kept in it. Raises UnableToReadSettings.
    """
    given = {name: value.strip() for name, value in environ.items() if name.startswith(PREFIX)}
    unknown = sorted(set(given) - set(SETTINGS))
    if unknown:
        raise UnableToReadSettings(
            f"Unknown setting {unknown[0]}. Known settings: {', '.join(sorted(SETTINGS))}."
        )
    home = Path(given.get("FEEDBACK_HOME") or ".feedback").expanduser().absolute()
    _make_home(home)
    database_url = _database_url(
        "FEEDBACK_DATABASE_URL",
        given.get("FEEDBACK_DATABASE_URL") or f"sqlite:///{home / 'feedback.sqlite3'}",
    )
    base_url = _base_url(given.get("FEEDBACK_BASE_URL") or f"http://127.0.0.1:{port}")
    return Settings(
        home=home,
        keys=Path(given.get("FEEDBACK_KEYS") or home / "keys").expanduser().absolute(),
        database_url=database_url,
        reports_database_url=_database_url(
            "FEEDBACK_REPORTS_DATABASE_URL",
            given.get("FEEDBACK_REPORTS_DATABASE_URL") or database_url,
        ),
        base_url=base_url,
        secret_key=_secret_key(given.get("FEEDBACK_SECRET_KEY", ""), home),
        trusted_hosts=_trusted_hosts(given.get("FEEDBACK_TRUSTED_HOSTS", ""), base_url),
        proxies=_whole_number(given, "FEEDBACK_PROXIES", most=MOST_PROXIES),
        company=given.get("FEEDBACK_COMPANY", ""),
        language=_one_of("FEEDBACK_LANGUAGE", given.get("FEEDBACK_LANGUAGE") or "en", LANGUAGES),
        tagger_model=given.get("FEEDBACK_TAGGER_MODEL", ""),
        busy_from=_whole_number(given, "FEEDBACK_BUSY_FROM", most=10**6, default=USUAL_BUSY_FROM),
        session_streams=_whole_number(given, "FEEDBACK_SESSION_STREAMS", most=200, default=16),
        mail=_mail(given),
    )


def _mail(given: Mapping[str, str]) -> MailSettings:
    security = _one_of(
        "FEEDBACK_MAIL_SECURITY",
        given.get("FEEDBACK_MAIL_SECURITY") or "starttls",
        tuple(USUAL_MAIL_PORTS),
    )
    host = given.get("FEEDBACK_MAIL_HOST", "")
    sender = _address(given, "FEEDBACK_MAIL_FROM")
    if host and not sender:
        raise UnableToReadSettings("FEEDBACK_MAIL_FROM: say which address mails come from.")
    _both_or_neither(given, "FEEDBACK_MAIL_USER", "FEEDBACK_MAIL_PASSWORD_FILE")
    _both_or_neither(given, "FEEDBACK_MAIL_DKIM_SELECTOR", "FEEDBACK_MAIL_DKIM_KEY_FILE")
    usual_port = USUAL_MAIL_PORTS[security]
    return MailSettings(
        host=host,
        port=_whole_number(given, "FEEDBACK_MAIL_PORT", most=LAST_PORT, default=usual_port),
        security=security,
        user=given.get("FEEDBACK_MAIL_USER", ""),
        password_file=_file(given, "FEEDBACK_MAIL_PASSWORD_FILE"),
        sender=sender or LOCAL_SENDER,
        reply_to=_address(given, "FEEDBACK_MAIL_REPLY_TO"),
        bounces=_address(given, "FEEDBACK_MAIL_BOUNCES"),
        bounces_inbox=given.get("FEEDBACK_MAIL_BOUNCES_INBOX", ""),
        bounces_password_file=_file(given, "FEEDBACK_MAIL_BOUNCES_PASSWORD_FILE"),
        rate=_whole_number(given, "FEEDBACK_MAIL_RATE", most=MOST_MAILS_A_MINUTE),
        domain_rate=_whole_number(given, "FEEDBACK_MAIL_DOMAIN_RATE", most=MOST_MAILS_A_MINUTE),
        timeout=_whole_number(
            given, "FEEDBACK_MAIL_TIMEOUT", most=LONGEST_MAIL_TIMEOUT, least=1, default=60
        ),
        dkim_selector=given.get("FEEDBACK_MAIL_DKIM_SELECTOR", ""),
        dkim_key_file=_file(given, "FEEDBACK_MAIL_DKIM_KEY_FILE"),
    )


def _both_or_neither(given: Mapping[str, str], one: str, other: str) -> None:
    if bool(given.get(one)) != bool(given.get(other)):
        raise UnableToReadSettings(f"{one} and {other}: give both or neither.")


def _address(given: Mapping[str, str], name: str) -> str:
    text = given.get(name, "")
    _display, address = parseaddr(text)
    is_address = address.count("@") == 1 and all(address.split("@")) and address.isprintable()
    if text and (not is_address or " " in address or not text.isprintable()):
        raise UnableToReadSettings(f"{name}: expected an e-mail address, got {text!r}")
    return text


def _file(given: Mapping[str, str], name: str) -> Path | None:
    if not given.get(name):
        return None
    path = Path(given[name]).expanduser().absolute()
    if not path.is_file() or not os.access(path, os.R_OK):
        raise UnableToReadSettings(f"{name}: the file {path} can not be read")
    return path


def _make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UnableToReadSettings(
            f"FEEDBACK_HOME: the folder {home} can not be written ({error.strerror}); "
            "name another folder or change its permissions."
        ) from error


def _database_url(name: str, url: str) -> str:
    if url.startswith("sqlite:///"):
        return url
    for scheme in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    raise UnableToReadSettings(f"{name}: expected sqlite:///… or postgresql://…")


def _base_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise UnableToReadSettings(
            "FEEDBACK_BASE_URL: expected an address like https://feedback.example.com"
        )
    return url.rstrip("/")


def _trusted_hosts(names: str, base_url: str) -> tuple[str, ...]:
    given = tuple(name.strip() for name in names.split(",") if name.strip())
    if given:
        return given
    host = urlsplit(base_url).hostname or ""
    local = ("127.0.0.1", "localhost", "[::1]")
    return local if host in ("127.0.0.1", "localhost", "::1") else (host,)


def _whole_number(
    given: Mapping[str, str], name: str, *, most: int, least: int = 0, default: int = 0
) -> int:
    text = given.get(name) or str(default)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise UnableToReadSettings(
            f"{name}: expected a whole number from {least} to {most}, got {text!r}"
        )
    return int(text)


def _one_of(name: str, word: str, words: tuple[str, ...]) -> str:
    if word not in words:
        raise UnableToReadSettings(f"{name}: expected one of {', '.join(words)}, got {word!r}")
    return word


def _secret_key(given: str, home: Path) -> str:
    if given:
        if len(given) < SHORTEST_SECRET:
            raise UnableToReadSettings(
                f"FEEDBACK_SECRET_KEY: expected {SHORTEST_SECRET} characters or more"
            )
        return given
    path = home / "secret-key"
    if not path.exists():
        # Written aside and linked: of two processes that start at once one wins, none reads half.
        aside = home / f".secret-key-{secrets.token_hex(4)}"
        with open(aside, "x", encoding="ascii", opener=_private) as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            path.hardlink_to(aside)
        aside.unlink()
    return path.read_text(encoding="ascii").strip()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
