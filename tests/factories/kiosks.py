"""Kiosks for tests, and answers sealed as a kiosk's page seals them."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from config import Settings
from feedback_app.channels import actions
from feedback_app.foundation.db import Database
from feedback_app.surveys import queries as surveys

PIN = "481516"


def set_up_kiosk(database: Database, settings: Settings, slug: str, name: str = "Counter") -> str:
    """A kiosk of the survey `slug`; its address."""
    with database.writing() as session:
        survey = surveys.get_survey(session, slug)
        code = actions.set_up_kiosk(
            session, survey, name=name, pin=PIN, by="test", folder=settings.keys
        )
    return f"/kiosk/{code}"


def seal_as_a_browser(key: str, text: str) -> str:
    """What WebCrypto makes of `text` in the page (templates/kiosk/page.js)."""
    site = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(key))
    own = ec.generate_private_key(ec.SECP256R1())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), site)
    derived = HKDF(SHA256(), 32, salt=point, info=b"an answer in transit").derive(shared)
    padded = text.encode().ljust(4096)
    return base64.b64encode(point + AESGCM(derived).encrypt(bytes(12), padded, None)).decode()


def make_parcel(
    key: str,
    version: str,
    fields: dict[str, str],
    *,
    id_: UUID | None = None,
    language: str = "en",
) -> dict[str, str]:
    """One answer as the page sends it."""
    inner = {"version": version, "language": language, "form": urlencode(fields)}
    return {"id": str(id_ or uuid4()), "sealed": seal_as_a_browser(key, json.dumps(inner))}
