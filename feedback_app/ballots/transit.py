"""Answers that wait in a browser until the line is back, sealed for the page servers alone.

A browser has no libsodium, so this is what WebCrypto offers: an ephemeral P-256 key agrees
with a key of the site (ECDH), HKDF-SHA-256 turns that into an AES-256-GCM key for this one
text. The site's private key is derived from its secret, the same in every page server, and
stored nowhere. What was sealed can be opened neither by the next visitor nor by whoever
steals the device. On arrival an answer is sealed anew for its batch, like any other.
"""

from __future__ import annotations

import base64
import binascii
import hmac

from feedback_app.ballots.sealing import UnableToUnseal

#: Order of P-256: private keys are the numbers below it.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
POINT_BYTES = 65
_NONCE = bytes(12)  # each key seals one text
_PURPOSE = b"an answer in transit"


def transit_key(secret: str, place: str) -> str:
    """The public key that browsers at `place` seal for: an uncompressed point, base64."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = _private_key(secret, place).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(point).decode()


def unseal_in_transit(secret: str, place: str, sealed: str) -> bytes:
    """What a browser at `place` sealed. Raises UnableToUnseal."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    try:
        whole = base64.b64decode(sealed, validate=True)
        point, ciphertext = whole[:POINT_BYTES], whole[POINT_BYTES:]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = _private_key(secret, place).exchange(ec.ECDH(), sender)
        key = HKDF(SHA256(), 32, salt=point, info=_PURPOSE).derive(shared)
        return AESGCM(key).decrypt(_NONCE, ciphertext, None)
    except (binascii.Error, ValueError, InvalidTag) as error:
        raise UnableToUnseal("What a browser sent was not sealed for this place.") from error


def _private_key(secret: str, place: str):  # type: ignore[no-untyped-def]
    from cryptography.hazmat.primitives.asymmetric import ec

    drawn = hmac.digest(secret.encode(), f"transit {place}".encode(), "sha512")
    return ec.derive_private_key(int.from_bytes(drawn, "big") % (_ORDER - 1) + 1, ec.SECP256R1())
