"""Names and PINs of kiosks."""

from __future__ import annotations

import pytest

from feedback_app.channels.pins import hash_pin, is_pin
from feedback_app.channels.rules.kiosks import UnableToSetUpKiosk, check_name, check_pin


@pytest.mark.parametrize(
    "pin", ["", "12345", "1" * 13, "12345a", "٣٤٥٦٧٨٩", "000000", "123456", "987654"]
)
def test_pins_that_are_refused(pin: str) -> None:
    with pytest.raises(UnableToSetUpKiosk):
        check_pin(pin)


@pytest.mark.parametrize("pin", ["481516", " 202122 ", "135791"])
def test_pins_that_will_do(pin: str) -> None:
    assert check_pin(pin) == pin.strip()


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_names_that_are_refused(name: str) -> None:
    with pytest.raises(UnableToSetUpKiosk):
        check_name(name)


def test_a_pin_is_known_by_its_hash_alone() -> None:
    hashed = hash_pin("481516")
    assert "481516" not in hashed
    assert is_pin(hashed, " 481516 ")
    assert not is_pin(hashed, "481517")
    assert not is_pin("no hash", "481516")
