"""What a browser seals is opened at its place, by the site that holds the secret alone."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_app.ballots.sealing import UnableToUnseal
from feedback_app.ballots.transit import transit_key, unseal_in_transit
from tests.factories.kiosks import seal_as_a_browser

SECRET, PLACE = "a secret of the tests", "/kiosk/here"


@given(st.text(max_size=200))
@settings(max_examples=20)
def test_what_was_sealed_is_unsealed(text: str) -> None:
    sealed = seal_as_a_browser(transit_key(SECRET, PLACE), text)
    assert unseal_in_transit(SECRET, PLACE, sealed) == text.encode().ljust(4096)


def test_neither_another_place_nor_another_secret_opens_it() -> None:
    sealed = seal_as_a_browser(transit_key(SECRET, PLACE), "mine")
    for secret, place in ((SECRET, "/kiosk/there"), ("another", PLACE)):
        with pytest.raises(UnableToUnseal):
            unseal_in_transit(secret, place, sealed)


@pytest.mark.parametrize(
    "sealed",
    ["", "?", base64.b64encode(bytes(65)).decode(), base64.b64encode(b"\x04" * 90).decode()],
)
def test_nonsense_is_refused(sealed: str) -> None:
    with pytest.raises(UnableToUnseal):
        unseal_in_transit(SECRET, PLACE, sealed)


def test_a_changed_letter_is_noticed() -> None:
    whole = bytearray(base64.b64decode(seal_as_a_browser(transit_key(SECRET, PLACE), "mine")))
    whole[-1] ^= 1
    with pytest.raises(UnableToUnseal):
        unseal_in_transit(SECRET, PLACE, base64.b64encode(whole).decode())
