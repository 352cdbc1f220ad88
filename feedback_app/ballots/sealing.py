"""Sealing and unsealing one answer (libsodium sealed boxes: X25519, XSalsa20-Poly1305).

Whoever seals needs only the public key and can not open what he sealed. Every box of a
survey has the same size, so a long answer can not be told from a short one.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from nacl.bindings import crypto_box_seal, crypto_box_SEALBYTES, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from feedback_app.foundation.rules import Unable

KEY_BYTES = 32
SEAL_BYTES: int = crypto_box_SEALBYTES
SMALL_WINDOW_BITS, SMALL_MEMORY = 12, 5
SMALL_WINDOW = 1 << SMALL_WINDOW_BITS


class UnableToSeal(Unable):
    """The answer does not fit the box. `excess` = bytes too many, compressed."""

    def __init__(self, excess: int) -> None:
        super().__init__("All texts together are too long; please shorten the longest one.")
        self.excess = excess


class UnableToUnseal(Unable):
    """The box was not sealed for this key, or was changed."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One sealed answer and the batch that it was sealed for."""

    batch_id: UUID
    ciphertext: bytes


def make_key() -> tuple[bytes, bytes]:
    """A new pair: (private, public), 32 bytes each."""
    private = PrivateKey.generate()
    return bytes(private), bytes(private.public_key)


def seal(document: dict[str, Any], *, public_key: bytes, box_bytes: int) -> bytes:
    """`document` (JSON values) compressed, padded to `box_bytes` and sealed.

    The result is always box_bytes + SEAL_BYTES long. Raises UnableToSeal.
    """
    plain = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    packed = _compress(plain)
    # Padding adds at least one byte, so a text of exactly box_bytes would grow a block.
    excess = len(packed) + 1 - box_bytes
    if excess > 0:
        raise UnableToSeal(excess)
    # As sodium_pad does (ISO/IEC 7816-4), without carrying the whole box through its buffers.
    padded = packed + b"\x80" + bytes(box_bytes - len(packed) - 1)
    return crypto_box_seal(padded, public_key)


def _compress(plain: bytes) -> bytes:
    """As zlib does; with a window that holds no more than `plain`, which is cleared faster."""
    is_small = len(plain) <= SMALL_WINDOW
    window, effort = (SMALL_WINDOW_BITS, SMALL_MEMORY) if is_small else (zlib.MAX_WBITS, 8)
    compressor = zlib.compressobj(6, zlib.DEFLATED, window, effort)
    return compressor.compress(plain) + compressor.flush()


def seal_ballot(
    document: dict[str, Any], batch_id: UUID, public_key: bytes, *, box_bytes: int
) -> Ballot:
    """`document` sealed for a batch, ready to be dropped. Raises UnableToSeal."""
    return Ballot(batch_id, seal(document, public_key=public_key, box_bytes=box_bytes))


def unseal(ciphertext: bytes, *, private_key: bytes) -> dict[str, Any]:
    """The document inside `ciphertext`. Raises UnableToUnseal."""
    try:
        padded = SealedBox(PrivateKey(private_key)).decrypt(ciphertext)
        packed = sodium_unpad(padded, len(padded))
        document = json.loads(zlib.decompress(packed))
    except (CryptoError, zlib.error, ValueError) as error:
        raise UnableToUnseal("A sealed answer can not be read with its batch's key.") from error
    if not isinstance(document, dict):
        raise UnableToUnseal("A sealed answer does not hold a record.")
    return document
