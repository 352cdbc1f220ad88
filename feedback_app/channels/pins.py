"""PINs of kiosks, kept as slow hashes.

The library is loaded with the first PIN: processes that serve respondents alone do without.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


def hash_pin(pin: str) -> str:
    """What is stored of a PIN."""
    return _hasher().hash(pin)


def is_pin(pin_hash: str, typed: str) -> bool:
    """True when `typed` is the PIN of this hash."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(pin_hash, typed.strip())
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    # A PIN has few digits: each guess at a stolen hash shall cost as much as is bearable here.
    return PasswordHasher(time_cost=4, memory_cost=65_536, parallelism=1)
