"""Statements that run thousands of times a minute: compiled once, then handed to the driver.

SQLAlchemy's way through a statement costs several times what the statement itself does.
These keep its compiler and its types and leave out the rest, so use them where a bench says
that it matters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Delete, Engine, Insert, Select, Update


class CompiledStatement:
    """A statement of tables with named `bindparam`s; a list of values by `among_named`."""

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


class Asker:
    """One connection that only reads, kept open: each question sees what is committed by then."""

    def __init__(self, reader: Engine) -> None:
        self._dialect = reader.dialect
        self._pooled = reader.raw_connection()

    def ask(self, question: CompiledStatement, values: Mapping[str, Any]) -> list[Any]:
        """The rows that the SELECT finds, as the driver gives them."""
        cursor = self._pooled.cursor()
        try:
            cursor.execute(*question.for_driver(self._dialect, values))
            return list(cursor.fetchall())
        finally:
            cursor.close()

    def close(self) -> None:
        """Give the connection back."""
        self._pooled.close()
