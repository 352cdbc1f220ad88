"""The short code of a survey, for fingers: six letters and digits of its own identifier.

An open link is public, so the code need not be hard to guess; it only has to be short,
unmistakable and always the same, without being stored anywhere.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

#: Crockford's: no I, L, O and U, so that nothing is mistaken for 1 or 0.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
CODE_LENGTH = 6
_MISREAD = str.maketrans("oil", "011")


def make_short_code(survey_id: UUID) -> str:
    """The code of a survey; two surveys in a billion share one."""
    number = int.from_bytes(hashlib.sha256(survey_id.bytes).digest()[:8], "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(CODE_LENGTH))


def read_short_code(typed: str) -> str:
    """The code that was meant: capitals and hyphens do not matter, O reads as 0, I and L as 1."""
    return typed.replace("-", "").replace(" ", "").lower().translate(_MISREAD)
