"""A thief of the SQLite file and its log tries to link answers to invitations.

Never better than one in k, over 2,000 answers; and every attack wins against a control.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests import databases
from tests.security import sqlite_thief
from tests.security.controls import take_plainly, talkative, unshuffled, world_on
from tests.security.guessing import (
    Opening,
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


def play_on_sqlite(
    template: Path, home: Path, guests: int, take: Taking | None = None
) -> Iterator[tuple[World, sqlite_thief.Thief]]:
    url = databases.copy_sqlite(template, home)
    with world_on(url, home, guests) as world, smallest_crowd(world):
        thief = sqlite_thief.Thief(Path(url.removeprefix("sqlite:///")))
        for moment in everybody_answers(world, take):
            if moment == "before":
                thief.steal_log()
            else:
                thief.steal_file()
        yield world, thief


@pytest.fixture(scope="module")
def on_sqlite(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, sqlite_thief.Thief]]:
    yield from play_on_sqlite(sqlite_template, tmp_path_factory.mktemp("home"), ANSWERS)


SQLITE_ORDERS: dict[str, Callable[[sqlite_thief.Thief], list[Opening]]] = {
    "order in which pages filled": lambda thief: thief.by_pages,
    "place in the file": lambda thief: thief.by_places,
    "identifiers": lambda thief: thief.by_id,
}


def test_the_sqlite_log_gives_away_who_answered_when_but_not_what(
    on_sqlite: tuple[World, sqlite_thief.Thief],
) -> None:
    """The attack does read the log: it knows every arrival in its order. It links nothing."""
    world, thief = on_sqlite
    assert [UUID(each) for each in thief.arrived] == list(world.guests)
    assert len(thief.ciphertexts) == ANSWERS
    assert thief.paired == {}
    assert len(world.judge()) > ANSWERS - 3 * world.survey.k


@pytest.mark.parametrize("order", SQLITE_ORDERS)
def test_order_in_the_sqlite_file_links_no_better_than_one_in_k(
    order: str, on_sqlite: tuple[World, sqlite_thief.Thief]
) -> None:
    world, thief = on_sqlite
    truth = world.judge()
    openings = SQLITE_ORDERS[order](thief)
    assert {each for opening in openings for each in opening.appeared} == set(truth)
    assert all(set(each.arrived) == {truth[a] for a in each.appeared} for each in openings)
    assert hit_rate(guess_by_order(openings), truth) <= most_allowed(world.survey.k, len(truth))
    by_language = guess_by_language(world, openings, thief.languages)
    assert hit_rate(by_language, truth) <= most_allowed(world.survey.k, len(truth))
    by_mail = guess_by_mail(openings, order_of_mails(world))
    assert hit_rate(by_mail, truth) <= most_allowed(world.survey.k, len(truth))


def test_opened_boxes_are_wiped_from_the_sqlite_file_and_its_log(
    on_sqlite: tuple[World, sqlite_thief.Thief],
) -> None:
    world, thief = on_sqlite
    world.database.forget_old_pages()
    raw = thief.path.read_bytes() + (thief.log.read_bytes() if thief.log.exists() else b"")
    present = {id_ for id_, box in thief.ciphertexts.items() if box[-64:] in raw}
    assert len(present) == len(world.unopened())


def test_control_plain_answers_on_sqlite_are_linked_by_the_log(
    sqlite_template: Path, tmp_path: Path
) -> None:
    for world, thief in play_on_sqlite(
        sqlite_template, tmp_path / "home", CONTROL_ANSWERS, take_plainly
    ):
        # The log begins anew every thousand pages, so a few commits escape him.
        assert hit_rate(thief.paired, world.judge()) > 0.9


def test_control_unshuffled_answers_on_sqlite_are_linked_by_order(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with unshuffled():
        for world, thief in play_on_sqlite(sqlite_template, tmp_path / "home", CONTROL_ANSWERS):
            assert hit_rate(guess_by_order(thief.by_id), world.judge()) == 1


def test_control_rows_with_rowid_are_ordered_by_their_pages(tmp_path: Path) -> None:
    """Why answers have no rowid: it and the pages follow arrival even under random keys."""
    ids = [uuid4().hex for _ in range(CONTROL_ANSWERS)]
    path = tmp_path / "control.sqlite3"
    with closing(sqlite3.connect(path)) as control:
        control.execute("CREATE TABLE answer (id CHAR(32), document TEXT)")
        for id_ in ids:
            control.execute("INSERT INTO answer VALUES (?, ?)", [id_, "x" * 300])
            control.commit()
        by_rowid = [row[0] for row in control.execute("SELECT id FROM answer ORDER BY rowid")]
    assert by_rowid == ids
    assert sqlite_thief.in_order_of_filling(path.read_bytes(), ids[::-1]) == ids


def test_control_kept_languages_on_sqlite_are_linked(sqlite_template: Path, tmp_path: Path) -> None:
    with talkative():
        for world, thief in play_on_sqlite(sqlite_template, tmp_path / "home", CONTROL_ANSWERS):
            truth = world.judge()
            guess = guess_by_language(world, thief.by_pages, thief.languages)
            assert hit_rate(guess, truth) > most_allowed(world.survey.k, len(truth))


def test_no_waiting_answer_can_be_read_in_any_file(
    on_sqlite: tuple[World, sqlite_thief.Thief], tmp_path: Path
) -> None:
    world, _thief = on_sqlite
    assert_sealed(world, [world.settings.home], tmp_path)
