"""Codes, moves, handfuls, ranking, comparison, habits and the table of a result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from feedback_app.brainstorms.rules.comparison import (
    allowance_for,
    compare,
    count_predictions,
    count_votes,
    gauge,
    rank_units,
)
from feedback_app.brainstorms.rules.fold import Board
from feedback_app.brainstorms.rules.handful import HANDFUL, OwnedCard, deal
from feedback_app.brainstorms.rules.moves import MOVES, Kind, check_move
from feedback_app.brainstorms.rules.over_sessions import find_habits
from feedback_app.brainstorms.rules.phases import (
    ALPHABET,
    Phase,
    UnableToRunSession,
    check_name,
    make_code,
    normalise_code,
    spell_code,
)
from feedback_app.brainstorms.rules.result import csv_of, result_document, rows_of
from feedback_app.brainstorms.suggesting import suggest_causes

ONE, TWO, THREE = (str(UUID(int=number)) for number in (1, 2, 3))


def make_board() -> Board:
    board = Board(
        cards={
            ONE: {"side": "company", "text": "=SUM(1)", "is_hidden": False},
            TWO: {"side": "competitor", "text": "They are cheaper", "is_hidden": False},
            THREE: {"side": "", "text": "Moved away", "is_hidden": False},
        },
        tags={
            ONE: {"side": "company", "cause": "company.price", "label": ""},
            TWO: {"side": "competitor", "cause": "competitor.price", "label": ""},
        },
        votes={"people": 4, "counts": {ONE: 1, TWO: 3}},
        predicted={"people": 4, "counts": {"competitor.price": 4, "client.closed": 1}},
        compared={
            "causes": [
                {"code": "company.slow_response", "rank": 1, "share": 0.4},
                {"code": "competitor.price", "rank": 2, "share": 0.2},
            ],
            "sides": {"competitor": 20, "company": 60, "client": 20},
        },
    )
    board.whys[ONE] = {"1": "Nobody explains the bill"}
    return board


def test_codes_hold_no_letters_that_are_taken_for_one_another() -> None:
    assert not set("01ILOSZB") & set(ALPHABET)
    code = make_code()
    assert normalise_code(f" {spell_code(code).lower()} ") == code
    assert len({make_code() for _ in range(200)}) == 200


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\u202eb"])
def test_names_that_will_not_do(name: str) -> None:
    with pytest.raises(UnableToRunSession):
        check_name(name)


def test_moves_belong_to_their_phases() -> None:
    payload = {"units": [ONE, TWO], "into": THREE}
    kind, kept = check_move(
        "merged", payload, phase=Phase.GROUP, is_facilitator=False, everybody_moves=True
    )
    assert (kind, kept) == (Kind.MERGED, payload)
    for phase in set(Phase) - MOVES[Kind.MERGED]:
        with pytest.raises(UnableToRunSession, match="moved on"):
            check_move("merged", payload, phase=phase, is_facilitator=True, everybody_moves=True)


@pytest.mark.parametrize(
    ("kind", "payload", "everybody"),
    [
        ("phase", {}, True),
        ("merged", {"units": [ONE], "into": TWO}, False),
        ("hidden", {"card": ONE, "is_hidden": True}, True),
        ("merged", {"units": [], "into": TWO}, True),
        ("merged", {"units": "x", "into": TWO}, True),
        ("named", {"unit": ONE, "name": "x" * 121}, True),
        ("named", [], True),
    ],
)
def test_moves_that_participants_can_not_make(kind: str, payload: object, everybody: bool) -> None:
    with pytest.raises(UnableToRunSession):
        check_move(
            kind, payload, phase=Phase.GROUP, is_facilitator=False, everybody_moves=everybody
        )


def test_a_handful_is_of_others_and_stays_the_same() -> None:
    cards = [
        OwnedCard(str(UUID(int=n)), bytes([n % 4]) * 16, "", f"card {n}", round=0)
        for n in range(40)
    ]
    dealt = deal(cards, owner=bytes(16), round_=1)
    assert len(dealt) == HANDFUL
    assert all(card.owner != bytes(16) for card in dealt)
    later = [*cards, OwnedCard(ONE, b"x" * 16, "", "written in the round", round=1)]
    assert deal(later, owner=bytes(16), round_=1) == dealt
    assert deal(cards, owner=bytes(16), round_=0) == ()
    two_people = [card for card in cards if card.owner in (bytes(16), bytes([1]) * 16)]
    assert deal(two_people, owner=bytes(16), round_=1) == ()


def test_groups_without_votes_stay_listed_and_equal_ones_share_a_rank() -> None:
    rows = rank_units(make_board())
    assert [(row.rank, row.votes, row.title) for row in rows] == [
        (1, 3, "They are cheaper"),
        (2, 1, "=SUM(1)"),
        (3, 0, "Moved away"),
    ]
    counted = count_votes([[ONE, TWO, ONE], [ONE], [], ["gone"]], [ONE, TWO, THREE], most=1)
    assert counted == {"people": 3, "counts": {ONE: 2, TWO: 0, THREE: 0}}
    assert [allowance_for(units) for units in (1, 4, 10, 31)] == [1, 1, 2, 8]


def test_blind_spots_and_over_blamed_causes() -> None:
    told = {line.code: line.told for line in compare(make_board())}
    assert told == {
        "competitor.price": "agreed",
        "company.price": "over-blamed",
        "company.slow_response": "blind-spot",
        "client.closed": "",
    }
    sides = {side.side: (side.session, side.customers) for side in gauge(make_board())}
    assert sides == {"competitor": (0.75, 0.2), "company": (0.25, 0.6), "client": (0.0, 0.2)}
    board = make_board()
    board.compared = None
    assert {line.told for line in compare(board)} == {""}


def test_predictions_of_a_few_are_withheld() -> None:
    assert count_predictions([["a"], ["a"]]) == {"people": 2, "counts": {}}
    assert count_predictions([["a", "a"], ["a"], ["b"]])["counts"] == {"a": 2, "b": 1}


def test_habits_need_more_than_one_compared_session() -> None:
    def result(causes: list[str], told: list[str] | None) -> dict[str, Any]:
        customers = None if told is None else {"causes": [{"code": code} for code in told]}
        return {"groups": [{"cause": code} for code in causes], "customers": customers}

    one = result(["a.x", "b.y"], ["b.y"])
    assert find_habits([one, result(["a.x"], None)]) == ()
    habits = find_habits([one, result(["a.x"], ["c.z"])])
    assert [(it.code, it.sessions, it.is_always_and_only_ours) for it in habits] == [
        ("a.x", 2, True),
        ("b.y", 1, False),
    ]


def test_no_cell_of_the_table_is_run_as_a_formula() -> None:
    document = result_document(make_board(), title="T", question={"en": "Why?"})
    text = csv_of(rows_of(document, str))
    assert "'=SUM(1)" in text
    assert not any(cell.startswith("=") for line in text.splitlines() for cell in line.split(","))
    assert "Nobody explains the bill" in text


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Too expensive for us", "company.price"),
        ("Конкурент предложил скидку", "competitor.offer"),
        ("Довго чекали на відповідь підтримки", "company.slow_response"),
    ],
)
def test_causes_are_suggested_in_three_languages(text: str, cause: str) -> None:
    assert suggest_causes([text])[0] == cause
