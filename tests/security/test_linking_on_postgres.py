"""A thief of the PostgreSQL server, its pages and its log tries to link answers to invitations.

Never better than one in k, over 2,000 answers; and every attack wins against a control.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from feedback_app.answers.models import Answer
from tests.databases import PostgresServer
from tests.security import postgres_thief
from tests.security.controls import take_plainly, talkative, unshuffled, world_on
from tests.security.guessing import (
    guess_by_language,
    guess_by_mail,
    guess_by_order,
    hit_rate,
    most_allowed,
)
from tests.security.reading import assert_sealed
from tests.security.world import (
    Taking,
    World,
    everybody_answers,
    order_of_mails,
    smallest_crowd,
)

ANSWERS = 2000
CONTROL_ANSWERS = 300


def languages_of(world: World) -> dict[UUID, str]:
    with world.database.reading() as session:
        rows = session.execute(select(Answer.id, Answer.language)).all()
    return {row.id: row.language for row in rows}


def play_on_postgres(
    server: PostgresServer, home: Path, guests: int, take: Taking | None = None
) -> Iterator[tuple[World, postgres_thief.Thief]]:
    name = server.create()
    try:
        with world_on(server.url(name), home, guests) as world, smallest_crowd(world):
            thief = postgres_thief.Thief(server, name)
            for moment in everybody_answers(world, take):
                if moment == "before":
                    thief.watch()
            yield world, thief
    finally:
        server.drop(name)


@pytest.fixture(scope="module")
def on_postgres(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, postgres_thief.Thief]]:
    yield from play_on_postgres(postgres_server, tmp_path_factory.mktemp("home"), ANSWERS)


def log_order(thief: postgres_thief.Thief) -> list[postgres_thief.Trace]:
    """Answers in the order of the write-ahead log."""
    rank = thief.places_in_log("answer")
    return sorted(thief.answers(), key=lambda each: (each.writer, rank[each.place]))


POSTGRES_ORDERS: dict[str, Callable[[postgres_thief.Thief], list[postgres_thief.Trace]]] = {
    "xmin and ctid": lambda thief: thief.answers(),
    "backwards": lambda thief: thief.answers()[::-1],
    "identifiers": lambda thief: sorted(thief.answers(), key=lambda each: (each.writer, each.id)),
    "write-ahead log": log_order,
}


@pytest.mark.parametrize("order", POSTGRES_ORDERS)
def test_what_postgres_keeps_links_no_better_than_one_in_k(
    order: str, on_postgres: tuple[World, postgres_thief.Thief]
) -> None:
    world, thief = on_postgres
    truth = world.judge()
    assert [each.id for each in thief.invitations()] == list(world.guests)
    appeared = POSTGRES_ORDERS[order](thief)
    openings = postgres_thief.openings(
        thief.invitations(), sorted(appeared, key=lambda each: each.writer)
    )
    assert all(set(each.arrived) == {truth[a] for a in each.appeared} for each in openings)
    assert hit_rate(guess_by_order(openings), truth) <= most_allowed(world.survey.k, len(truth))
    by_language = guess_by_language(world, openings, languages_of(world))
    assert hit_rate(by_language, truth) <= most_allowed(world.survey.k, len(truth))
    by_mail = guess_by_mail(openings, order_of_mails(world))
    assert hit_rate(by_mail, truth) <= most_allowed(world.survey.k, len(truth))


def test_no_two_rows_of_an_answer_and_its_invitation_share_a_transaction(
    on_postgres: tuple[World, postgres_thief.Thief],
) -> None:
    _world, thief = on_postgres
    assert postgres_thief.same_transaction(thief.invitations(), thief.answers()) == {}
    assert thief.tokens() == []  # an invitation is its own guard against a second answer


def test_dead_boxes_name_their_batch_and_no_more(
    on_postgres: tuple[World, postgres_thief.Thief],
) -> None:
    """Deleted rows keep both transactions: they lead from an invitation to its whole crowd."""
    world, thief = on_postgres
    crowd = {each.writer: 0 for each in thief.answers()}
    for each in thief.answers():
        crowd[each.writer] += 1
    openers = {opener for _writer, opener in thief.dead_boxes()}
    assert all(crowd[each] >= world.survey.k for each in openers if each in crowd)


def test_control_plain_answers_on_postgres_are_linked_by_xmin(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    for world, thief in play_on_postgres(
        postgres_server, tmp_path / "home", CONTROL_ANSWERS, take_plainly
    ):
        guess = postgres_thief.same_transaction(thief.invitations(), thief.answers())
        assert hit_rate(guess, world.judge()) == 1


# The log is shared with whatever else the server writes, so its reader may lose some.
@pytest.mark.parametrize(
    ("order", "least"), [("xmin and ctid", 0.5), ("identifiers", 0.5), ("write-ahead log", 0.25)]
)
def test_control_unshuffled_answers_on_postgres_are_linked_by_order(
    order: str, least: float, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    with unshuffled():
        for world, thief in play_on_postgres(postgres_server, tmp_path / "home", CONTROL_ANSWERS):
            openings = postgres_thief.openings(thief.invitations(), POSTGRES_ORDERS[order](thief))
            assert hit_rate(guess_by_order(openings), world.judge()) >= least


def test_control_kept_languages_on_postgres_are_linked(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    with talkative():
        for world, thief in play_on_postgres(postgres_server, tmp_path / "home", CONTROL_ANSWERS):
            truth = world.judge()
            openings = postgres_thief.openings(thief.invitations(), thief.answers())
            guess = guess_by_language(world, openings, languages_of(world))
            assert hit_rate(guess, truth) > most_allowed(world.survey.k, len(truth))


def test_no_waiting_answer_can_be_read_in_any_file(
    on_postgres: tuple[World, postgres_thief.Thief], tmp_path: Path
) -> None:
    """Pages, dead rows, statistics, write-ahead log and the server's own log."""
    world, thief = on_postgres
    with thief.connect() as connection:
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")
    server = thief.server
    assert_sealed(world, [world.settings.home, server.data, server.log], tmp_path)
