"""The second factor: an authenticator app's codes, and recovery codes for a lost phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_login import current_user
from flask_security import UserMixin
from flask_security.totp import Totp
from passlib.totp import TotpMatch  # type: ignore[import-untyped]

RECOVERY_CODES = 6
CLOCK_SECONDS = 30  # how far a phone's clock may be off


@dataclass(frozen=True, slots=True)
class TotpPicture:
    """A secret for an authenticator app: a data: image, and letters to type."""

    image: str
    key: str
    issuer: str


def new_totp_secret() -> str:
    """A secret for an authenticator app, encrypted."""
    return str(_library().totp_factory.generate_totp_secret())


def is_right_totp(code: str, secret: str) -> bool:
    """True when the app that holds `secret` shows `code` now."""
    factory = _library().totp_factory
    return bool(factory.verify_totp(code, secret, current_user, window=CLOCK_SECONDS))


def draw_totp(secret: str) -> TotpPicture:
    """What an authenticator app needs, to scan or to type."""
    values = _library().totp_factory.fetch_setup_values(secret, current_user)
    return TotpPicture(image=values["image"], key=values["key"], issuer=values["issuer"])


def new_recovery_codes() -> tuple[list[str], list[str]]:
    """Codes that each replace a lost phone once: to show, and encrypted to store."""
    codes = _library().totp_factory.generate_recovery_codes(RECOVERY_CODES)
    return codes, _library().mf_recovery_codes_util._encrypt_codes(codes)


def _library() -> Any:
    return current_app.extensions["security"]


class UsedOnceTotp(Totp):
    """Codes that serve once: whoever reads one over a shoulder can not use it again.

    Remembered in the memory of one page server process, for as long as it runs.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last: dict[int, int] = {}

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The counter of the last code this account used."""
        return self._last.get(user.id)

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        """Remember the counter of the code that was just used."""
        self._last[user.id] = tmatch.counter
