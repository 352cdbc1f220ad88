"""In which order statements are read, and how evidence is cut out."""

from __future__ import annotations

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from feedback_app.tagging.quick import suggest_quickly
from feedback_app.tagging.rules.evidence import cut
from feedback_app.tagging.rules.queue import (
    AUDIT_EVERY,
    is_audit_turn,
    is_drawn,
    pick,
    urgency_of,
)

shares = st.floats(0, 1, allow_nan=False)
PLACES = st.lists(st.tuples(st.integers(-3, 60), st.integers(-3, 60)), max_size=6)


@given(st.integers(0, 10_000))
def test_of_five_turns_one_is_the_audits(start: int) -> None:
    turns = [is_audit_turn(start + step) for step in range(AUDIT_EVERY)]
    assert turns.count(True) == 1


@given(shares, shares, shares)
def test_less_sure_and_rarer_come_first(one: float, other: float, share: float) -> None:
    low, high = sorted((one, other))
    assert urgency_of(low, share) <= urgency_of(high, share)
    assert urgency_of(share, low) <= urgency_of(share, high)
    assert 0 <= urgency_of(one, other) <= 1


def test_the_lot_takes_a_fifth() -> None:
    drawn = sum(is_drawn(uuid4().bytes) for _ in range(20_000))
    assert 3_700 < drawn < 4_300


@given(st.lists(st.integers(), max_size=20), st.text(max_size=20), st.integers(0, 99))
def test_a_reader_is_given_one_of_the_candidates(
    candidates: list[int], reader: str, turn: int
) -> None:
    given_one = pick(candidates, reader, turn)
    assert given_one in candidates if candidates else given_one is None
    assert given_one == pick(candidates, reader, turn)


def test_two_readers_are_mostly_given_different_ones() -> None:
    same = sum(
        pick(range(12), "one@example.com", turn) == pick(range(12), "two@example.com", turn)
        for turn in range(200)
    )
    assert same < 50


@given(st.text(max_size=60), PLACES)
def test_pieces_join_to_the_text(text: str, places: list[tuple[int, int]]) -> None:
    pieces = cut(text, places)
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        assert piece.text or text == ""


def test_evidence_is_marked() -> None:
    pieces = cut("far too expensive now", [(4, 17)])
    assert [(piece.text, piece.is_marked) for piece in pieces] == [
        ("far ", False),
        ("too expensive", True),
        (" now", False),
    ]


def test_a_quick_suggestion_is_the_lexicons() -> None:
    assert suggest_quickly("слишком дорого")[0] == "company.price"
    assert suggest_quickly("we moved to another city")[0] == "client.relocated"
    assert suggest_quickly("") == ()
