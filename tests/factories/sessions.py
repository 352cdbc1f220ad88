"""Live sessions for tests: a made-up room of people who write, group and vote."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from feedback_app.brainstorms import queries, seats
from feedback_app.brainstorms.actions import advancing, joining, moving, writing
from feedback_app.brainstorms.queries import BrainstormRow
from feedback_app.brainstorms.rules.fold import Board, fold
from feedback_app.brainstorms.rules.phases import Phase, Plan
from feedback_app.foundation.db import Database

BY = "facilitator@example.com"
QUESTION = {"en": "Why do customers leave us?", "ru": "Почему клиенты от нас уходят?"}


@dataclass
class Room:
    """A session on a database, with the secrets of everybody who joined."""

    database: Database
    folder: Path
    code: str
    secrets: list[bytes] = field(default_factory=list)

    @property
    def row(self) -> BrainstormRow:
        """The session as it is now."""
        with self.database.reading() as session:
            return queries.get_brainstorm(session, self.code)

    @property
    def key(self) -> seats.SeatKey:
        """The session's key."""
        return seats.get_key(self.folder, self.row.id)

    def join(self, name: str, *, is_guest: bool = False) -> bytes:
        """Take a seat; its secret."""
        secret = seats.make_secret()
        with self.database.writing() as session:
            joining.join(
                session,
                self.row.id,
                secret=secret,
                name=name,
                is_guest=is_guest,
                folder=self.folder,
            )
        self.secrets.append(secret)
        return secret

    def write(self, secret: bytes, text: str, *, side: str = "", card: UUID | None = None) -> str:
        """Write a card; its id."""
        card = card or uuid4()
        with self.database.writing() as session:
            writing.write_card(
                session,
                self.row.id,
                card_id=card,
                owner=self.key.tag("card", secret),
                side=side,
                text=text,
            )
        return str(card)

    def vote(self, secret: bytes, *units: str) -> None:
        """Give votes."""
        with self.database.writing() as session:
            writing.vote(
                session,
                self.row.id,
                owner=self.key.tag("vote", secret),
                units=units,
                client_id=uuid4(),
            )

    def predict(self, secret: bytes, *causes: str) -> None:
        """Guess causes."""
        with self.database.writing() as session:
            writing.predict(
                session,
                self.row.id,
                owner=self.key.tag("prediction", secret),
                causes=causes,
                client_id=uuid4(),
            )

    def move(self, kind: str, *, client_id: UUID | None = None, **payload: object) -> int:
        """Make a move as the facilitator; the event's number."""
        with self.database.writing() as session:
            return moving.move(
                session,
                self.row.id,
                kind=kind,
                payload=payload,
                client_id=client_id or uuid4(),
                is_facilitator=True,
            )

    def go(self, to: Phase, *, customers: dict[str, object] | None = None) -> int:
        """Go to a phase."""
        with self.database.writing() as session:
            return advancing.advance(
                session,
                self.row.id,
                to=to,
                by=BY,
                client_id=uuid4(),
                folder=self.folder,
                customers=customers,
            )

    def board(self) -> Board:
        """What everybody sees."""
        with self.database.reading() as session:
            return fold(queries.list_events(session, self.row.id))


def make_room(database: Database, home: Path, *, people: int = 0, plan: Plan | None = None) -> Room:
    """A session in its lobby with so many people in it."""
    folder = home / seats.FOLDER
    with database.writing() as session:
        code = advancing.create(
            session,
            title="Why they leave",
            question=QUESTION,
            plan=plan or Plan(are_guests_allowed=True),
            by=BY,
            folder=folder,
        )
    room = Room(database, folder, code)
    for number in range(people):
        room.join(f"Person {number + 1}")
    return room
