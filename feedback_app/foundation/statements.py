"""Statements that run thousands of times a minute: compiled once, then handed to the driver.

SQLAlchemy's way through a statement costs several times what the statement itself does.
These keep its compiler and its types and leave out the rest, so use them where a bench says
that it matters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from sqlalchemy import Delete, Insert, Select, Update
from sqlalchemy.orm import Session


class CompiledStatement:
    """A statement of tables with named `bindparam`s; no lists among them."""

    def __init__(self, statement: Insert | Update | Delete | Select[Any]) -> None:
        self._statement = statement
        self._compiled: dict[str, Callable[[Mapping[str, Any]], tuple[str, Any]]] = {}

    def for_driver(self, dialect: Any, values: Mapping[str, Any]) -> tuple[str, Any]:
        """Its text and parameters as the driver takes them."""
        prepare = self._compiled.get(dialect.name)
        if prepare is None:
            prepare = self._compiled[dialect.name] = self._compile(dialect)
        return prepare(values)

    def _compile(self, dialect: Any) -> Callable[[Mapping[str, Any]], tuple[str, Any]]:
        compiled: Any = self._statement.compile(dialect=dialect)
        fixed = {bind.key: bind.value for bind in compiled.binds.values() if not bind.required}
        processors = compiled._bind_processors
        names = {compiled.bind_names[bind]: bind.key for bind in compiled.binds.values()}
        order = compiled.positiontup
        steps = [(name, names[name], processors.get(name)) for name in (order or names)]

        def prepare(values: Mapping[str, Any]) -> tuple[str, Any]:
            given = {**fixed, **values}
            row = [
                (name, given[key] if process is None else process(given[key]))
                for name, key, process in steps
            ]
            return compiled.string, [value for _, value in row] if order else dict(row)

        return prepare


class CompiledChange(CompiledStatement):
    """An INSERT, UPDATE or DELETE that runs in a session's transaction."""

    def run(self, session: Session, values: Mapping[str, Any]) -> int:
        """Run it in the session's transaction; how many rows it changed."""
        return run_together(session, [(self, values)])[0]


def run_together(
    session: Session, changes: Sequence[tuple[CompiledChange, Mapping[str, Any]]]
) -> list[int]:
    """Run changes one after the other in the session's transaction; the rows each changed.

    PostgreSQL gets them all in one round trip.
    """
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    cursors = []
    with driver.pipeline() if len(changes) > 1 and hasattr(driver, "pipeline") else nullcontext():
        for change, values in changes:
            cursor = driver.cursor()
            cursors.append(cursor)
            cursor.execute(*change.for_driver(connection.dialect, values))
    counts = [int(cursor.rowcount) for cursor in cursors]
    for cursor in cursors:
        cursor.close()
    return counts
