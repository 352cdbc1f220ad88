"""Which pages may show a survey in a frame, and the tickets of a company's own "cancel" flow.

A ticket is `<id>.<expires>.<signature>`: an identifier that the company makes up and uses once,
the second (Unix time) from which it is good no more, and an HMAC-SHA256 over both and the
survey's slug. It says that the company's own system let somebody in, and nothing of who it is.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit
from uuid import UUID

from feedback_app.foundation.rules import N_, Unable

MOST_ORIGINS = 20
LONGEST_ORIGIN = 200
#: A ticket may be good for so long: its use is remembered until it is certainly good no more.
MOST_SECONDS = 45 * 86_400
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
_HOST = re.compile(r"(?:\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[::1\]")
_TICKET = re.compile(r"([A-Za-z0-9_-]{16,64})\.(\d{10})\.([0-9a-f]{64})")


class UnableToEmbed(Unable):
    """A survey can not be embedded so; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket that this survey's key has signed."""

    id: str
    expires_at: datetime

    @property
    def expires_on(self) -> date:
        """The day it ends on."""
        return self.expires_at.date()


def read_origins(text: str) -> tuple[str, ...]:
    """Origins by lines or spaces, each in its one spelling. Raises UnableToEmbed."""
    found = tuple(dict.fromkeys(_read_origin(word) for word in text.split()))
    if len(found) > MOST_ORIGINS:
        raise UnableToEmbed(N_("At most %(most)s sites can show a survey."), most=MOST_ORIGINS)
    return found


def _read_origin(word: str) -> str:
    try:
        parts = urlsplit(word.lower().rstrip("/"))
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        parts, port = urlsplit(""), ""
    host = parts.netloc.removesuffix(port)
    is_whole = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL_HOSTS)
    if not (is_whole and is_safe and _HOST.fullmatch(host)) or len(word) > LONGEST_ORIGIN:
        raise UnableToEmbed(
            N_("“%(given)s” is no site: write it like https://www.example.com, without a path."),
            given=word[:80],
        )
    return f"{parts.scheme}://{host}{port}"


def is_allowed(origin: str, origins: Sequence[str]) -> bool:
    """True when a page of `origin` may show the survey. `*.` stands for any name below."""
    scheme, _, host = origin.lower().partition("://")
    for each in origins:
        its_scheme, _, its_host = each.partition("://")
        below = its_host.removeprefix("*")
        if scheme == its_scheme and (
            host == its_host or (below != its_host and host.endswith(below))
        ):
            return True
    return False


def ticket_key(secret: str, survey_id: UUID, number: int) -> str:
    """The key that the company signs tickets of a survey with: 64 hexadecimal digits.

    Derived, not stored. Another `number` is another key, and the old one is good no more.
    """
    message = f"tickets {survey_id} {number}".encode()
    return hmac.digest(secret.encode(), message, "sha256").hex()


def sign_ticket(key: str, slug: str, id_: str, expires: int) -> str:
    """The ticket, as the company's own system makes it."""
    message = f"{slug}.{id_}.{expires}".encode()
    return f"{id_}.{expires}.{hmac.digest(key.encode(), message, 'sha256').hex()}"


def read_ticket(ticket: str, *, key: str, slug: str, now: datetime) -> Ticket | None:
    """What a ticket says, None when it is forged, malformed or good for unreasonably long.

    One that is out of date comes back all the same: its page says so.
    """
    found = _TICKET.fullmatch(ticket)
    if found is None:
        return None
    id_, expires = found[1], int(found[2])
    if not hmac.compare_digest(sign_ticket(key, slug, id_, expires), ticket):
        return None
    if expires > now.timestamp() + MOST_SECONDS:
        return None
    return Ticket(id_, datetime.fromtimestamp(expires, UTC))
