"""Proof of work: a puzzle that a browser solves while its reader fills in the form.

The puzzle is made of the form's own one-time token, so a solution serves one answer and
nothing needs to be kept. Who has no script waits instead (see views/guard.py).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

#: About half of so many hashes are tried: a second on a telephone, nothing one notices.
HARDEST = 30_000
_FIELDS = ("challenge", "salt", "signature")


def make_puzzle(secret: str, token: str) -> str:
    """The puzzle of the form with `token`, as JSON that the page's script reads."""
    # Loaded when first needed: quiet sites never are.
    from altcha.v1 import ChallengeOptions, create_challenge

    options = ChallengeOptions(
        max_number=HARDEST, hmac_key=_key(secret), salt=_salt_of(secret, token)
    )
    puzzle: dict[str, Any] = create_challenge(options).to_dict()
    return json.dumps(puzzle, separators=(",", ":"))


def is_solved(secret: str, token: str, sent: str) -> bool:
    """True when `sent` solves the puzzle of the form with `token`."""
    from altcha.v1 import Payload, verify_solution

    try:
        solution = json.loads(base64.b64decode(sent, validate=True))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return False
    if not isinstance(solution, dict) or not isinstance(solution.get("number"), int):
        return False
    if any(not isinstance(solution.get(name), str) for name in _FIELDS):
        return False
    if solution["salt"] != f"{_salt_of(secret, token)}&":
        return False
    payload = Payload("SHA-256", number=solution["number"], **{it: solution[it] for it in _FIELDS})
    return verify_solution(payload, _key(secret))[0]


def _salt_of(secret: str, token: str) -> str:
    return hashlib.sha256(f"{secret} puzzle {token}".encode()).hexdigest()[:32]


def _key(secret: str) -> str:
    return f"proof of work {secret}"
