"""Pure rules of invitations: one-time tokens, and which coarse segments they carry."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date

from feedback_app.ballots.rules import OTHER, coarsen
from feedback_app.foundation.rules import Unable

TOKEN_BYTES = 32
MOST_AT_ONCE = 100_000


class UnableToInvite(Unable):
    """Invitations can not be issued so; the message says why."""


def make_token() -> str:
    """A fresh token of 256 random bits, safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """What is stored of a token: SHA-256. 256 random bits need neither salt nor stretching."""
    return hashlib.sha256(token.encode()).digest()


def is_expired(expires_on: date | None, today: date) -> bool:
    """True from the day of expiry on."""
    return expires_on is not None and expires_on <= today


def choose_segments(
    wanted: Sequence[Sequence[str]] | None,
    *,
    count: int,
    names: Sequence[str],
    issued: Sequence[Sequence[str]],
    k: int,
) -> list[tuple[str, ...]]:
    """The coarse segments of each of `count` new invitations, in the order of `wanted`.

    Those `issued` before count for the crowd too. Without `wanted` everybody is "other".
    Raises UnableToInvite when a combination does not fit the survey's segment `names`.
    """
    nobody = (OTHER,) * len(names)
    if wanted is None:
        return [nobody] * count
    given = [tuple(each) for each in wanted]
    if len(given) != count or any(len(each) != len(names) for each in given):
        raise UnableToInvite(
            f"Each of the {count} invitations needs {len(names)} segments "
            f"({', '.join(names) or 'the survey has none'})."
        )
    becomes = coarsen([*given, *map(tuple, issued)], k)
    return [becomes[each] for each in given]
