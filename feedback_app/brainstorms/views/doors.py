"""How people come in: the two codes of a session, as addresses and as pictures for telephones."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from flask import current_app
from markupsafe import Markup

from feedback_app.brainstorms.queries import BrainstormRow
from feedback_app.brainstorms.rules.phases import spell_code


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: the code as people read it, the address, its QR code."""

    code: str
    address: str
    qr: Markup


def list_doors(row: BrainstormRow) -> dict[str, Door | None]:
    """Colleagues' door, and guests' where they may join."""
    may_guests_join = row.plan.are_guests_allowed and bool(row.guest_code)
    return {"door": _door(row.code), "guests": _door(row.guest_code) if may_guests_join else None}


def _door(code: str) -> Door:
    address = f"{current_app.config['FEEDBACK_SETTINGS'].base_url}/brainstorms/{code}"
    return Door(spell_code(code), address, _draw_qr(address))


def _draw_qr(address: str) -> Markup:
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(scale=4, border=2, omitsize=True, dark="#1b1a22", light="#ffffff")
    return Markup(drawn)  # noqa: S704  made by us, out of an address of ours
