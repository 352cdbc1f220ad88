"""The database: one declarative base, sessions that read and sessions that write.

Reading sessions can not write: PostgreSQL opens them READ ONLY, SQLite with
`query_only`, so a GET that stores something fails instead of slipping through.

On SQLite writers queue on a lock file before they begin. Its own busy handler backs off
by sleeping, which costs hundreds of milliseconds under two writing processes; a queue
costs tens (measured: p99 180-470 ms against 12-30 ms at the same throughput).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    PoolProxiedConnection,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import DeclarativeBase, Session

from feedback_app.foundation.shared_commit import SharedCommit

SQLITE_BUSY_SECONDS = 20

T = TypeVar("T")


class Base(DeclarativeBase):
    """Parent of every table; constraint names are predictable so migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, always UTC: SQLite would silently drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive datetime is a programming error."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a datetime without a time zone was about to be stored")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again, whatever the database kept."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def utc_now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def utc_today() -> date:
    """Today's date in UTC."""
    return utc_now().date()


def insert_if_absent(session: Session, model: type[Base]) -> Any:
    """An INSERT into `model`'s table that does nothing where a unique row is there already.

    rowcount tells which: 1 stored, 0 already there.
    """
    return _insert_if_absent(session.get_bind().dialect.name, model)


@cache
def _insert_if_absent(dialect: str, model: type[Base]) -> Any:
    maker = postgresql if dialect == "postgresql" else sqlite
    return maker.insert(model.__table__).on_conflict_do_nothing()


def changed_rows(
    session: Session, statement: Executable, values: Mapping[str, Any] | None = None
) -> int:
    """Execute an INSERT, UPDATE or DELETE with its bound `values`; how many rows it changed."""
    # Else the count of an INSERT is lost on PostgreSQL: its cursor is closed before it is read.
    options = {"preserve_rowcount": True}
    result = (
        session.execute(statement, execution_options=options)
        if values is None
        # A table's own statement needs nothing of the session, which costs as much as running it.
        else session.connection().execute(statement, values, execution_options=options)
    )
    if not isinstance(result, CursorResult):
        raise TypeError("the statement returns rows")
    return int(result.rowcount)


class Database:
    """Engines for one database and its reading replica; hands out sessions.

    `writing()` commits when the block ends and rolls back when it raises.
    `reading()` and `reports()` always roll back.
    """

    def __init__(self, url: str, *, reports_url: str | None = None) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = _make_engine(self.url, is_writing=True)
        self._reader = _make_engine(self.url, is_writing=False)
        self._kept: PoolProxiedConnection | None = None
        self._shared = SharedCommit(self._driver_transaction) if self.is_sqlite else None
        self._single = self._writer if self.is_sqlite else _make_single_engine(self.url)
        self._reports = (
            self._reader
            if reports_url in (None, url)
            else _make_engine(make_url(reports_url or url), is_writing=False)
        )

    @property
    def writer(self) -> Engine:
        """The engine that may write (migrations and tests; rooms use sessions)."""
        return self._writer

    @property
    def reader(self) -> Engine:
        """The engine that may only read."""
        return self._reader

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that can not write."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def reports(self) -> Iterator[Session]:
        """A reading session on the replica that reports use."""
        with Session(self._reports, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in one transaction; commits at the end of the block."""
        with self.opened_for_writing() as session:
            yield session
            session.commit()

    @contextmanager
    def opened_for_writing(self) -> Iterator[Session]:
        """A session that may write and leaves the commit to the caller; else it rolls back."""
        with self._turn(), Session(self._writer, expire_on_commit=False) as session:
            yield session

    def write_at_once(self, work: Callable[[Any], T]) -> T:
        """Run `work` on a driver connection, in a transaction of its own that is committed.

        For the few writes that come by the thousand. On SQLite those that come at the same
        moment are committed together (see SharedCommit); on PostgreSQL the connection is in
        autocommit, so `work` must be one statement. Either way it has to leave nothing behind
        that would have to be undone.
        """
        if self._shared is not None:
            return self._shared.run(work)
        with closing(self._single.raw_connection()) as connection:
            return work(connection.driver_connection)

    @contextmanager
    def _driver_transaction(self) -> Iterator[Any]:
        if self._kept is None:
            self._kept = self._writer.raw_connection()
            self._kept.detach()  # one thread at a time comes here, thousands of times
        connection: Any = self._kept.dbapi_connection
        with self._turn():
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The right to write: on SQLite one writer at a time, first come, first served."""
        if not self.is_sqlite or self.url.database in (None, "", ":memory:"):
            yield
            return
        descriptor = os.open(f"{self.url.database}.turn", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def forget_old_pages(self) -> None:
        """Empty SQLite's write-ahead log, which still holds pages from before the last commit."""
        if self.is_sqlite:
            # A driver connection: the engine's begins a transaction, which a checkpoint refuses.
            with self._turn(), closing(self._writer.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def dispose(self) -> None:
        """Close every connection."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        for engine in {self._writer, self._reader, self._reports, self._single}:
            engine.dispose()


def _make_engine(url: URL, *, is_writing: bool) -> Engine:
    if url.get_backend_name() != "sqlite":
        # Opening a batch waits for its lock and must then see what was committed meanwhile; a
        # server set to a stricter level would lose those answers. Who only reads needs no
        # BEGIN and no ROLLBACK around a page's few SELECTs: two round trips less; the server
        # itself refuses to write for those connections.
        engine = create_engine(
            url,
            pool_size=8,
            max_overflow=8,
            pool_pre_ping=False,
            isolation_level="READ COMMITTED" if is_writing else "AUTOCOMMIT",
            hide_parameters=True,  # an error's message never shows what was being stored
        )
        if not is_writing:
            event.listen(engine, "connect", _refuse_to_write)
        return engine
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": SQLITE_BUSY_SECONDS}, hide_parameters=True)
    _prepare_sqlite(engine, is_writing=is_writing)
    return engine


def _make_single_engine(url: URL) -> Engine:
    """For statements that are a transaction by themselves: one round trip instead of three."""
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=8,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,  # nothing is ever begun
        hide_parameters=True,
    )
    event.listen(engine, "connect", _read_what_is_committed)
    return engine


def _read_what_is_committed(connection: Any, _record: Any) -> None:
    connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED")


def _refuse_to_write(connection: Any, _record: Any) -> None:
    connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    connection.commit()


def _prepare_sqlite(engine: Engine, *, is_writing: bool) -> None:
    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: it would begin late and
        # deferred, and a deferred writer fails instead of waiting.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # an acknowledged answer survives a power cut
            "foreign_keys=ON",
            "secure_delete=ON",  # deleted boxes leave no readable cells behind
            "cache_size=-2000",
            "temp_store=MEMORY",
            *(() if is_writing else ("query_only=ON",)),
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
