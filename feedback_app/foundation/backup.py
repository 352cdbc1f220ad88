"""A consistent copy of the whole database in one archive, readable by any database we run on.

The archive is a ZIP of one manifest, the settings, and one JSON-lines file per table. It
holds no batch keys: whoever steals a backup can open no sealed answer, and neither can
whoever restores it on another machine.
"""

from __future__ import annotations

import base64
import io
import json
import os
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    Table,
    Uuid,
    false,
    func,
    select,
)
from sqlalchemy.types import TypeEngine

from feedback_app.foundation import schema
from feedback_app.foundation.db import Database, UtcDateTime, utc_now
from feedback_app.foundation.rules import Unable

FORMAT = "feedback_app backup 1"
CHUNK = 1000  # rows held in memory at once


class UnableToBackUp(Unable):
    """The archive can not be written."""


class UnableToRestore(Unable):
    """The archive is not ours, not of this release, or the database is not empty."""


def write_backup(
    database: Database, path: Path, *, tables: Sequence[Table], settings: dict[str, str]
) -> dict[str, int]:
    """Write every row of `tables` and the `settings` to `path`; rows per table.

    All tables are read in one snapshot, so people may go on answering meanwhile. The file
    appears whole or not at all. Raises UnableToBackUp.
    """
    partial = path.with_name(f"{path.name}.partial")
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            counts = _write_archive(database, file, tables, settings)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UnableToBackUp(f"{path} can not be written ({error.strerror}).") from error
    return counts


def read_manifest(path: Path) -> dict[str, Any]:
    """The archive's manifest. Raises UnableToRestore when it is no backup of ours."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read("manifest.json"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise UnableToRestore(f"{path} is not a backup of feedback_app.") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UnableToRestore(f"{path} is not a backup that this release can read.")
    if manifest.get("schema") != schema.get_head():
        raise UnableToRestore(
            f"{path} was written at schema {manifest.get('schema')}, this release needs "
            f"{schema.get_head()}: restore it with the release that wrote it, then upgrade."
        )
    return manifest


def restore_backup(
    database: Database, path: Path, *, tables: Sequence[Table], seeded: Sequence[str]
) -> tuple[dict[str, int], dict[str, str]]:
    """Bring the archive at `path` into an empty, migrated database; rows per table, settings.

    `seeded` names tables that a fresh installation has filled by itself; their rows give
    way. One transaction: a failure leaves the database as it was. Raises UnableToRestore.
    """
    read_manifest(path)
    with zipfile.ZipFile(path) as archive, database.writing() as session:
        connection = session.connection()
        for table in tables:
            if table.name not in seeded and connection.scalar(
                select(func.count()).select_from(table)
            ):
                raise UnableToRestore(f"The database is not empty: {table.name} holds rows.")
        for table in reversed(tables):
            if table.name in seeded:
                connection.execute(table.delete())
        counts = {table.name: _load(connection, archive, table) for table in tables}
        settings = json.loads(archive.read("settings.json"))
    if not database.is_sqlite:
        _advance_sequences(database, tables)
    return counts, settings


def _write_archive(
    database: Database, file: io.BufferedRandom, tables: Sequence[Table], settings: dict[str, str]
) -> dict[str, int]:
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        database.reader.connect() as plain,
    ):
        level = None if database.is_sqlite else "REPEATABLE READ"
        connection = plain.execution_options(isolation_level=level) if level else plain
        counts = {table.name: _dump(connection, archive, table) for table in tables}
        manifest = {
            "format": FORMAT,
            "schema": schema.find_revision(database),
            "written_at": utc_now().isoformat(timespec="seconds"),
            "rows": counts,
        }
        archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        archive.writestr("settings.json", json.dumps(settings, indent=1))
    return counts


def _dump(connection: Connection, archive: zipfile.ZipFile, table: Table) -> int:
    writers = [_writer(column.type) for column in table.columns]
    rows = connection.execution_options(yield_per=CHUNK).execute(
        select(table).order_by(*table.primary_key.columns)
    )
    count = 0
    with archive.open(f"{table.name}.jsonl", "w") as file:
        for row in rows:
            values = [write(value) for write, value in zip(writers, row, strict=True)]
            file.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _load(connection: Connection, archive: zipfile.ZipFile, table: Table) -> int:
    names = [column.name for column in table.columns]
    readers = [_reader(column.type) for column in table.columns]
    count = 0
    for lines in _chunks(archive, f"{table.name}.jsonl"):
        rows = [
            {
                name: None if value is None else read(value)
                for name, read, value in zip(names, readers, json.loads(line), strict=True)
            }
            for line in lines
        ]
        connection.execute(table.insert(), rows)
        count += len(rows)
    return count


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[list[bytes]]:
    with archive.open(name) as file:
        lines: list[bytes] = []
        for line in file:
            lines.append(line)
            if len(lines) == CHUNK:
                yield lines
                lines = []
        if lines:
            yield lines


def _writer(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    if isinstance(kind, LargeBinary):
        return lambda value: None if value is None else base64.b64encode(value).decode()
    if isinstance(kind, Uuid):
        return lambda value: None if value is None else value.hex
    if isinstance(kind, (Date, DateTime, UtcDateTime)):
        return lambda value: None if value is None else value.isoformat()
    if isinstance(kind, JSON):
        return lambda value: value
    return lambda value: list(value) if isinstance(value, list) else value


def _reader(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    if isinstance(kind, LargeBinary):
        return base64.b64decode
    if isinstance(kind, Uuid):
        return uuid.UUID
    if isinstance(kind, (DateTime, UtcDateTime)):
        return datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    return lambda value: value


def _advance_sequences(database: Database, tables: Sequence[Table]) -> None:
    """PostgreSQL counts ids by itself: it must go on after the restored ones."""
    with database.writing() as session:
        for table in tables:
            column = table.autoincrement_column
            if column is not None:
                highest = session.scalar(select(func.max(column))) or 0
                sequence = func.pg_get_serial_sequence(table.name, column.name)
                session.execute(select(func.setval(sequence, highest + 1, false())))
