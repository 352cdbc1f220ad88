"""The pass card of an unlocked kiosk: a signed cookie of the device, not of its visitors.

It holds for the kiosk's own addresses alone and until the PIN changes or the kiosk is
retired. Wrong PINs are counted per kiosk, and per kiosk and address.
"""

from __future__ import annotations

from flask import current_app, request
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from feedback_app.answers.views.place import settings
from feedback_app.channels.pins import is_pin
from feedback_app.channels.queries import KioskRow
from feedback_app.staff.throttle import Throttle

COOKIE = "kiosk_pass"
SECONDS = 180 * 86_400
UNLOCKED = "unlocked"


def is_unlocked(row: KioskRow) -> bool:
    """True on a device that staff unlocked."""
    try:
        held = _signer(row).loads(request.cookies.get(COOKIE, ""), max_age=SECONDS)
    except BadData:
        return False
    return bool(held == UNLOCKED)


def check_pin(row: KioskRow, typed: str) -> str:
    """Why the PIN that was typed does not unlock, "" when it does."""
    throttle = _throttle()
    keys = {"kiosk": row.code, "kiosk_and_address": f"{row.code} {request.remote_addr}"}
    if throttle.must_wait(**keys):
        return str(_("Too many wrong PINs. Wait a quarter of an hour, then try again."))
    if not is_pin(row.pin_hash, typed):
        throttle.count_failure(**keys)
        return str(_("That is not the PIN of this kiosk."))
    throttle.forget(**keys)
    return ""


def hand_out(response: Response, row: KioskRow) -> None:
    """Let the device keep the pass card."""
    response.set_cookie(
        COOKIE,
        str(_signer(row).dumps(UNLOCKED)),
        max_age=SECONDS,
        path=f"/kiosk/{row.code}",
        secure=settings().is_served_over_https,
        httponly=True,
        samesite="Strict",
    )


def take_back(response: Response, row: KioskRow) -> None:
    """Take the pass card away again."""
    response.delete_cookie(COOKIE, path=f"/kiosk/{row.code}")


def _throttle() -> Throttle:
    found: Throttle = current_app.extensions.setdefault("feedback_kiosk_throttle", Throttle())
    return found


def _signer(row: KioskRow) -> URLSafeTimedSerializer:
    salt = f"kiosk {row.id} {row.generation}"
    return URLSafeTimedSerializer(settings().secret_key, salt=salt)
