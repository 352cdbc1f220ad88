"""The fold: everybody who reads the same log has the same board, in whatever portions."""

from __future__ import annotations

import random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_app.brainstorms.rules.fold import Event, Replica, fold
from feedback_app.brainstorms.rules.moves import SHAPES, Kind

CARDS = [str(UUID(int=number)) for number in range(1, 13)]
GROUPS = [str(UUID(int=100 + number)) for number in range(5)]
UNITS = CARDS + GROUPS
PARTICIPANTS = 20

REVEALED = Event(
    1,
    Kind.REVEALED,
    {"cards": [{"id": card, "side": "", "text": f"card {card[-2:]}"} for card in CARDS]},
)

cards, groups, units = (st.sampled_from(each) for each in (CARDS, GROUPS, UNITS))
moves = st.one_of(
    st.tuples(
        st.just(Kind.MERGED),
        st.fixed_dictionaries({"units": st.lists(units, min_size=1, max_size=3), "into": units}),
    ),
    st.tuples(st.just(Kind.SPLIT), st.fixed_dictionaries({"card": cards})),
    st.tuples(
        st.just(Kind.NAMED), st.fixed_dictionaries({"unit": units, "name": st.text(max_size=4)})
    ),
    st.tuples(
        st.just(Kind.TAGGED),
        st.fixed_dictionaries({"unit": units, "cause": st.sampled_from(["", "company.price"])}),
    ),
    st.tuples(
        st.just(Kind.WHY),
        st.fixed_dictionaries({"unit": units, "level": st.integers(1, 5), "text": st.just("so")}),
    ),
    st.tuples(
        st.just(Kind.HIDDEN),
        st.fixed_dictionaries({"card": cards, "is_hidden": st.booleans()}),
    ),
    st.tuples(st.just(Kind.WITHDRAWN), st.fixed_dictionaries({"card": cards})),
    st.tuples(
        st.just(Kind.UNDONE),
        st.fixed_dictionaries({"event": st.integers(1, 90)}),
    ),
)
Sent = list[list[tuple[Kind, dict[str, object]]]]
queues = st.lists(st.lists(moves, max_size=6), min_size=PARTICIPANTS, max_size=PARTICIPANTS)


def make_log(sent: Sent, chance: random.Random) -> list[Event]:
    """The server's order of what participants send: each in their own order, mixed at random."""
    waiting = [list(queue) for queue in sent]
    log = [REVEALED]
    while any(waiting):
        kind, payload = chance.choice([queue for queue in waiting if queue]).pop(0)
        shaped = SHAPES[kind](payload) if kind in SHAPES else payload
        log.append(Event(len(log) + 1, kind, shaped))
    return log


@settings(max_examples=25)
@given(queues, st.integers(0, 2**32))
def test_twenty_participants_converge(sent: Sent, seed: int) -> None:
    """They poll at any moments, get any overlap twice, and end with one board."""
    chance = random.Random(seed)
    log = make_log(sent, chance)
    replicas = [Replica() for _ in range(PARTICIPANTS)]
    for upto in range(0, len(log) + 1, 7):
        for replica in chance.sample(replicas, k=5):
            overlap = chance.randrange(replica.last + 1)
            replica.take(log[overlap:upto])
    for replica in replicas:
        replica.take(log[chance.randrange(replica.last + 1) :])
    expected = fold(log).document()
    assert all(replica.board.document() == expected for replica in replicas)


@settings(max_examples=25)
@given(queues, st.integers(0, 2**32))
def test_no_card_is_ever_lost_by_moving(sent: Sent, seed: int) -> None:
    board = fold(make_log(sent, random.Random(seed)))
    shown = [card for _unit, cards in board.units() for card in cards]
    assert len(shown) == len(set(shown))
    visible = {card for card, value in board.cards.items() if not value["is_hidden"]}
    assert set(shown) == visible


@settings(max_examples=25)
@given(queues, st.integers(0, 2**32))
def test_an_undo_is_as_if_the_move_was_never_made(sent: Sent, seed: int) -> None:
    log = make_log(
        [[move for move in queue if move[0] is not Kind.UNDONE] for queue in sent],
        random.Random(seed),
    )
    target = random.Random(seed).randrange(len(log)) + 1
    undone = fold([*log, Event(len(log) + 1, Kind.UNDONE, {"event": target})]).document()
    without = [event for event in log if event.n != target or event.kind not in SHAPES]
    expected = fold(without).document()
    for board in (undone, expected):
        del board["undone"]
    assert undone == expected


def test_merging_keeps_the_cards_and_carries_the_name_along() -> None:
    first, second, third = CARDS[:3]
    log = [
        REVEALED,
        Event(2, Kind.MERGED, {"units": [first, second], "into": GROUPS[0]}),
        Event(3, Kind.NAMED, {"unit": GROUPS[0], "name": "Price"}),
        Event(4, Kind.MERGED, {"units": [GROUPS[0], third], "into": GROUPS[1]}),
    ]
    board = fold(log)
    assert dict(board.units())[GROUPS[1]] == [first, second, third]
    assert board.title(GROUPS[1]) == "Price"
    assert len(board.cards) == len(CARDS)
    back = fold([*log, Event(5, Kind.UNDONE, {"event": 4})])
    assert dict(back.units())[GROUPS[0]] == [first, second]
