"""DKIM signatures by dkimpy, which is installed only where the relay does not sign."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from config import MailSettings
from feedback_app.foundation.rules import Unable


class UnableToSign(Unable):
    """Mails shall be signed with DKIM and can not be."""


def sign(settings: MailSettings, content: bytes, domain: str, *, headers: Sequence[bytes]) -> bytes:
    """The DKIM-Signature header of `content` for `domain`, with its line end.

    Raises UnableToSign when dkimpy is missing or the key is not one.
    """
    try:
        import dkim
    except ImportError as error:
        raise UnableToSign(
            "FEEDBACK_MAIL_DKIM_SELECTOR needs dkimpy: pip install feedback-app[dkim]."
        ) from error
    assert settings.dkim_key_file is not None
    present = content.partition(b"\r\n\r\n")[0].lower()
    signed = [each for each in headers if b"\n" + each + b":" in b"\n" + present]
    try:
        signature = dkim.sign(
            content,
            settings.dkim_selector.encode(),
            domain.encode("idna"),
            _read_key(settings.dkim_key_file),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=signed,
        )
    except (dkim.DKIMException, ValueError, OSError) as error:
        raise UnableToSign(
            f"FEEDBACK_MAIL_DKIM_KEY_FILE: {settings.dkim_key_file} is no private key "
            "that DKIM can sign with."
        ) from error
    return bytes(signature)


@cache
def _read_key(path: Path) -> bytes:
    return path.read_bytes()
