"""A session through its phases on both databases: what is stored, revealed, counted, forgotten."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from config import Settings
from feedback_app.brainstorms import queries, seats
from feedback_app.brainstorms.actions import accepting, advancing, joining, writing
from feedback_app.brainstorms.models import Seat, SessionEvent, Slip
from feedback_app.brainstorms.rules.fold import Replica
from feedback_app.brainstorms.rules.phases import Phase, Plan, UnableToRunSession
from feedback_app.causes.queries import get_catalogue
from feedback_app.causes.rules import Texts
from feedback_app.foundation.db import Database
from feedback_app.models import TABLES
from tests.factories.sessions import BY, Room, make_room
from tests.security.test_tables import linked


@pytest.fixture
def room(prepared: Database, settings: Settings) -> Room:
    return make_room(prepared, settings.home, people=4)


def test_cards_are_private_until_one_shuffled_event_reveals_them(room: Room) -> None:
    room.go(Phase.WRITE)
    written = {room.write(secret, f"reason {n}") for n, secret in enumerate(room.secrets * 3)}
    with room.database.reading() as session:
        kinds = [event.kind for event in queries.list_events(session, room.row.id)]
    assert kinds == ["phase"]
    room.go(Phase.REVEAL)
    board = room.board()
    assert set(board.cards) == written
    with room.database.reading() as session:
        (revealed,) = session.scalars(
            select(SessionEvent.payload).where(SessionEvent.kind == "revealed")
        )
    assert all(set(card) == {"id", "side", "text"} for card in revealed["cards"])  # type: ignore[attr-defined]


def test_everything_sent_twice_is_stored_once(room: Room) -> None:
    secret = room.secrets[0]
    owner = room.key.tag("card", secret)
    room.go(Phase.WRITE)
    card = uuid4()
    room.write(secret, "once", card=card)
    room.write(secret, "once", card=card)
    edit = uuid4()
    for wording, client_id in (("better", edit), ("best", uuid4()), ("better", edit)):
        with room.database.writing() as session:
            writing.reword_card(
                session,
                room.row.id,
                card_id=card,
                owner=owner,
                side="client",
                text=wording,
                client_id=client_id,
            )
    with room.database.reading() as session:
        own = queries.list_own_cards(session, room.row.id, owner)
    assert [(it.text, it.side) for it in own] == [("best", "client")]
    with room.database.writing() as session:
        joining.join(
            session, room.row.id, secret=secret, name="Twin", is_guest=False, folder=room.folder
        )
        assert joining.count_seats(session, room.row.id) == 4
    room.go(Phase.GROUP)
    other = room.write(room.secrets[1], "late")
    assert other not in room.board().cards
    with room.database.writing() as session:
        advancing.reveal_late(session, room.row.id, client_id=uuid4())
    assert other in room.board().cards
    again = uuid4()
    first = room.move("merged", client_id=again, units=[str(card), other], into=str(uuid4()))
    assert room.move("merged", client_id=again, units=[other], into=str(uuid4())) == first


def test_only_its_writer_changes_a_card(room: Room) -> None:
    room.go(Phase.WRITE)
    card = UUID(room.write(room.secrets[0], "mine"))
    thief = room.key.tag("card", room.secrets[1])
    with room.database.writing() as session, pytest.raises(UnableToRunSession, match="not yours"):
        writing.withdraw_card(session, room.row.id, card_id=card, owner=thief, client_id=uuid4())
    room.go(Phase.REVEAL)
    owner = room.key.tag("card", room.secrets[0])
    with room.database.writing() as session:
        writing.withdraw_card(session, room.row.id, card_id=card, owner=owner, client_id=uuid4())
    assert room.board().cards == {}


def test_votes_and_predictions_are_counted_when_their_phase_ends(room: Room) -> None:
    room.go(Phase.PREDICT)
    for secret in room.secrets[:3]:
        room.predict(secret, "company.price", "client.closed")
    room.predict(room.secrets[0], "company.price")
    room.go(Phase.WRITE)
    cards = [room.write(room.secrets[0], f"reason {number}") for number in range(8)]
    room.go(Phase.VOTE)
    assert room.board().allowance == 2
    for secret in room.secrets:
        room.vote(secret, *cards[:3])
    assert room.board().votes is None
    room.go(Phase.COMPARE)
    board = room.board()
    assert board.predicted == {"people": 3, "counts": {"client.closed": 2, "company.price": 3}}
    assert board.votes is not None
    assert board.votes["counts"] == {**dict.fromkeys(cards, 0), cards[0]: 4, cards[1]: 4}
    with pytest.raises(UnableToRunSession, match="over"):
        room.vote(room.secrets[0], cards[5])


def test_the_end_leaves_a_result_and_nothing_that_ties_people_to_cards(room: Room) -> None:
    room.go(Phase.WRITE)
    card = room.write(room.secrets[0], "Nobody calls back", side="company")
    room.go(Phase.TAG)
    assert room.board().suggestions == {card: ["company.slow_response"]}
    room.move("tagged", unit=card, side="company", label="Nobody rings")
    room.move("why", unit=card, level=1, text="No one is in charge")
    room.go(Phase.DECIDE)
    room.move("idea", unit=card, idea="A list", owner="Olha", due="2026-12-01", measure="hours")
    row = room.row
    room.go(Phase.OVER)
    with room.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Seat)) == 0
        assert session.scalar(select(func.count()).select_from(Slip)) == 0
        result = queries.find_result(session, row.id)
    assert result is not None
    assert result["groups"][0]["idea"] == "A list"
    assert list(room.folder.glob("*.key")) == []
    with pytest.raises(UnableToRunSession, match="not here"):
        seats.get_key(room.folder, row.id)
    with pytest.raises(UnableToRunSession, match="over"):
        room.go(Phase.WRITE)
    with room.database.writing() as session:
        code = accepting.accept(
            session, row.id, unit=card, texts=Texts({"en": "Nobody rings"}), by=BY
        )
    with room.database.reading() as session:
        assert get_catalogue(session).get(code).is_own
        (origin,) = queries.list_origins(session, row.id)
        assert (origin.cause, origin.accepted_by) == (code, BY)
        assert (queries.find_result(session, row.id) or {})["groups"][0]["accepted"] == code
    with room.database.writing() as session, pytest.raises(UnableToRunSession):
        accepting.accept(session, row.id, unit=card, texts=Texts({"en": "Twice"}), by=BY)


def test_an_ended_transaction_that_fails_keeps_the_key(room: Room) -> None:
    with room.database.opened_for_writing() as session:
        advancing.advance(
            session, room.row.id, to=Phase.OVER, by=BY, client_id=uuid4(), folder=room.folder
        )
        session.rollback()
    assert seats.get_key(room.folder, room.row.id).value


def test_how_much_is_unsaid_counts_the_silent_phase_alone(
    prepared: Database, settings: Settings
) -> None:
    room = make_room(prepared, settings.home, people=20)
    room.go(Phase.WRITE)
    for number, secret in enumerate(room.secrets):
        room.write(secret, f"reason {number % 5}")
    room.go(Phase.WRITE)
    room.write(room.secrets[0], "read of others, so it does not count")
    room.go(Phase.GROUP)
    cards = room.board().cards
    for reason in range(5):
        same = [card for card, it in cards.items() if it["text"] == f"reason {reason}"]
        room.move("merged", units=same, into=str(uuid4()))
    room.go(Phase.VOTE)
    assert room.board().unsaid == {"people": 20, "named_by": {"4": 5}}


def test_doubts_before_going_on(room: Room) -> None:
    with room.database.reading() as session:
        assert advancing.find_doubt(session, room.code, to=Phase.PREDICT) is None
    room.go(Phase.WRITE)
    seat = room.key.seat_id(room.secrets[0])
    with room.database.writing() as session:
        joining.beat(session, seat, done_step=room.row.step)
    with room.database.reading() as session:
        doubt = advancing.find_doubt(session, room.code, to=Phase.REVEAL)
        assert doubt is not None
        assert doubt.still == 3
        assert advancing.find_doubt(session, room.code, to=Phase.LOBBY) is None
    with room.database.writing() as session:
        n = advancing.extend(session, room.row.id, minutes=5, client_id=uuid4())
    assert n == 2
    assert room.board().ends_at == (room.row.ends_at or 0).isoformat()  # type: ignore[union-attr]


def test_guests_names_and_numbers_are_looked_after(prepared: Database, settings: Settings) -> None:
    room = make_room(prepared, settings.home, people=1, plan=Plan())
    with pytest.raises(UnableToRunSession, match="colleagues only"):
        room.join("Guest", is_guest=True)
    with pytest.raises(UnableToRunSession, match="this name"):
        room.join(" person  1 ")


def test_the_log_refuses_to_be_changed(room: Room) -> None:
    room.go(Phase.WRITE)
    with room.database.opened_for_writing() as session, pytest.raises(DBAPIError, match="append"):
        session.execute(update(SessionEvent).values(kind="phase"))


def test_no_foreign_key_leads_from_a_seat_to_a_slip_but_through_the_session() -> None:
    """And what they share beyond it are no values: ids and tags come from separate digests."""
    tables = {table.name: table for table in TABLES}
    for name in ("seat", "session_slip", "session_event"):
        targets = {key.column.table.name for key in tables[name].foreign_keys}
        assert targets == {"brainstorm"}
    assert "answer" not in linked("seat")
    key = seats.SeatKey(b"k" * 32)
    secret = seats.make_secret()
    derived = {key.seat_id(secret).bytes, *(key.tag(it, secret) for it in ("card", "vote"))}
    assert len(derived) == 3


def move_at_random(room: Room, cards: list[str], groups: list[str], number: int) -> list[UUID]:
    """One participant's moves, some of them sent twice; their ids."""
    chance = random.Random(number)
    sent = []
    for _ in range(4):
        client_id = uuid4()
        payload = {"units": chance.sample(cards, 2), "into": chance.choice(groups)}
        for _again in range(chance.choice((1, 1, 2))):
            room.move("merged", client_id=client_id, **payload)
        sent.append(client_id)
    return sent


def test_twenty_threads_move_at_once_and_everybody_has_the_same_board(
    prepared: Database, settings: Settings
) -> None:
    """The server numbers what comes at once, some of it twice; readers poll meanwhile."""
    room = make_room(prepared, settings.home, people=3)
    room.go(Phase.WRITE)
    cards = [room.write(room.secrets[0], f"reason {number}") for number in range(12)]
    room.go(Phase.GROUP)
    room_id, groups = room.row.id, [str(uuid4()) for _ in range(4)]
    replicas = [Replica() for _ in range(20)]

    def poll(replica: Replica) -> None:
        with room.database.reading() as session:
            replica.take(queries.list_events(session, room_id, after=replica.last))

    def take_part(number: int) -> list[UUID]:
        sent = move_at_random(room, cards, groups, number)
        poll(replicas[number])
        return sent

    with ThreadPoolExecutor(20) as threads:
        sent = {each for some in threads.map(take_part, range(20)) for each in some}
    for replica in replicas:
        poll(replica)
    expected = room.board().document()
    assert all(replica.board.document() == expected for replica in replicas)
    with prepared.reading() as session:
        stored = set(session.scalars(select(SessionEvent.client_id)))
        numbers = session.scalars(text("SELECT n FROM session_event ORDER BY n")).all()
    assert len(sent) == 80
    assert sent <= stored
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_database_thief_reads_no_names(
    prepared: Database, settings: Settings, request: pytest.FixtureRequest
) -> None:
    """While it runs a name is ciphertext; the key lies in its own folder, out of backups."""
    name = f"Mavka{uuid4().hex}"
    room = make_room(prepared, settings.home)
    secret = room.join(name)
    room.go(Phase.WRITE)
    room.write(secret, "a reason")
    with prepared.reading() as session:
        (seat,) = session.scalars(select(Seat))
        (slip,) = session.scalars(select(Slip))
        people = queries.list_people(session, room.row.id, room.key)
    assert [person.name for person in people] == [name]
    assert name.encode() not in seat.name
    assert slip.owner not in (seat.id.bytes, secret)
    for path in Path(settings.home).rglob("*"):
        if path.is_file():
            assert name.encode() not in path.read_bytes(), path
    assert (room.folder / "CACHEDIR.TAG").exists()
