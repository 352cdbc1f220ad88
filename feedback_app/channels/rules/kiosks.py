"""What a kiosk is called, and which PINs unlock one."""

from __future__ import annotations

from itertools import pairwise

from feedback_app.foundation.rules import N_, Unable

LONGEST_NAME = 80
SHORTEST_PIN, LONGEST_PIN = 6, 12
#: A kiosk that was offline for so long may still send what waited in it.
KEPT_DAYS = 120


class UnableToSetUpKiosk(Unable):
    """A kiosk can not be set up so; the message says what to do."""


def check_name(name: str) -> str:
    """The name in plain spacing. Raises UnableToSetUpKiosk when empty or too long."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME:
        raise UnableToSetUpKiosk(
            N_("A kiosk's name has 1 to %(most)s characters, got %(given)s."),
            most=LONGEST_NAME,
            given=len(plain),
        )
    return plain


def check_pin(pin: str) -> str:
    """The PIN. Raises UnableToSetUpKiosk when it is short, no number, or easily guessed."""
    digits = pin.strip()
    if not digits.isascii() or not digits.isdecimal():
        raise UnableToSetUpKiosk(N_("A PIN is made of digits."))
    if not SHORTEST_PIN <= len(digits) <= LONGEST_PIN:
        raise UnableToSetUpKiosk(
            N_("A PIN has from %(least)s to %(most)s digits."),
            least=SHORTEST_PIN,
            most=LONGEST_PIN,
        )
    steps = {int(b) - int(a) for a, b in pairwise(digits)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        raise UnableToSetUpKiosk(N_("That PIN is the first one everybody tries."))
    return digits
