"""What a map says, how a row is read by it, and which rows of a file are in already."""

from __future__ import annotations

from feedback_app.imports.rules.identity import Ledger, RowKeys, Standing
from feedback_app.imports.rules.mapping import (
    SKIP,
    ImportMap,
    UnableToReadMap,
    read_map,
    unify_spelling,
)
from feedback_app.imports.rules.rows import Reading, RowReader, UnableToReadRow
from feedback_app.imports.rules.segments import UnableToPlaceSegments, place_segments

__all__ = [
    "SKIP",
    "ImportMap",
    "Ledger",
    "Reading",
    "RowKeys",
    "RowReader",
    "Standing",
    "UnableToPlaceSegments",
    "UnableToReadMap",
    "UnableToReadRow",
    "place_segments",
    "read_map",
    "unify_spelling",
]
