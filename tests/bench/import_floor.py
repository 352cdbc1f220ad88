"""The floor that the import of answers is measured against: see import_answers."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
import uuid
from pathlib import Path

COLUMNS = (
    *("id", "survey_id", "opened_on", "channel", "language", "segment_1", "segment_2"),
    *("segment_3", "cause_set", "primary_cause", "codebook", "competitor", "offers"),
    *("has_text", "document"),
)


def store_bare(file: str, database: str) -> None:
    """The floor: rows with a reason, straight from the reader into the table."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA foreign_keys=OFF")
    survey = uuid.uuid4().hex
    statement = (
        f"INSERT INTO answer ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
    )
    with Path(file).open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.reader(lines)
        place = {name: number for number, name in enumerate(next(rows))}
        reason, day = place["reason"], place["created_at"]
        kind, text = place["survey_type"], place["details"]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            statement,
            (
                (
                    *(uuid.uuid4().hex, survey, row[day][:10], row[kind], "", row[kind], "", ""),
                    *(row[reason][:60], row[reason][:60], 1, "", "", row[text] != ""),
                    json.dumps({"reasons": {"ticked": [row[reason]]}, "more": row[text]}),
                )
                for row in rows
                if row[reason]
            ),
        )
        connection.execute("COMMIT")


if __name__ == "__main__":
    store_bare(*sys.argv[1:])
