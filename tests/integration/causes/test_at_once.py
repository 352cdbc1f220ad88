"""Two people, and two servers, that change the catalogue at once."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from feedback_app.causes import actions, queries
from feedback_app.causes.models import CauseChange, CodebookVersion
from feedback_app.causes.rules import UnableToChangeCause
from feedback_app.foundation.db import Database

BY = "researcher@example.org"
STARTER_SIZE = 29


@pytest.fixture
def loaded(database: Database) -> Database:
    with database.writing() as session:
        actions.load_catalogue(session)
    return database


def read(database: Database):
    with database.reading() as session:
        return queries.get_catalogue(session)


def test_whoever_looked_at_an_older_codebook_is_refused(loaded: Database) -> None:
    with loaded.writing() as session:
        actions.retire(session, "company.price", by=BY, seen=1)
    with (
        loaded.writing() as session,
        pytest.raises(actions.UnableToChangeMeanwhile, match="look at them again"),
    ):
        actions.retire(session, "company.quality", by=BY, seen=1)
    assert not read(loaded).get("company.quality").is_retired


def test_of_two_people_at_once_one_is_refused_and_nothing_is_mixed(loaded: Database) -> None:
    barrier = threading.Barrier(2, timeout=20)
    outcomes: list[str] = []

    def change(code: str) -> None:
        try:
            with loaded.reading() as session:
                number = queries.find_codebook_number(session)
            barrier.wait()
            with loaded.writing() as session:
                actions.retire(session, code, by=BY, seen=number)
            outcomes.append("done")
        except UnableToChangeCause as error:
            outcomes.append(type(error).__name__)

    codes = ("company.price", "client.budget")
    people = [threading.Thread(target=change, args=(code,)) for code in codes]
    for person in people:
        person.start()
    for person in people:
        person.join(30)
    assert sorted(outcomes) == ["UnableToChangeMeanwhile", "done"]
    catalogue = read(loaded)
    assert catalogue.codebook == 2
    assert sum(catalogue.get(code).is_retired for code in codes) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_unique_number_refuses_the_second_even_after_it_looked(loaded: Database) -> None:
    with loaded.opened_for_writing() as first, loaded.opened_for_writing() as second:
        actions.retire(first, "company.price", by=BY, seen=1)
        # The second has looked before the first commits, and waits for the number.
        timer = threading.Timer(0.3, first.commit)
        timer.start()
        with pytest.raises(actions.UnableToChangeMeanwhile):
            actions.retire(second, "client.budget", by=BY, seen=1)
        timer.join()
        # The refused session is still good for showing the page again.
        assert queries.get_catalogue(second).codebook == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_servers_that_start_together_load_once(database: Database) -> None:
    barrier = threading.Barrier(2, timeout=20)
    numbers: list[int] = []

    def start() -> None:
        with database.writing() as session:
            barrier.wait()
            numbers.append(actions.load_catalogue(session))

    servers = [threading.Thread(target=start) for _ in range(2)]
    for server in servers:
        server.start()
    for server in servers:
        server.join(30)
    assert numbers == [1, 1]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CodebookVersion)) == 1
        assert session.scalar(select(func.count()).select_from(CauseChange)) == STARTER_SIZE
