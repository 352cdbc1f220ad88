"""A thief who watches every transaction tries to find the answer of somebody who wants a call.

He is stronger than any reader of logs: he sees each box and each slip the moment it is stored,
knows which box lies before a slip, and sees the name once the slip is opened. On both
databases, and against a control whose order shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from secrets import token_bytes
from uuid import UUID

import pytest
from sqlalchemy import text

from config import Settings
from feedback_app.answers import actions as answers
from feedback_app.answers.actions import FormToken
from feedback_app.answers.rules import Envelope
from feedback_app.contacts import actions as contacts
from feedback_app.contacts import jobs
from feedback_app.contacts.rules import Slip
from feedback_app.foundation.db import Database
from feedback_app.surveys import queries
from feedback_app.surveys.rules import Channel
from tests.factories.respondents import BY, OpenedSurvey, open_survey
from tests.security.controls import _Rising, unshuffled
from tests.security.guessing import hit_rate, most_allowed

PEOPLE, CONTROL_PEOPLE = 300, 80
K = 5
ASKED = 2  # every second one leaves a slip
PURGE_ON = date(2100, 1, 1)
PERSON = "document->>'improve'"


@dataclass
class Thief:
    """What he saw, by table: identifiers in the order in which they came or lie."""

    database: Database
    boxes: list[str] = field(default_factory=list)
    slips: list[str] = field(default_factory=list)
    box_before: dict[str, str] = field(default_factory=dict)  # slip -> box
    answer_of_box: dict[str, str] = field(default_factory=dict)  # guessed
    slip_of_contact: dict[str, str] = field(default_factory=dict)  # guessed

    def look(self, table: str, known: list[str]) -> list[str]:
        """What `table` holds and `known` does not, as it lies there."""
        order = "" if self.database.is_sqlite else " ORDER BY xmin::text::int8, ctid"
        with self.database.reader.connect() as connection:
            rows = connection.execute(text(f"SELECT id FROM {table}{order}"))
            return [each for each in (str(row[0]) for row in rows) if each not in set(known)]

    def note_person(self, *, left_slip: bool) -> None:
        """One more box, and perhaps a slip right after it."""
        (box,) = self.look("box", self.boxes)
        self.boxes.append(box)
        if left_slip:
            (slip,) = self.look("contact_slip", self.slips)
            self.slips.append(slip)
            self.box_before[slip] = box

    def note_opening(self) -> None:
        """The n-th of what came out belongs to the n-th of what went in."""
        for table, gone, guessed in (
            ("answer", self.boxes, self.answer_of_box),
            ("contact", self.slips, self.slip_of_contact),
        ):
            sealed = "box" if table == "answer" else "contact_slip"
            waiting = set(self.look(sealed, []))
            arrived = [each for each in gone if each not in waiting]
            gone[:] = [each for each in gone if each in waiting]
            seen = list(guessed.values() if table == "answer" else guessed)
            appeared = self.look(table, seen)
            pairs = zip(arrived, appeared, strict=True)
            guessed.update(pairs if table == "answer" else ((new, old) for old, new in pairs))

    def guess(self) -> dict[UUID, UUID]:
        """contact -> answer."""
        return {
            UUID(contact): UUID(self.answer_of_box[self.box_before[slip]])
            for contact, slip in self.slip_of_contact.items()
            if self.box_before[slip] in self.answer_of_box
        }


def everybody(survey: OpenedSurvey, people: int) -> Thief:
    """Everybody answers, every second one leaves a slip, the worker looks often."""
    thief = Thief(survey.database)
    with survey.database.writing() as session:
        row = queries.get_survey(session, str(survey.id))
        contacts.offer(session, row, is_offered=True, by=BY)
        opened = queries.find_for_respondent(session, survey_id=survey.id)
    assert opened is not None
    jobs.open_slips(survey.database, survey.settings)
    for number in range(people):
        values = {"reasons": {"ticked": ["company.price"], "decided": ""}, "improve": f"p{number}"}
        with survey.database.writing() as session:
            envelope = Envelope(opened.version_id, "en", values)
            token = FormToken(token_bytes(32), PURGE_ON)
            assert answers.take_sealed(session, row, envelope, channel=Channel.LINK, token=token)
        if number % ASKED == 0:
            with survey.database.writing() as session:
                slip = Slip(f"p{number}", "+380", "", "en")
                assert contacts.leave(
                    session, row, slip, token=FormToken(token_bytes(32), PURGE_ON)
                )
        thief.note_person(left_slip=number % ASKED == 0)
        if number % K == K - 1:
            survey.work()
            jobs.open_slips(survey.database, survey.settings)
            thief.note_opening()
    return thief


def judge(database: Database) -> dict[UUID, UUID]:
    """contact -> the answer of the same person."""
    column = "json_extract(document, '$.improve')" if database.is_sqlite else PERSON
    with database.reader.connect() as connection:
        persons = connection.execute(text(f"SELECT {column}, id FROM answer"))
        answer_of = {row[0]: UUID(str(row[1])) for row in persons}
        rows = connection.execute(text("SELECT id, name FROM contact"))
        return {UUID(str(row[0])): answer_of[row[1]] for row in rows if row[1] in answer_of}


def written_together(database: Database) -> int:
    """How many contacts and answers, or slips and boxes, one transaction of PostgreSQL wrote."""
    if database.is_sqlite:
        return 0
    pairs = (("contact", "answer"), ("contact_slip", "box"))
    with database.reader.connect() as connection:
        return sum(
            connection.scalar(text(f"SELECT count(*) FROM {a} JOIN {b} ON {a}.xmin = {b}.xmin"))
            for a, b in pairs
        )


@contextmanager
def in_order() -> Iterator[None]:
    """Control: slips come out as they went in, under identifiers that rise, as answers do."""
    with unshuffled(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(contacts, "uuid4", _Rising())
        yield


def test_who_wants_a_call_is_found_no_better_than_one_in_k(
    prepared: Database, settings: Settings
) -> None:
    thief = everybody(open_survey(prepared, settings, k=K), PEOPLE)
    truth = judge(prepared)
    assert len(truth) > PEOPLE / ASKED - 2 * K
    assert len(thief.guess()) > PEOPLE / ASKED - 2 * K
    assert hit_rate(thief.guess(), truth) <= most_allowed(K, len(truth))
    assert written_together(prepared) == 0


def test_control_in_order_everybody_is_found(prepared: Database, settings: Settings) -> None:
    with in_order():
        thief = everybody(open_survey(prepared, settings, k=K), CONTROL_PEOPLE)
    assert hit_rate(thief.guess(), judge(prepared)) > 0.9
