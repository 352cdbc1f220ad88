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
}

MOST_PROXIES = 10
SHORTEST_SECRET = 32
LANGUAGES = ("en", "ru", "uk")


class UnableToReadSettings(Exception):
    """A setting is unknown, malformed or missing; the message is one plain line."""


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

    `port` only shapes the default of FEEDBACK_BASE_URL. Creates the home folder and,
    where FEEDBACK_SECRET_KEY is absent, the secret kept in it.

    Raises UnableToReadSettings with one line that names the setting and what to do.
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
        proxies=_whole_number("FEEDBACK_PROXIES", given.get("FEEDBACK_PROXIES") or "0"),
        company=given.get("FEEDBACK_COMPANY", ""),
        language=_language(given.get("FEEDBACK_LANGUAGE") or "en"),
    )


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


def _whole_number(name: str, text: str) -> int:
    if not text.isdecimal() or int(text) > MOST_PROXIES:
        raise UnableToReadSettings(
            f"{name}: expected a whole number from 0 to {MOST_PROXIES}, got {text!r}"
        )
    return int(text)


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise UnableToReadSettings(
            f"FEEDBACK_LANGUAGE: expected one of {', '.join(LANGUAGES)}, got {code!r}"
        )
    return code


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
