"""What can be read out of a PostgreSQL server's hidden columns, pages and write-ahead log."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import psycopg

from tests.databases import PostgresServer
from tests.security.guessing import Opening

INSERT = re.compile(r"tx:\s+(\d+),.* desc: INSERT\S* off[:=]? (\d+).* blk (\d+)")


@dataclass(frozen=True)
class Trace:
    """One row as the storage knows it: who wrote it, where it lies."""

    id: UUID
    writer: int  # the transaction
    place: tuple[int, int]  # page, item
    segments: tuple[str, str]
    language: str = ""


class Thief:
    """A copy of the whole server after everything happened, and looks at it meanwhile."""

    def __init__(self, server: PostgresServer, name: str) -> None:
        self.server = server
        self.name = name
        self._used: dict[UUID, Trace] = {}

    def connect(self) -> psycopg.Connection:
        """The stolen database, opened as its owner."""
        return self.server.connect(self.name)

    def watch(self) -> None:
        """Note who used his invitation before anything else writes to its row."""
        query = (
            "SELECT id, xmin::text::int8, ctid::text, segments->>0, segments->>1, ''"
            " FROM invitation WHERE is_used AND id <> ALL (%s)"
        )
        for each in self._traces(query, [list(self._used)]):
            self._used[each.id] = each

    def invitations(self) -> list[Trace]:
        """Used invitations in the order of the transactions that used them."""
        return sorted(self._used.values(), key=lambda each: each.writer)

    def tokens(self) -> list[int]:
        """Transactions that spent a form, in their order."""
        with self.connect() as connection:
            rows = connection.execute("SELECT xmin::text::int8 FROM spent_form_token").fetchall()
        return sorted(row[0] for row in rows)

    def answers(self) -> list[Trace]:
        """Opened answers in the order they lie on the pages."""
        query = (
            "SELECT id, xmin::text::int8, ctid::text, segment_1, segment_2, language FROM answer"
        )
        return sorted(self._traces(query), key=lambda each: (each.writer, each.place))

    def _traces(self, query: str, values: list[object] | None = None) -> Iterator[Trace]:
        with self.connect() as connection:
            rows = connection.execute(query, values)
            for id_, writer, place, first, second, language in rows:
                page, item = map(int, place.strip("()").split(","))
                yield Trace(id_, writer, (page, item), (first, second), language)

    def places_in_log(self, table: str) -> dict[tuple[int, int], int]:
        """(page, item) -> its rank in the order of inserts that the write-ahead log holds."""
        with self.connect() as connection:
            row = connection.execute(
                "SELECT pg_relation_filenode(%s::regclass), d.oid, t.oid,"
                " pg_walfile_name(pg_current_wal_lsn())"
                " FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace"
                " WHERE d.datname = current_database()",
                [table],
            ).fetchone()
        assert row is not None
        file, database, space, last = row
        folder = self.server.data / "pg_wal"
        first = min(path.name for path in folder.iterdir() if len(path.name) == 24)
        dump = subprocess.run(
            [
                *(self.server.programs / "pg_waldump", "--path", folder),
                *("--rmgr", "Heap", "--relation", f"{space}/{database}/{file}"),
                *(first, last),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        inserts = [match for match in map(INSERT.search, dump.stdout.splitlines()) if match]
        assert inserts, dump.stderr
        return {(int(match[3]), int(match[2])): rank for rank, match in enumerate(inserts)}

    def dead_boxes(self) -> list[tuple[int, int]]:
        """(transaction that put it in, transaction that opened it) of boxes not yet swept away."""
        with self.connect() as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
            return connection.execute(
                "SELECT t_xmin::text::int8, t_xmax::text::int8"
                " FROM generate_series(0, pg_relation_size('box') / 8192 - 1) AS page,"
                " heap_page_items(get_raw_page('box', page::int))"
                " WHERE t_xmin IS NOT NULL AND t_xmax::text <> '0'"
            ).fetchall()


def openings(invitations: list[Trace], answers: list[Trace]) -> list[Opening]:
    """Which invitations an opening held: those of its segments, earlier and not yet opened."""
    found: list[Opening] = []
    waiting = list(invitations)
    for key in dict.fromkeys((each.writer, each.segments) for each in answers):
        writer, segments = key
        appeared = [each for each in answers if (each.writer, each.segments) == key]
        arrived = [each for each in waiting if each.segments == segments and each.writer < writer]
        gone = {each.id for each in arrived}
        waiting = [each for each in waiting if each.id not in gone]
        found.append(Opening([each.id for each in arrived], [each.id for each in appeared]))
    return found


def same_transaction(invitations: list[Trace], answers: list[Trace]) -> dict[UUID, UUID]:
    """The attack that any plaintext store falls to: both rows carry one transaction's number."""
    owner = {each.writer: each.id for each in invitations}
    return {each.id: owner[each.writer] for each in answers if each.writer in owner}
