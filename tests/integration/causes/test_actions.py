"""Changing the catalogue in a real database: codebooks, history, and two people at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from feedback_app.causes import actions, queries
from feedback_app.causes.rules import (
    Cause,
    ChangeKind,
    Side,
    Texts,
    UnableToFindCause,
)
from feedback_app.foundation.db import Database
from feedback_app.staff.models import AuditEntry

BY = "researcher@example.org"
STARTER_SIZE = 29


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that run through `engine` inside the block."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def loaded(database: Database) -> Database:
    with database.writing() as session:
        assert actions.load_catalogue(session) == 1
    return database


def act(database: Database, do: Callable[[Session], object]) -> None:
    with database.writing() as session:
        do(session)


def read(database: Database):
    with database.reading() as session:
        return queries.get_catalogue(session)


def test_the_first_start_loads_the_starter_as_codebook_one(loaded: Database) -> None:
    catalogue = read(loaded)
    starter = queries.get_starter()
    assert catalogue.codebook == 1
    assert {it.code: it for it in catalogue.causes} == {it.code: it for it in starter.causes}
    assert len(catalogue.codes()) == STARTER_SIZE
    with loaded.reading() as session:
        (history,) = queries.list_changes(session)
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0
    assert history.codebook.made_by == actions.PRODUCT
    assert {change.kind for change in history.changes} == {ChangeKind.ADDED}
    assert len(history.changes) == STARTER_SIZE


def test_later_starts_read_two_lines_and_write_nothing(loaded: Database) -> None:
    act(loaded, lambda it: actions.rename(it, "company.price", Texts({"ru": "Дорого"}), by=BY))
    with loaded.writing() as session, statements(loaded.writer) as seen:
        assert actions.load_catalogue(session) == 2
    reads = [line for line in seen if not line.startswith(("BEGIN", "PRAGMA"))]
    assert len(reads) == 2
    assert all(line.startswith("SELECT") for line in reads)
    assert read(loaded).label("company.price", "en") == "Дорого"


def test_a_starter_cause_of_a_later_release_becomes_a_codebook(
    loaded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    act(loaded, lambda it: actions.retire(it, "company.price", by=BY))
    starter = queries.get_starter()
    later = queries.Starter(
        (*starter.causes, Cause("client.new", Side.CLIENT, 300, labels={"en": "New"})),
        starter.sides,
    )
    monkeypatch.setattr(actions, "get_starter", lambda: later)
    with loaded.writing() as session:
        assert actions.load_catalogue(session) == 3
    catalogue = read(loaded)
    assert catalogue.label("client.new", "uk") == "New"
    assert catalogue.get("company.price").is_retired


def test_an_empty_catalogue_says_what_to_do(database: Database) -> None:
    with (
        database.reading() as session,
        pytest.raises(queries.UnableToReadCatalogue, match="feedback init"),
    ):
        queries.get_catalogue(session)


@pytest.fixture
def changed(loaded: Database) -> Database:
    """One change of every kind, codebooks 2 to 8."""
    few = Texts({"en": "Few branches"}, {"en": "Far."})
    steps: list[Callable[[Session], object]] = [
        lambda it: actions.add(it, side=Side.COMPANY, texts=few, by=BY),
        lambda it: actions.rename(it, "company.price", Texts({"en": "Our fees"}), by=BY),
        lambda it: actions.move(it, "company.few_branches", places=-1, by=BY),
        lambda it: actions.set_tickable(it, "client.mistake", is_tickable=False, by=BY),
        lambda it: actions.merge(it, "company.rudeness", "company.neglect", by=BY),
        lambda it: actions.retire(it, "company.innovation", by=BY),
        lambda it: actions.restore(it, "company.rudeness", by=BY),
    ]
    for step in steps:
        act(loaded, step)
    return loaded


def test_every_change_is_a_codebook_with_what_was_before_and_after(changed: Database) -> None:
    with changed.reading() as session:
        history = queries.list_changes(session)
    kinds = [entry.changes[0].kind for entry in reversed(history)]
    assert kinds == [ChangeKind.ADDED, *ChangeKind]
    assert [entry.codebook.number for entry in history] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert {entry.codebook.made_by for entry in history[:-1]} == {BY}
    moved = history[4].changes
    assert {it.code: (it.before, it.after) for it in moved} == {
        "company.few_branches": ({"position": 210}, {"position": 200}),
        "company.communication": ({"position": 200}, {"position": 210}),
    }
    merged = history[2].changes[0]
    assert merged.before == {"is_retired": False, "merged_into": None}
    assert merged.after == {"is_retired": True, "merged_into": "company.neglect"}


def test_every_change_is_an_audit_entry(changed: Database) -> None:
    with changed.reading() as session:
        audit = session.execute(
            select(AuditEntry.act, AuditEntry.subject, AuditEntry.by, AuditEntry.detail).order_by(
                AuditEntry.id
            )
        ).all()
    assert [tuple(entry)[:3] for entry in audit] == [
        ("cause.add", "company.few_branches", BY),
        ("cause.rename", "company.price", BY),
        ("cause.move", "company.few_branches", BY),
        ("cause.set-tickable", "client.mistake", BY),
        ("cause.merge", "company.rudeness", BY),
        ("cause.retire", "company.innovation", BY),
        ("cause.restore", "company.rudeness", BY),
    ]
    assert audit[4].detail == {"codebook": 6, "into": "company.neglect"}


def test_a_change_of_nothing_makes_no_codebook(loaded: Database) -> None:
    cause = read(loaded).get("company.price")
    texts = Texts(cause.labels, cause.explanations)
    with loaded.writing() as session:
        assert actions.rename(session, "company.price", texts, by=BY, seen=1) == 1
        assert actions.move(session, "competitor.price", places=-1, by=BY, seen=1) == 1
        assert actions.set_tickable(session, "company.price", is_tickable=True, by=BY) == 1
    with loaded.reading() as session:
        assert queries.find_codebook_number(session) == 1
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_every_older_codebook_can_be_read_back(loaded: Database) -> None:
    seen = [read(loaded)]
    steps: list[Callable[[Session], object]] = [
        lambda it: actions.rename(it, "client.closed", Texts({"uk": "Закрито"}), by=BY),
        lambda it: actions.merge(it, "company.rudeness", "company.neglect", by=BY),
        lambda it: actions.add(it, side=Side.CLIENT, texts=Texts({"ru": "Отпуск"}), by=BY),
        lambda it: actions.restore(it, "company.rudeness", by=BY),
        lambda it: actions.move(it, "client.otpusk", places=-4, by=BY),
    ]
    for step in steps:
        act(loaded, step)
        seen.append(read(loaded))
    assert [it.codebook for it in seen] == [1, 2, 3, 4, 5, 6]
    with loaded.reading() as session:
        for catalogue in seen:
            assert queries.get_catalogue_at(session, catalogue.codebook) == catalogue
        assert queries.get_catalogue_at(session, 3).current("company.rudeness") == "company.neglect"
        assert queries.get_catalogue_at(session, 1).label("client.closed", "en") != "Закрито"
        for number in (0, 7):
            with pytest.raises(UnableToFindCause, match=f"number {number}"):
                queries.get_catalogue_at(session, number)


def test_the_history_is_read_in_pages(loaded: Database) -> None:
    for places in (1, 1, -1, -1):
        with loaded.writing() as session:
            actions.move(session, "company.price", places=places, by=BY)
    with loaded.reading() as session:
        first = queries.list_changes(session, most=2)
        second = queries.list_changes(session, most=2, before=first[-1].codebook.number)
        none = queries.list_changes(session, before=1)
    assert [it.codebook.number for it in (*first, *second)] == [5, 4, 3, 2]
    assert none == ()


def test_the_catalogue_costs_one_query_until_it_changes(loaded: Database) -> None:
    kept = read(loaded)
    with statements(loaded.reader) as seen:
        assert read(loaded) is kept
    assert sum(line.startswith("SELECT") for line in seen) == 1
    act(loaded, lambda it: actions.retire(it, "company.price", by=BY))
    with statements(loaded.reader) as seen:
        assert read(loaded).get("company.price").is_retired
    assert sum(line.startswith("SELECT") for line in seen) == 2


def test_whoever_read_the_newest_codebook_already_saves_the_query(loaded: Database) -> None:
    with loaded.reading() as session:
        kept = queries.get_catalogue(session)
        newest = queries.find_codebook(session)
        with statements(loaded.reader) as seen:
            assert queries.get_catalogue(session, newest=newest) is kept
    assert seen == []


def test_what_was_rolled_back_is_not_kept(loaded: Database) -> None:
    with loaded.opened_for_writing() as session:
        actions.retire(session, "company.price", by=BY)
        assert queries.get_catalogue(session).get("company.price").is_retired
    act(loaded, lambda it: actions.retire(it, "company.quality", by=BY))
    with loaded.opened_for_writing() as session:
        catalogue = queries.get_catalogue(session)
    assert catalogue.codebook == 2
    assert not catalogue.get("company.price").is_retired
    assert catalogue.get("company.quality").is_retired
