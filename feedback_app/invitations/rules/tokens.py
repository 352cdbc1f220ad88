"""One-time tokens, the two ways to write them, and which coarse segments an invitation carries."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from feedback_app.ballots.rules import OTHER, coarsen
from feedback_app.foundation.rules import Unable

TOKEN_BYTES = 32
MOST_AT_ONCE = 100_000

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
TYPED_LENGTH = 52
SPARE_BITS = TYPED_LENGTH * 5 - TOKEN_BYTES * 8
_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())
_MISREAD = str.maketrans("oil", "011")


class UnableToInvite(Unable):
    """Invitations can not be issued so; the message says why."""


def make_token() -> str:
    """A fresh token of 256 random bits, safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def derive_secret(wave_key: bytes, purpose: str, invitation_id: UUID) -> str:
    """The secret of one invitation for one purpose ("link", "unsubscribe"), 256 bits.

    HMAC-SHA256 of the wave's key: a reminder carries the same link although no token is
    stored, and whoever knows one secret can compute no other.
    """
    message = purpose.encode() + b"\0" + invitation_id.bytes
    return _in_address(hmac.digest(wave_key, message, "sha256"))


def spell_for_typing(token: str) -> str:
    """The same 256 bits for fingers: 52 letters and digits in groups of four.

    Crockford's alphabet has no I, L, O and U, so nothing is mistaken for 1 or 0.
    """
    spelled = base64.b32encode(base64.urlsafe_b64decode(token + "="))[:TYPED_LENGTH]
    letters = spelled.translate(_CROCKFORD).decode()
    return "-".join(letters[start : start + 4] for start in range(0, TYPED_LENGTH, 4))


def read_token(given: str) -> str:
    """The token that was given in either spelling; what is neither comes back as it is.

    Typed: hyphens, spaces and capitals do not matter, and O reads as 0, I and L as 1.
    """
    typed = re.sub(r"[-\s]", "", given).lower().translate(_MISREAD)
    if len(typed) != TYPED_LENGTH or not set(typed) <= set(ALPHABET):
        return given
    number = 0
    for letter in typed:
        number = number << 5 | ALPHABET.index(letter)
    return _in_address((number >> SPARE_BITS).to_bytes(TOKEN_BYTES, "big"))


def _in_address(secret: bytes) -> str:
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


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
