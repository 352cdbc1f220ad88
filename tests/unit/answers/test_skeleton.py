"""A blank page put together from parts that were compressed apart."""

from __future__ import annotations

import gzip
import re

from hypothesis import given
from hypothesis import strategies as st

from feedback_app.answers.views.skeleton import (
    BASE,
    HOLES,
    MOST_KEPT,
    NONCE,
    PUZZLE,
    TOKEN,
    Shelf,
    Skeleton,
)

PIECES = st.lists(st.sampled_from(HOLES) | st.text(max_size=300), max_size=12)
VALUES = st.text(max_size=80)


@given(PIECES, VALUES, VALUES, VALUES, VALUES)
def test_filled_pages_are_what_replacing_gives(
    pieces: list[str], nonce: str, base: str, token: str, puzzle: str
) -> None:
    page = "".join(pieces)
    filling = {NONCE: nonce, BASE: base, TOKEN: token, PUZZLE: puzzle}
    skeleton = Skeleton.from_page(page)
    whole = re.sub("|".join(HOLES), lambda hole: filling[hole[0]], page).encode()
    assert skeleton.fill(filling) == whole
    assert gzip.decompress(skeleton.fill_gzip(filling)) == whole


def test_compresses_as_well_as_one_piece() -> None:
    page = "".join(f"<li>{number} and so on</li>" for number in range(500))
    skeleton = Skeleton.from_page(page[:5000] + TOKEN + page[5000:])
    apart = len(skeleton.fill_gzip({TOKEN: "x" * 60}))
    assert apart < 1.5 * len(gzip.compress(page.encode())) + 200


def test_a_shelf_renders_once_and_forgets_when_full() -> None:
    rendered: list[int] = []

    def render(number: int) -> str:
        rendered.append(number)
        return str(number)

    shelf = Shelf()
    for number in (*range(MOST_KEPT), 0, 1):
        found = shelf.get(number, lambda number=number: render(number))  # type: ignore[misc]
        assert found.fill({}) == str(number).encode()
    assert rendered == [*range(MOST_KEPT)]
    shelf.get("one more", lambda: render(-1))
    shelf.get(0, lambda: render(0))
    assert rendered[-2:] == [-1, 0]
