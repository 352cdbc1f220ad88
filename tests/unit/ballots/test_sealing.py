"""Sealing: one size for all, nothing readable without the key, nothing changed unnoticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.ballots.sealing import (
    SEAL_BYTES,
    UnableToSeal,
    UnableToUnseal,
    make_key,
    seal,
    unseal,
)

BOX = 4096
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=20), values, max_size=6))
def test_what_was_sealed_comes_out_unchanged_and_every_box_has_one_size(
    document: dict[str, object],
) -> None:
    private, public = make_key()
    box = seal(document, public_key=public, box_bytes=BOX)
    assert len(box) == BOX + SEAL_BYTES
    assert unseal(box, private_key=private) == document


def test_the_same_answer_never_makes_the_same_box() -> None:
    _private, public = make_key()
    boxes = {seal({"a": 1}, public_key=public, box_bytes=BOX) for _ in range(50)}
    assert len(boxes) == 50


def test_another_key_opens_nothing() -> None:
    box = seal({"a": 1}, public_key=make_key()[1], box_bytes=BOX)
    with pytest.raises(UnableToUnseal):
        unseal(box, private_key=make_key()[0])


@pytest.mark.parametrize("place", [0, 40, BOX // 2, BOX + SEAL_BYTES - 1])
def test_a_changed_box_is_noticed(place: int) -> None:
    private, public = make_key()
    box = bytearray(seal({"a": 1}, public_key=public, box_bytes=BOX))
    box[place] ^= 1
    with pytest.raises(UnableToUnseal):
        unseal(bytes(box), private_key=private)


def test_a_cut_box_is_noticed() -> None:
    private, public = make_key()
    with pytest.raises(UnableToUnseal):
        unseal(seal({}, public_key=public, box_bytes=BOX)[:30], private_key=private)


def test_the_longest_answer_that_fits_fills_the_box_and_one_byte_more_is_refused() -> None:
    """Texts that do not compress, so that every letter counts."""
    private, public = make_key()
    text = "".join(chr(0x4E00 + (index * 7919) % 20000) for index in range(3000))
    fits = max(length for length in range(800, 2000, 1) if _fits(text[:length], public))
    box = seal({"t": text[:fits]}, public_key=public, box_bytes=BOX)
    assert len(box) == BOX + SEAL_BYTES
    assert unseal(box, private_key=private) == {"t": text[:fits]}
    with pytest.raises(UnableToSeal) as refusal:
        seal({"t": text}, public_key=public, box_bytes=BOX)
    assert refusal.value.excess > 0


def _fits(text: str, public: bytes) -> bool:
    try:
        return len(seal({"t": text}, public_key=public, box_bytes=BOX)) == BOX + SEAL_BYTES
    except UnableToSeal:
        return False
