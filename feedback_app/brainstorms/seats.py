"""A seat: what ties a participant to their own cards, and to nothing else.

The cookie holds a random secret. Under the session's key it gives the seat's id (with the
name, encrypted), and for each kind of slip an owner's tag. Neither can be worked out from the
other: even whoever holds the database and the key must also hold the cookie to tell whose
card it is. The key is a file outside the database, destroyed at the session's end.
"""

from __future__ import annotations

import base64
import hmac
import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from itsdangerous import BadSignature, URLSafeSerializer

from feedback_app.ballots import keys
from feedback_app.brainstorms.rules.phases import UnableToRunSession
from feedback_app.foundation.rules import N_

FOLDER = "session-keys"
SECRET_BYTES = 16
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a seat's cookie says: which session, and the seat's secret."""

    brainstorm_id: UUID
    secret: bytes


@dataclass(frozen=True, slots=True)
class SeatKey:
    """The key of a running session."""

    value: bytes

    def seat_id(self, secret: bytes) -> UUID:
        """The seat of whoever holds `secret`."""
        return UUID(bytes=self._derive("seat", secret)[:SECRET_BYTES])

    def tag(self, kind: str, secret: bytes) -> bytes:
        """What marks the slips of one kind as this seat's."""
        return self._derive(f"owner {kind}", secret)[:SECRET_BYTES]

    def encrypt(self, name: str) -> bytes:
        """A name as the database keeps it."""
        return self._names().encrypt(name.encode())

    def decrypt(self, token: bytes) -> str:
        """The name; "" for one that this key did not encrypt."""
        try:
            return self._names().decrypt(token).decode()
        except InvalidToken:
            return ""

    def _names(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._derive("names", b"")))

    def _derive(self, purpose: str, secret: bytes) -> bytes:
        return hmac.digest(self.value, f"{purpose}|".encode() + secret, "sha256")


def make_secret() -> bytes:
    """A fresh seat's secret."""
    return os.urandom(SECRET_BYTES)


def sign(ticket: Ticket, secret_key: str) -> str:
    """A ticket as a cookie's value."""
    return str(_signer(secret_key).dumps([ticket.brainstorm_id.hex, ticket.secret.hex()]))


def read(value: str, secret_key: str) -> Ticket | None:
    """The ticket in a cookie's value, None for one that is not ours."""
    try:
        brainstorm, secret = _signer(secret_key).loads(value)
        return Ticket(UUID(brainstorm), bytes.fromhex(secret))
    except (BadSignature, ValueError, TypeError):
        return None


def make_key(folder: Path, brainstorm_id: UUID) -> None:
    """Make a session's key; on disk for certain before this returns."""
    keys.make_folder(folder)
    keys.write_key(folder, brainstorm_id, brainstorm_id, os.urandom(KEY_BYTES))


def get_key(folder: Path, brainstorm_id: UUID) -> SeatKey:
    """The session's key; raises UnableToRunSession when it is not here (any more)."""
    value = keys.find_key(folder, brainstorm_id, brainstorm_id)
    if value is None:
        raise UnableToRunSession(
            N_("This session's key is not here: it is over, or another server holds it.")
        )
    return SeatKey(value)


def list_keys(folder: Path) -> set[UUID]:
    """The sessions whose key lies here."""
    return {each.batch_id for each in keys.list_keys(folder)} if folder.is_dir() else set()


def destroy_key(folder: Path, brainstorm_id: UUID) -> None:
    """Nobody can tie a seat to a card from now on. Safe to repeat."""
    keys.destroy_key(folder, brainstorm_id, brainstorm_id)


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="seat of a session")
