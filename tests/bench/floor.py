"""The floor under a respondent's POST: the smallest Flask view that stores a row.

Raw sqlite3 or psycopg, one INSERT, one commit, the same durability as the product; served by the
same server with the same processes and threads. FLOOR_DATABASE names the database.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import uuid

import psycopg
from flask import Flask, request

DATABASE = os.environ.get("FLOOR_DATABASE", "")
TABLE = "CREATE TABLE IF NOT EXISTS floor (id TEXT PRIMARY KEY, body TEXT NOT NULL)"


def make_app() -> Flask:
    """One route, one row."""
    app = Flask(__name__)
    store = _store_postgresql if DATABASE.startswith("postgresql") else _store_sqlite

    @app.post("/floor")
    def floor() -> tuple[str, int]:
        store(request.get_data(as_text=True))
        return "", 204

    return app


_local = threading.local()


def _store_postgresql(body: str) -> None:
    connection = getattr(_local, "connection", None)
    if connection is None:
        connection = _local.connection = psycopg.connect(DATABASE)
    with connection.transaction():
        connection.execute("INSERT INTO floor VALUES (%s, %s)", (uuid.uuid4().hex, body))


def _store_sqlite(body: str) -> None:
    connection = getattr(_local, "connection", None)
    if connection is None:
        connection = _local.connection = sqlite3.connect(DATABASE, timeout=20, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    # The same queue as the product's: the floor shall not lose to the busy handler's sleeps.
    turn = os.open(f"{DATABASE}.turn", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        connection.execute("INSERT INTO floor VALUES (?, ?)", (uuid.uuid4().hex, body))
    finally:
        os.close(turn)
