"""`column IN (…)` with one bound value however many there are.

The statement's text is always the same: SQLAlchemy expands nothing and PostgreSQL prepares it
once. Worth it where the same statement runs hundreds of times a minute.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Text,
    TypeDecorator,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import bindparam
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _Listed(TypeDecorator[Any]):
    """An array on PostgreSQL, a JSON list on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """How it is handed over."""
        is_postgresql = dialect.name == "postgresql"
        return dialect.type_descriptor(ARRAY(self.item) if is_postgresql else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """The values as the driver takes them."""
        if dialect.name == "postgresql":
            return value
        process = self.item.dialect_impl(dialect).bind_processor(dialect)
        return json.dumps(value if process is None else [process(each) for each in value])


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """As it is: `… = 1` around it, which a function gets on SQLite, would hide the index."""
        return self


def among(column: Column[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """True for rows whose `column` is one of `values`."""
    listed = bindparam(None, list(values), type_=_Listed(column.type), unique=True)
    return _Among(column, listed)


def among_named(column: Column[Any], name: str) -> ColumnElement[bool]:
    """The same for a CompiledStatement, whose values come later under `name`."""
    listed: BindParameter[Any] = bindparam(name, type_=_Listed(column.type))
    return _Among(column, listed)


@compiles(_Among, "postgresql")
def _as_array(element: _Among, compiler: Any, **options: Any) -> str:
    column, listed = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} = ANY ({listed})"


@compiles(_Among, "sqlite")
def _as_json(element: _Among, compiler: Any, **options: Any) -> str:
    column, listed = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({listed}))"  # noqa: S608  both compiled
